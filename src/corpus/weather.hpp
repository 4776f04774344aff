#pragma once
// Weather at a works: what heating, cooling and generation follow.

#include "corpus/clock.hpp"
#include "corpus/row.hpp"

namespace loadstar::corpus {

/// Outdoor temperature, °C: a year, days that differ in how wide they swing, fronts that pass.
void make_temperature(Random& random, const Clock& clock, Row row);

/// Irradiance as a share of the strongest: the height of the sun times what clouds let through; 0 at night.
void make_irradiance(Random& random, const Clock& clock, Row row);

/// Wind speed, m/s.
void make_wind_speed(Random& random, const Clock& clock, Row row);

/// A forecast of `actual`, issued once a day: its error has memory and grows from one issue to the next.
/// @param error  at the end of the day, as a share of the deviation of the row
void make_forecast(Random& random, const Clock& clock, ConstRow actual, double error, Row row);

}  // namespace loadstar::corpus
