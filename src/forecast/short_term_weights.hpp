#pragma once
// How much each member of a short-term forecast counts, by what it said of slots that it had not learnt from.

#include <optional>
#include <vector>

#include "forecast/short_term_members.hpp"
#include "forecast/simplex.hpp"

namespace loadstar::forecast {

/// Forecasts of one step that were made without knowing the outcomes.
struct TriedStep {
    std::vector<std::optional<double>> outcomes{};  ///< [slot], empty where nothing was measured
    std::vector<MemberPoints> said{};               ///< [slot]
};

/// Weights of the members at one step.
struct StepWeights {
    Weights median;  ///< least absolute error
    Weights mean;    ///< least squared error
};

/// Finds one set of weights for all steps together; each step starts from it and moves a little.
/// @return  [step]
std::vector<StepWeights> weigh_members(const std::vector<TriedStep>& steps);

double mixed(const MemberPoints& points, const Weights& weights);

}  // namespace loadstar::forecast
