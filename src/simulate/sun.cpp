#include "simulate/sun.hpp"

#include <cmath>
#include <numbers>

namespace loadstar::simulate {
namespace {

constexpr double radians = std::numbers::pi / 180;

/// How far the sun runs ahead of a clock on the same meridian, in minutes.
double equation_of_time(double day_of_year) {
    const double angle = 2 * std::numbers::pi * (day_of_year - 1) / 365;
    return 229.18 * (0.000075 + 0.001868 * std::cos(angle) - 0.032077 * std::sin(angle) -
                     0.014615 * std::cos(2 * angle) - 0.040849 * std::sin(2 * angle));
}

}  // namespace

double sine_of_sun_height(const Place& place, Instant instant) {
    const auto day = std::chrono::floor<std::chrono::days>(instant);
    const std::chrono::year_month_day date(day);
    const auto new_year = std::chrono::sys_days(date.year() / std::chrono::January / 1);
    const double day_of_year = 1 + static_cast<double>((day - new_year).count());
    const double utc_hour = to_hours(instant - Instant(day)).value();
    const double sun_hour = utc_hour + place.longitude / 15 + equation_of_time(day_of_year) / 60;
    const double declination = 23.45 * radians * std::sin(2 * std::numbers::pi * (284 + day_of_year) / 365);
    const double latitude = place.latitude * radians;
    return std::sin(latitude) * std::sin(declination) +
           std::cos(latitude) * std::cos(declination) * std::cos((sun_hour - 12) * 15 * radians);
}

double clear_sky_irradiance(const Place& place, Instant instant) {
    const double height = sine_of_sun_height(place, instant);
    return height > 0 ? 1.098 * height * std::exp(-0.057 / height) : 0;
}

}  // namespace loadstar::simulate
