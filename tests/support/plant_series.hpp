#pragma once
// Made-up plants for tests of forecasts: a working-day profile with noise, on any zone and step.

#include <cmath>
#include <functional>
#include <random>
#include <string>

#include "features/history.hpp"

namespace loadstar::test_support {

struct MadeUpPlant {
    std::string zone = "Asia/Shanghai";
    std::string first_day = "2024-01-01";
    int days = 60;
    Duration step = minutes(15);
    double noise = 0;
    unsigned seed = 1;
    /// Level of a day against the usual one.
    std::function<double(int day)> level = [](int) { return 1.0; };
};

/// 100 kW by night and at weekends, 400 kW from 08:00 to 18:00 on working days, times the level of the day, plus noise.
inline features::TargetHistory history_of(const MadeUpPlant& plant) {
    const auto zone = TimeZone::find(plant.zone).value();
    const auto first = parse_day(plant.first_day).value();
    const auto start = zone.start_of_day(first);
    const auto end = zone.start_of_day(add_days(first, plant.days));
    const Horizon axis{.start = start, .step = plant.step, .slots = static_cast<int>((end - start) / plant.step)};
    auto target =
        Series::missing({.id = "load", .kind = SeriesKind::mean_power, .unit = "kW", .step = plant.step}, axis);
    std::mt19937 random(plant.seed);
    std::normal_distribution<double> gauss(0.0, 1.0);
    for (int slot = 0; slot < axis.slots; ++slot) {
        const auto civil = zone.to_civil(axis.slot_start(slot));
        const bool busy = weekday_from_monday(civil.date()) < 5 && civil.hour >= 8 && civil.hour < 18;
        const double usual = (busy ? 400.0 : 100.0) * plant.level(days_between(first, civil.date()));
        target.set(slot, std::max(0.0, usual + plant.noise * gauss(random)));
    }
    return {.target = std::move(target), .zone = zone};
}

/// The same history with every target value from `instant` on replaced, as if the future had been another.
inline features::TargetHistory with_another_future(features::TargetHistory history, Instant instant) {
    for (int slot = std::max(0, history.target.axis.slot_of(instant)); slot < history.target.size(); ++slot) {
        history.target.set(slot, 12345.0 + slot);
    }
    return history;
}

}  // namespace loadstar::test_support
