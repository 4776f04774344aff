#include "ingest/regularise.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace loadstar::ingest {
namespace {

/// An amount or a level that holds over a stretch of time; without a value the reason says why.
struct Stretch {
    Instant from;
    Instant to;
    double value = 0;
    Reason reason = Reason::measured;
};

bool adds_up(SeriesKind kind) { return kind == SeriesKind::interval_energy || kind == SeriesKind::count; }

/// A counter that fell: it wrapped, was reset, or another meter took its place.
Stretch after_fall(const Stretch& step, double before, double after, const RegisterRules& rules, Duration expected) {
    Stretch result = step;
    const double wrapped = rules.modulus ? *rules.modulus - before + after : 0;
    if (rules.modulus && before > 0.9 * *rules.modulus && after < 0.1 * *rules.modulus) {
        result.value = wrapped * rules.multiplier;
        result.reason = step.to - step.from > expected ? Reason::spread : Reason::register_rollover;
        return result;
    }
    result.reason = after <= 0.1 * before ? Reason::register_reset : Reason::register_replaced;
    return result;
}

/// What flowed between neighbouring readings of a counter.
std::vector<Stretch> differences(const ColumnMapping& mapping, const std::vector<Reading>& readings) {
    const auto rules = mapping.counter.value_or(RegisterRules{});
    std::vector<Stretch> result;
    const Reading* last = nullptr;
    for (const auto& reading : readings) {
        if (!has_value(reading.remark)) continue;  // the counter went on counting meanwhile
        if (last != nullptr) {
            Stretch step{.from = last->at, .to = reading.at};
            const double rise = reading.value - last->value;
            const double hours_passed = to_hours(step.to - step.from).value();
            step.value = rise * rules.multiplier;
            if (step.to - step.from > mapping.step) step.reason = Reason::spread;
            if (rise < 0) step = after_fall(step, last->value, reading.value, rules, mapping.step);
            // More than the meter can carry: the standing jumped to that of another meter.
            if (mapping.maximum && step.value > *mapping.maximum * hours_passed)
                step.reason = Reason::register_replaced;
            result.push_back(step);
        }
        last = &reading;
    }
    return result;
}

/// Each reading holds until the next one, one step at most.
std::vector<Stretch> holding(const ColumnMapping& mapping, const std::vector<Reading>& readings) {
    std::vector<Stretch> result;
    for (std::size_t i = 0; i < readings.size(); ++i) {
        const auto& reading = readings[i];
        auto end = reading.at + mapping.step;
        if (i + 1 < readings.size()) end = std::min(end, readings[i + 1].at);
        result.push_back({.from = reading.at, .to = end, .value = reading.value, .reason = reading.remark});
    }
    return result;
}

/// What the stretches make of one slot.
struct Slot {
    double value = 0;
    double covered = 0;  ///< share of the slot that has a value
    Reason remark = Reason::measured;
    Reason refusal = Reason::missing;
};

void add(Slot& slot, const Stretch& stretch, double share_of_slot, double share_of_stretch, SeriesKind kind) {
    if (!has_value(stretch.reason)) {
        slot.refusal = stretch.reason;
        return;
    }
    slot.value += stretch.value * (adds_up(kind) ? share_of_stretch : share_of_slot);
    slot.covered += share_of_slot;
    slot.remark = std::max(slot.remark, stretch.reason);
}

std::vector<Slot> laid_out(const std::vector<Stretch>& stretches, const Horizon& axis, SeriesKind kind) {
    std::vector<Slot> slots(static_cast<std::size_t>(axis.slots));
    const auto share = [](Duration part, Duration whole) {
        return static_cast<double>(part.count()) / static_cast<double>(whole.count());
    };
    for (const auto& stretch : stretches) {
        if (stretch.to <= axis.start || stretch.from >= axis.end() || stretch.to <= stretch.from) continue;
        const int first = std::max(0, axis.slot_of(stretch.from));
        for (int i = first; i < axis.slots && axis.slot_start(i) < stretch.to; ++i) {
            const auto overlap =
                std::min(stretch.to, axis.slot_start(i + 1)) - std::max(stretch.from, axis.slot_start(i));
            add(slots[static_cast<std::size_t>(i)], stretch, share(overlap, axis.step),
                share(overlap, stretch.to - stretch.from), kind);
        }
    }
    return slots;
}

}  // namespace

Result<Series> regularise(const ColumnMapping& mapping, const std::vector<Reading>& readings, const Horizon& axis) {
    if (axis.step % mapping.step != Duration(0) && mapping.step % axis.step != Duration(0)) {
        return Error{.code = ErrorCode::invalid_argument,
                     .message = fmt::format("readings every {} s do not fit slots of {} s", mapping.step / seconds(1),
                                            axis.step / seconds(1)),
                     .where = mapping.series,
                     .hint = "choose a step that divides the other one"};
    }
    const bool counter = mapping.kind == SeriesKind::register_reading;
    const auto kind = counter ? SeriesKind::interval_energy : mapping.kind;
    auto series = Series::missing({.id = mapping.series, .kind = kind, .unit = mapping.unit, .step = axis.step}, axis);
    const auto slots = laid_out(counter ? differences(mapping, readings) : holding(mapping, readings), axis, kind);
    constexpr double whole = 1 - 1e-9;
    for (int i = 0; i < axis.slots; ++i) {
        const auto& slot = slots[static_cast<std::size_t>(i)];
        if (slot.covered >= whole) {
            series.set(i, slot.value, slot.remark);
        } else if (mapping.missing == MissingMeaning::zero && slot.refusal == Reason::missing) {
            series.set(i, slot.value, Reason::missing_means_zero);
        } else {
            series.clear(i, slot.refusal);
        }
    }
    return series;
}

}  // namespace loadstar::ingest
