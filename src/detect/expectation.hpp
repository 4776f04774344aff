#pragma once
// What a meter should have shown.

#include <string>
#include <vector>

#include "base/time_zone.hpp"
#include "forecast/forecast.hpp"
#include "series/series.hpp"
#include "site/calendar.hpp"

namespace loadstar::detect {

/// What was expected of a meter, and by whom.
struct Expectation {
    std::string name;  ///< "forecast", "profile"
    Series expected;   ///< same axis as the measured series
};

/// What the meter usually does: median of the same slot on the last eight days of the same class (of the same type
/// while there are fewer than two), at least a week old, so that a fault of the last days does not hide itself. Sees
/// nothing later than the slot it predicts.
Expectation profile_expectation(const Series& measured, const TimeZone& zone, const WorkCalendar& calendar);

/// The medians of day-ahead forecasts on the axis of `measured`; slots that no forecast covers are missing.
Expectation forecast_expectation(const Series& measured, const std::vector<forecast::Forecast>& forecasts);

}  // namespace loadstar::detect
