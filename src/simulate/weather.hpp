#pragma once
#include <cstdint>

#include "base/instant.hpp"
#include "simulate/random.hpp"
#include "simulate/sun.hpp"

namespace loadstar::simulate {

/// Weather of a place as a few numbers; the defaults are Suzhou's in round figures.
struct Climate {
    Place place{.latitude = 31.3, .longitude = 120.6};
    double mean_temperature = 17.0;          ///< C, of the year
    double seasonal_swing = 12.5;            ///< K, half of warmest to coldest week
    double daily_swing = 4.0;                ///< K, half of afternoon to dawn
    double temperature_noise = 2.5;          ///< K, standard deviation around season and day
    Duration temperature_memory{hours(36)};  ///< after which the noise has forgotten 63 %
    Duration cloud_memory{hours(5)};
};

/// Weather of one step.
struct Weather {
    double temperature = 0;  ///< C
    double irradiance = 0;   ///< kW/m2 on a level plane
};

/// Makes weather step by step: season and day, with noise that has a memory (first-order autoregression), and clouds
/// that dim a clear sky. The same seed and steps give the same weather.
class WeatherProcess {
  public:
    WeatherProcess(const Climate& climate, std::uint64_t seed) : climate_(climate), random_(seed) {}

    /// Weather of the step that begins at `instant`; steps follow one another.
    Weather step(Instant instant, Duration length);

  private:
    Climate climate_;
    Random random_;
    double warmth_ = 0;  ///< standard deviations
    double cloud_ = 0;   ///< standard normal; mapped to the share of light that passes
};

}  // namespace loadstar::simulate
