#pragma once
// The next two hours: forecasts issued after every slot, which know what the plant does at this moment.

#include <vector>

#include "base/progress.hpp"
#include "forecast/score.hpp"
#include "forecast/short_term_members.hpp"
#include "forecast/short_term_weights.hpp"

namespace loadstar::forecast {

struct ShortTermSettings {
    int steps = 8;  ///< slots ahead that are predicted
    ShortTermTrees trees{};
};

/// The next slots as they were predicted at one moment.
struct ShortTermForecast {
    features::Cell end;                                      ///< the first slot predicted; all before it was known
    std::vector<double> mean;                                ///< [step], unit of the target: least squared error
    std::vector<std::array<double, level_count>> quantiles;  ///< [step][level]; the median: least absolute error
    std::vector<MemberPoints> members;                       ///< [step]
};

/// Forecasts of the next slots by a blend of persistence, a ridge and boosted trees, each step ahead with models and
/// weights of its own.
///
/// The members are first fitted without the latest weeks and tried on them: from that follow two sets of weights, for
/// the least absolute error (median) and the least squared error (mean), and the errors that tell the uncertainty. Then
/// all are fitted on everything. Quantiles are recalibrated with each day whose outcome becomes known.
class ShortTermModel {
  public:
    explicit ShortTermModel(ShortTermSettings settings) : settings_(std::move(settings)) {}

    /// Learns from the slots of the days before `end`. With less than about nine weeks it learns nothing and stays
    /// unready. Errors: cancelled, internal.
    Result<void> fit(const features::DayGrid& grid, int end, Progress& progress);
    [[nodiscard]] bool ready() const { return !steps_.empty(); }
    /// Forecasts at every issue of a span, each with what was known then. Issues before the end of the fit are left
    /// out. @return  empty when the model is not ready. Errors: cancelled.
    [[nodiscard]] Result<std::vector<ShortTermForecast>> forecast(const features::DayGrid& grid, IssueSpan issues,
                                                                  Progress& progress) const;

  private:
    struct Step {
        StepModels models;
        StepWeights weights;
        PointRecord past{};  ///< medians of the days on which the weights were found
    };
    void add_step(std::vector<ShortTermForecast>& forecasts, features::ShortTermFeatures& features,
                  const features::DayGrid& grid, int ahead) const;

    ShortTermSettings settings_;
    std::vector<Step> steps_;
    int end_ = 0;  ///< first day that was not learnt from
};

}  // namespace loadstar::forecast
