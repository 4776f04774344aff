#pragma once
// What an import path costs under plan terms: the objective of a plan, evaluated without the optimiser.

#include <string>
#include <vector>

#include "tariff/terms.hpp"

namespace loadstar::tariff {

/// Cost of one charge term.
struct LineCost {
    std::string line;
    std::string name;
    double amount = 0;  ///< money, not rounded
};

/// Evaluates terms that went through plan_terms, in the order energy, blocks, peaks, fixed.
/// @param import_kw  [slot], mean power over the slots of the terms; export negative
std::vector<LineCost> line_costs(const ChargeTerms& terms, const std::vector<double>& import_kw);

/// The part of the cost that the path decides: energy, and what its peaks and blocks add to what is due
/// anyway.
double decided_cost(const ChargeTerms& terms, const std::vector<double>& import_kw);

/// Demand that a term measures, kW or its own unit: the largest mean over the metering intervals that count, or the
/// mean or sum of named ones; zero when none does. Export does not offset import within an interval: the register of
/// imports, which the bill reads, only grows. A part-filled last interval is left out.
double largest_interval_mean(const PeakTerm& term, Duration step, const std::vector<double>& import_kw);

}  // namespace loadstar::tariff
