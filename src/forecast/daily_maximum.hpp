#pragma once
#include <optional>

#include "forecast/feature_table.hpp"

namespace loadstar::forecast {

/// Quantiles of one number of a day.
using LevelValues = std::array<double, level_count>;

/// Forecasts the largest slot of a local day, as its own target: the largest median of a day's slots is too low, since
/// peaks do not come when they are expected.
///
/// Nine simple forecasts are mixed - the maxima of the latest days of the same type, and the largest slot of the day's
/// forecast at several levels - each the more the less it missed over the last four weeks. Quantiles follow from the
/// mixture's own errors over the past.
/// @param forecast  of the day
/// @param past      forecasts of earlier days; only days whose outcome was known when `day` was predicted are read
/// @param table     of the grid and the rule of all of them
/// @return          unit of the target; nothing with less than two weeks of past forecasts
/// Source: combination by inverse error, Bates & Granger 1969; errors as in Lei et al. 2018, sec. 2.2.
std::optional<LevelValues> daily_maximum(const DayQuantiles& forecast, const QuantileRecord& past,
                                         const FeatureTable& table, int day);

}  // namespace loadstar::forecast
