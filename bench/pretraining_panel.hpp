#pragma once
// Measured series side by side on one clock, on their way into the file that networks are pre-trained on.

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/instant.hpp"
#include "base/time_zone.hpp"
#include "corpus/window.hpp"

namespace loadstar::bench {

using corpus::Role;
using Row = std::vector<float>;

inline constexpr float missing = std::numeric_limits<float>::quiet_NaN();

/// One series of a panel.
struct Variate {
    Role role = Role::target;
    Row values;  ///< [point], NaN = missing
};

/// Series of one data set. The axis is UTC where the source is; else the local clock, its readings taken for UTC, so
/// that a day keeps its shape: an hour that was skipped in spring is missing, one that was repeated is averaged.
struct Panel {
    std::string name;  ///< dataset/series
    Horizon axis;
    std::vector<Variate> variates;

    Panel& add(Role role, Row values) {
        values.resize(static_cast<std::size_t>(axis.slots), missing);
        variates.push_back({role, std::move(values)});
        return *this;
    }
    [[nodiscard]] double share_missing() const {
        std::size_t gaps = 0;
        for (const auto& variate : variates)
            gaps += static_cast<std::size_t>(
                std::ranges::count_if(variate.values, [](float value) { return std::isnan(value); }));
        const auto all = variates.size() * static_cast<std::size_t>(axis.slots);
        return all == 0 ? 0 : static_cast<double>(gaps) / static_cast<double>(all);
    }
};

inline Horizon axis_of(const char* start, int step_minutes, std::size_t slots) {
    return {.start = parse_instant(start).value(), .step = minutes(step_minutes), .slots = static_cast<int>(slots)};
}

/// The part of a panel that lies whole within [from, until).
inline Panel part_of(const Panel& whole, Instant from, Instant until) {
    int first = 0;
    while (first < whole.axis.slots && whole.axis.slot_start(first) < from) ++first;
    int last = whole.axis.slots;
    while (last > first && whole.axis.slot_start(last) > until) --last;
    Panel part{.name = whole.name,
               .axis = {.start = whole.axis.slot_start(first), .step = whole.axis.step, .slots = last - first}};
    for (const auto& variate : whole.variates)
        part.add(variate.role, Row(variate.values.begin() + first, variate.values.begin() + last));
    return part;
}

/// Means over `count` points each; a mean of which a reading is missing is missing.
inline Panel coarser(const Panel& fine, int count, const std::string& name) {
    Panel coarse{.name = name,
                 .axis = {.start = fine.axis.start, .step = fine.axis.step * count, .slots = fine.axis.slots / count}};
    for (const auto& variate : fine.variates) {
        Row means;
        for (int slot = 0; slot < coarse.axis.slots; ++slot) {
            double sum = 0;
            for (int at = slot * count; at < (slot + 1) * count; ++at)
                sum += variate.values[static_cast<std::size_t>(at)];
            means.push_back(static_cast<float>(sum / count));
        }
        coarse.add(variate.role, std::move(means));
    }
    return coarse;
}

/// 1 on Saturdays, Sundays and holidays of the zone, else 0. Zone "UTC" for an axis that is a local clock already.
inline Row days_off(const Horizon& axis, const std::string& zone_name, const std::set<LocalDay>& holidays = {}) {
    constexpr int saturday = 5;
    const auto zone = TimeZone::find(zone_name).value();
    Row flags;
    for (int slot = 0; slot < axis.slots; ++slot) {
        const auto day = zone.day_of(axis.slot_start(slot));
        flags.push_back(weekday_from_monday(day) >= saturday || holidays.contains(day) ? 1.0F : 0.0F);
    }
    return flags;
}

/// The mean of the readings of each slot, NaN where there is none.
class SlotMeans {
  public:
    explicit SlotMeans(const Horizon& axis)
        : axis_(axis), sums_(static_cast<std::size_t>(axis.slots)), counts_(static_cast<std::size_t>(axis.slots)) {}

    void add(Instant at, float value) {
        const int slot = axis_.slot_of(at);
        if (slot < 0 || slot >= axis_.slots || std::isnan(value)) return;
        sums_[static_cast<std::size_t>(slot)] += value;
        ++counts_[static_cast<std::size_t>(slot)];
    }
    [[nodiscard]] Row means() const { return divided(true); }
    [[nodiscard]] Row sums() const { return divided(false); }

  private:
    [[nodiscard]] Row divided(bool by_count) const {
        Row row;
        for (std::size_t slot = 0; slot < sums_.size(); ++slot)
            row.push_back(counts_[slot] == 0
                              ? missing
                              : static_cast<float>(by_count ? sums_[slot] / counts_[slot] : sums_[slot]));
        return row;
    }
    Horizon axis_;
    std::vector<double> sums_;
    std::vector<int> counts_;
};

}  // namespace loadstar::bench
