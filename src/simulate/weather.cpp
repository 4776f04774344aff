#include "simulate/weather.hpp"

#include <cmath>
#include <numbers>

namespace loadstar::simulate {
namespace {

/// Season and time of day; the year is warmest around 25 July and the day around 15:00 by the sun.
double expected_temperature(const Climate& climate, Instant instant) {
    const auto day = std::chrono::floor<std::chrono::days>(instant);
    const std::chrono::year_month_day date(day);
    const auto warmest = std::chrono::sys_days(date.year() / std::chrono::July / 25);
    const double season = static_cast<double>((day - warmest).count()) / 365.25;
    const double sun_hour = to_hours(instant - Instant(day)).value() + climate.place.longitude / 15;
    return climate.mean_temperature + climate.seasonal_swing * std::cos(2 * std::numbers::pi * season) +
           climate.daily_swing * std::cos(2 * std::numbers::pi * (sun_hour - 15) / 24);
}

/// One step of a process of mean 0 and variance 1 that forgets with `memory`.
double advance(double value, Duration length, Duration memory, double innovation) {
    const double kept = std::exp(-to_hours(length) / to_hours(memory));
    return kept * value + std::sqrt(1 - kept * kept) * innovation;
}

/// Share of a clear sky's light: 0.15 under thick cloud, 1 when clear.
double passing_share(double cloud) { return 0.15 + 0.85 / (1 + std::exp(-1.5 * (0.3 - cloud))); }

}  // namespace

Weather WeatherProcess::step(Instant instant, Duration length) {
    warmth_ = advance(warmth_, length, climate_.temperature_memory, random_.normal());
    cloud_ = advance(cloud_, length, climate_.cloud_memory, random_.normal());
    return {.temperature = expected_temperature(climate_, instant) + climate_.temperature_noise * warmth_,
            .irradiance = clear_sky_irradiance(climate_.place, instant + length / 2) * passing_share(cloud_)};
}

}  // namespace loadstar::simulate
