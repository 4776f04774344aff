#pragma once
// A made-up works with one shift: 300 kW from seven to seven on working days, 60 kW otherwise.

#include <cstdint>
#include <string>

#include "detect/detector.hpp"

namespace loadstar::detect {

inline constexpr int quarters_per_day = 96;

/// Small generator of our own, the same numbers on every machine.
class Noise {
  public:
    explicit Noise(std::uint64_t seed) : state_(seed * 0x9E3779B97F4A7C15ULL + 1) {}
    /// About normal with mean 0 and standard deviation 1: twelve uniforms.
    double next() {
        double sum = -6;
        for (int i = 0; i < 12; ++i) sum += uniform();
        return sum;
    }

  private:
    double uniform() {
        state_ ^= state_ << 13;
        state_ ^= state_ >> 7;
        state_ ^= state_ << 17;
        return static_cast<double>(state_ >> 11) / 9007199254740992.0;
    }
    std::uint64_t state_;
};

struct Works {
    TimeZone zone;
    WorkCalendar calendar{};
    Series expected;
    Series measured;

    /// `days` local days from Monday 2018-01-01, with independent noise of `noise_kw` on the measurement.
    Works(int days, double noise_kw, std::uint64_t seed = 1, const std::string& zone_name = "Asia/Shanghai")
        : zone(TimeZone::find(zone_name).value()) {
        const LocalDay first{std::chrono::year{2018}, std::chrono::month{1}, std::chrono::day{1}};
        const Instant start = zone.start_of_day(first);
        const auto span = zone.start_of_day(add_days(first, days)) - start;
        const Horizon axis{.start = start, .step = minutes(15), .slots = static_cast<int>(span / minutes(15))};
        expected = Series::missing({.id = "hall", .kind = SeriesKind::mean_power, .unit = "kW"}, axis);
        measured = expected;
        Noise noise(seed);
        for (int slot = 0; slot < axis.slots; ++slot) {
            const double usual = usual_kw(axis.slot_start(slot));
            expected.set(slot, usual);
            measured.set(slot, usual + noise_kw * noise.next());
        }
    }

    [[nodiscard]] double usual_kw(Instant instant) const {
        const auto civil = zone.to_civil(instant);
        const bool works =
            calendar.production_day_type(civil.date()) == DayType::working && civil.hour >= 7 && civil.hour < 19;
        return works ? 300 : 60;
    }
    /// Slot of a local hour of a day, counted from the first day; days without a clock change only.
    [[nodiscard]] static int slot(int day, double hour) { return day * quarters_per_day + static_cast<int>(hour * 4); }
    /// Replaces what was measured in [first, last) by `change(slot, measured)`.
    template <typename Change>
    void change(int first, int last, Change changed) {
        for (int slot = first; slot < last; ++slot)
            measured.set(slot, changed(slot, measured.values[static_cast<std::size_t>(slot)]));
    }
    [[nodiscard]] DetectInput input(int watch_from_day) const {
        return {.measured = measured,
                .expectations = {{.name = "profile", .expected = expected}},
                .price_per_kwh = {},
                .watch_from = measured.axis.slot_start(watch_from_day * quarters_per_day),
                .false_alarms_per_month = 1};
    }
};

}  // namespace loadstar::detect
