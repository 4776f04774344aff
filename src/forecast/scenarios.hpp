#pragma once
#include "forecast/day_ahead.hpp"

namespace loadstar::forecast {

/// Draws equally likely paths over consecutive days whose dependence in time is that of past outcomes.
///
/// Each scenario follows one stretch of past days: where their outcomes ranked among the stretches, slot by slot, it
/// ranks in the forecast distribution. The marginal distributions are the forecast's own; beyond the outer levels they
/// are continued in a straight line.
/// @param quantiles  of `days` consecutive days                                        [day][slot][level]
/// @param past       forecasts of past days whose outcomes `seen` knows; at least quantiles.size() of them
/// @return           [scenario][day * slots + slot]; empty when the past is too short
/// Source: Clark et al. 2004 (Schaake shuffle); Schefzik et al. 2013 (ensemble copula coupling).
std::vector<std::vector<double>> draw_scenarios(const std::vector<DayQuantiles>& quantiles, const QuantileRecord& past,
                                                const features::Seen& seen, int count);

/// Where a value stands among the nine levels, continued in a straight line beyond them: below 0 and above 1 too. A
/// value that several levels share stands in their middle.
double standing_of(double value, const std::array<double, level_count>& quantiles);
/// The same as a probability, 0..1.
double probability_of(double value, const std::array<double, level_count>& quantiles);
/// The value at a probability, continued beyond the outer levels.
double value_at_probability(double probability, const std::array<double, level_count>& quantiles);

}  // namespace loadstar::forecast
