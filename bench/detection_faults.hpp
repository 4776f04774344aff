#pragma once
// Faults of ten kinds, written into a clean series. Sizes are shares of the affected use. Signatures after catalogues
// of waste in industrial meters: what a leak, a forgotten machine, fouling, a lost setback or a stuck meter looks like.

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <vector>

#include "base/time_zone.hpp"
#include "series/series.hpp"
#include "site/calendar.hpp"

namespace loadstar::bench {

/// A meter with the local time by which it lives, before anything is injected.
struct CleanMeter {
    std::string name;
    Series measured;
    TimeZone zone;
    WorkCalendar calendar;
    double mean = 0;           ///< of the measured slots
    double largest = 0;        ///< 99.5 % quantile of them
    double working_level = 0;  ///< above it the meter works: middle of its 10 % and 90 % quantiles
};

/// A fault in a stretch of time.
struct Fault {
    const char* kind = "";
    Instant start;
    Instant end;
    double sign = 1;  ///< +1: raises the reading; 0: neither
    Series measured;  ///< with the fault
};

inline constexpr int kind_count = 10;
inline constexpr std::array<const char*, kind_count> kind_names{
    "air leak", "leak that grows", "left idling at night", "weekend base load", "early start",
    "fouling",  "friction",        "pump cavitation",      "coincident peak",   "stuck meter"};

/// Writes a fault into the week that begins on a Monday.
/// @param kind  index into kind_names
/// @param size  0.05 = five percent
Fault inject(const CleanMeter& meter, int kind, double size, LocalDay monday);

namespace detail {

/// Slots of [start, end) with their local time, changed one by one.
struct Writer {
    const CleanMeter& meter;
    Fault fault;

    void span(LocalDay day, int from_hour, int hours_long) {
        fault.start = meter.zone.start_of_day(day) + hours(from_hour);
        fault.end = fault.start + hours(hours_long);
    }
    /// Replaces each measured value by change(value, share of the span that has passed, civil time).
    template <class Change>
    void write(Change change) {
        const auto& axis = meter.measured.axis;
        const double length = static_cast<double>((fault.end - fault.start).count());
        for (int slot = std::max(0, axis.slot_of(fault.start)); slot < axis.slot_of(fault.end); ++slot) {
            if (slot >= axis.slots || !meter.measured.has(slot)) continue;
            const auto at = axis.slot_start(slot);
            const double passed = static_cast<double>((at - fault.start).count()) / length;
            const double value = meter.measured.values[static_cast<std::size_t>(slot)];
            fault.measured.set(slot, std::max(0.0, change(value, passed, meter.zone.to_civil(at))));
        }
    }
    [[nodiscard]] bool quiet(const CivilTime& civil) const { return civil.hour >= 20 || civil.hour < 5; }
};

inline void early_start(Writer& writer, double size, LocalDay monday) {
    // The morning of each working day comes earlier by a share of ten hours.
    writer.span(monday, 0, 5 * 24);
    const auto& clean = writer.meter.measured;
    const auto earlier = static_cast<int>(hours(1) * 10 * size / clean.axis.step);
    const int first = clean.axis.slot_of(writer.fault.start);
    const double slots = static_cast<double>(clean.axis.slot_of(writer.fault.end) - first);
    writer.write([&](double value, double passed, const CivilTime& civil) {
        const int later = first + static_cast<int>(std::lround(passed * slots)) + earlier;
        const bool morning = civil.hour >= 3 && civil.hour < 9;
        return morning && later < clean.size() && clean.has(later)
                   ? std::max(value, clean.values[static_cast<std::size_t>(later)])
                   : value;
    });
}

inline void stuck(Writer& writer, double size, LocalDay monday) {
    // The reading repeats for a share of five days, from Tuesday ten o'clock.
    writer.span(add_days(monday, 1), 10, static_cast<int>(120 * size));
    writer.fault.sign = 0;
    const int first = writer.meter.measured.axis.slot_of(writer.fault.start);
    const double held = writer.meter.measured.at(first).value_or(writer.meter.mean);
    writer.write([held](double, double, const CivilTime&) { return held; });
}

}  // namespace detail

inline Fault inject(const CleanMeter& meter, int kind, double size, LocalDay monday) {
    detail::Writer writer{meter, {.kind = kind_names[static_cast<std::size_t>(kind)], .measured = meter.measured}};
    const double level = size * meter.mean;
    const auto working = [&](double value) { return value >= meter.working_level; };
    switch (kind) {
        case 0:
            writer.span(monday, 9, 7 * 24);
            writer.write([&](double value, double, const CivilTime&) { return value + level; });
            break;
        case 1:
            writer.span(monday, 0, 21 * 24);
            writer.write([&](double value, double passed, const CivilTime&) { return value + passed * level; });
            break;
        case 2:
            writer.span(monday, 20, 5 * 24);
            writer.write([&](double value, double, const CivilTime& civil) {
                return writer.quiet(civil) ? value + level : value;
            });
            break;
        case 3:
            writer.span(add_days(monday, 4), 20, 57);
            writer.write([&](double value, double, const CivilTime&) { return value + level; });
            break;
        case 4: detail::early_start(writer, size, monday); break;
        case 5:
            writer.span(monday, 0, 21 * 24);
            writer.write([&](double value, double passed, const CivilTime&) { return value * (1 + passed * size); });
            break;
        case 6:
            writer.span(monday, 0, 7 * 24);
            writer.write(
                [&](double value, double, const CivilTime&) { return working(value) ? value * (1 + size) : value; });
            break;
        case 7:
            writer.span(add_days(monday, 1), 6, 3 * 24);
            writer.fault.sign = -1;
            writer.write(
                [&](double value, double, const CivilTime&) { return working(value) ? value * (1 - size) : value; });
            break;
        case 8:
            writer.span(add_days(monday, 2), 10, 1);
            writer.write([&](double value, double, const CivilTime&) { return value + size * meter.largest; });
            break;
        default: detail::stuck(writer, size, monday); break;
    }
    return writer.fault;
}

}  // namespace loadstar::bench
