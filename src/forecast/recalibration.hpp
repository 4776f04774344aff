#pragma once
#include "forecast/day_ahead.hpp"

namespace loadstar::forecast {

/// Moves the levels of forecasts, day after day, so that each is exceeded as often as it says.
///
/// Two corrections, each of what was known when a day was predicted. First, where the outcomes of the last four weeks
/// stood in their own forecasts: if they fell below the 0.9 quantile only 8 times in 10, the new 0.9 quantile is read
/// further out, where 9 in 10 would have fallen; few days move little. Then the spread follows the cover of the 80 %
/// interval after the first step: every day that it held less than it promised widens the next ones, and back. Days of
/// all types count together: apart, there are too few of each to gain more than is lost.
/// @param record  consecutive days as predicted; earlier ones are the past of later ones, the first have none
/// Source: Kuleshov et al. 2018, Accurate uncertainties for deep learning using calibrated regression, sec. 3; Gibbs &
/// Candes 2021, Adaptive conformal inference under distribution shift, eq. 2.
QuantileRecord recalibrated(const QuantileRecord& record, const features::DayGrid& grid, const IssueRule& rule);

}  // namespace loadstar::forecast
