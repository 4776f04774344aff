#pragma once
#include "base/instant.hpp"
#include "base/quantity.hpp"

namespace loadstar::simulate {

/// A place on the earth, in degrees; north and east positive.
struct Place {
    double latitude = 0;
    double longitude = 0;
};

/// Sine of the height of the sun above the horizon, -1..1; negative at night. Good to about a degree, enough for PV.
/// Source: declination by Cooper 1969, equation of time by Spencer 1971.
double sine_of_sun_height(const Place& place, Instant instant);

/// Irradiance of a cloudless sky on a level plane, kW/m2, 0 at night. Source: Haurwitz 1945.
double clear_sky_irradiance(const Place& place, Instant instant);

}  // namespace loadstar::simulate
