#pragma once
#include "forecast/day_ahead.hpp"

namespace loadstar::forecast {

/// Turns points into quantiles by the errors of the method's own past forecasts (split conformal prediction).
///
/// Errors of the last 56 known days are pooled by hour of the day and by whether the day is a working day. Where a pool
/// holds fewer than 20 errors, the errors of all hours are taken; with no past forecast at all, the spread of the known
/// values around their median.
/// @param past  forecasts of earlier days; only days whose outcome was known when `day` was predicted are read
/// Source: Lei et al. 2018, Distribution-free predictive inference for regression, sec. 2.2.
DayQuantiles with_residual_bands(const DayPoints& points, const PointRecord& past, const features::Seen& seen, int day);

/// Same for each day of a record, with the days before it as its past.
QuantileRecord with_residual_bands(const PointRecord& record, const features::DayGrid& grid, const IssueRule& rule);

}  // namespace loadstar::forecast
