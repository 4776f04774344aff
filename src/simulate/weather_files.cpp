// Files of the sun and the weather.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "simulate/plant_files.hpp"

namespace loadstar::simulate {
namespace {

constexpr double watts = 1000;  // per kW

std::string solar_row(const CivilTime& time, const PlantStep& step) {
    return fmt::format("{:04}/{:02}/{:02} {:02}:{:02}\t{:.0f}\t{:.0f}\t{:.1f}", time.year, time.month, time.day,
                       time.hour, time.minute, -step.photovoltaic.value() * watts, step.weather.irradiance * watts,
                       step.weather.temperature);
}

/// What the service got wrong, hour by hour.
class ForecastError {
  public:
    explicit ForecastError(std::uint64_t seed) : random_(seed) {}

    void next_day() {
        day_temperature_ = 0.9 * random_.normal();
        day_light_ = std::exp(0.22 * random_.normal());
    }
    Weather disturb(const Weather& truth) {
        return {.temperature = truth.temperature + day_temperature_ + 0.4 * random_.normal(),
                .irradiance = std::min(1.05, truth.irradiance * day_light_ * std::exp(0.08 * random_.normal()))};
    }

  private:
    Random random_;
    double day_temperature_ = 0;  ///< K
    double day_light_ = 1;        ///< factor
};

std::vector<Weather> hourly(const Recording& recording) {
    std::vector<Weather> slots;
    for (const auto& step : recording.steps) slots.push_back(step.weather);
    slots.insert(slots.end(), recording.ahead.begin(), recording.ahead.end());
    const auto per_hour = static_cast<std::size_t>(hours(1) / recording.axis.step);
    std::vector<Weather> means;
    for (std::size_t from = 0; from + per_hour <= slots.size(); from += per_hour) {
        Weather mean;
        for (std::size_t i = from; i < from + per_hour; ++i) {
            mean.temperature += slots[i].temperature / static_cast<double>(per_hour);
            mean.irradiance += slots[i].irradiance / static_cast<double>(per_hour);
        }
        means.push_back(mean);
    }
    return means;
}

}  // namespace

LogFile solar_file(const Plant& plant, const Recording& recording) {
    LogFile file("data/solar.txt",
                 {.encoding = "UTF-16LE", .line_end = "\r\n", .byte_order_mark = "\xFF\xFE", .delimiter = '\t'},
                 {"Time\tPower [W]\tIrradiance [W/m2]\tAmbient [C]"});
    for (const auto& step : recording.steps)
        file.add(solar_row(plant.time_zone.to_civil(step.start + recording.axis.step), step));
    return file;
}

LogFile weather_forecast_file(const Recording& recording, std::uint64_t seed) {
    LogFile file("data/weather_forecast.csv", {}, {"valid_from,temperature_c,irradiance_w_per_m2"});
    ForecastError error(seed);
    constexpr int hours_per_day = 24;
    int hour = 0;
    for (const auto& truth : hourly(recording)) {
        if (hour % hours_per_day == 0) error.next_day();
        const auto forecast = error.disturb(truth);
        const auto stamp = std::chrono::floor<seconds>(recording.axis.start + hours(hour)).time_since_epoch().count();
        file.add(fmt::format("{},{:.1f},{:.0f}", stamp, forecast.temperature, forecast.irradiance * watts));
        ++hour;
    }
    return file;
}

}  // namespace loadstar::simulate
