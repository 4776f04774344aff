#pragma once
// What a meter should have shown.

#include <string>
#include <vector>

#include "base/text.hpp"
#include "base/time_zone.hpp"
#include "detect/score.hpp"
#include "forecast/forecast.hpp"
#include "series/series.hpp"
#include "site/calendar.hpp"

namespace loadstar::detect {

/// What was expected of a meter, and by whom.
struct Expectation {
    std::string name;     ///< "forecast", "profile", "drivers"
    Series expected;      ///< same axis as the measured series
    Text explained_by{};  ///< kinds of drivers: "temperature and production"; empty when it has none
    Centre centre = Centre::recent;
};

/// What the meter usually does: median of the same slot on the last eight days of the same class (of the same type
/// while there are fewer than two), at least a week old, so that a fault of the last days does not hide itself. Sees
/// nothing later than the slot it predicts.
Expectation profile_expectation(const Series& measured, const TimeZone& zone, const WorkCalendar& calendar);

/// The medians of day-ahead forecasts on the axis of `measured`; slots that no forecast covers are missing.
Expectation forecast_expectation(const Series& measured, const std::vector<forecast::Forecast>& forecasts);

/// What the meter should have shown given what is known after the fact: calendar, temperature, pieces, machine states.
///
/// The normalised baseline of energy management: a ridge regression on the drivers, fitted every week on all earlier
/// slots, older ones counting less, each at least a week old and the less the further it lay from what was expected of
/// it. A driver that is missing counts as usual; a slot at which most are missing has no expectation.
/// @param drivers  at least one, on the axis of `measured`
/// Source: ISO 50006:2014, energy baselines; Hoerl & Kennard 1970.
Expectation drivers_expectation(const Series& measured, const std::vector<Series>& drivers, const TimeZone& zone,
                                const WorkCalendar& calendar);

}  // namespace loadstar::detect
