#include "forecast/residual_bands.hpp"

#include <algorithm>

namespace loadstar::forecast {
namespace {

constexpr int window_days = 56;
constexpr std::size_t fewest_errors = 20;
constexpr int hours_per_day = 24;

int hour_of(int slot, int slots) { return slot * hours_per_day / slots; }

bool same_class(DayType a, DayType b) { return (a == DayType::working) == (b == DayType::working); }

/// Spread of what is known around its median, for a method that has never been tried.
std::vector<double> spread_of_values(const features::Seen& seen) {
    std::vector<double> values;
    for (int day = std::max(0, seen.end().day - window_days); day <= seen.end().day; ++day) {
        const int known = day < seen.end().day ? seen.grid().slots() : seen.end().slot;
        for (int slot = 0; slot < known; ++slot) {
            if (seen.measured(day, slot)) values.push_back(seen.value(day, slot));
        }
    }
    if (values.empty()) return values;
    std::sort(values.begin(), values.end());
    const double median = quantile_of_sorted(values, 0.5);
    for (auto& value : values) value -= median;
    return values;
}

/// Errors (outcome minus forecast) by hour of the day, last entry all hours.
struct Errors {
    std::vector<std::vector<double>> by_hour{hours_per_day};
    std::vector<double> all{};
};

void add_day(Errors& errors, const DayPoints& points, const features::Seen& seen, int day) {
    const int slots = seen.grid().slots();
    for (int slot = 0; slot < slots; ++slot) {
        if (!seen.measured(day, slot)) continue;
        const double error = seen.value(day, slot) - points[static_cast<std::size_t>(slot)];
        errors.by_hour[static_cast<std::size_t>(hour_of(slot, slots))].push_back(error);
        errors.all.push_back(error);
    }
}

Errors errors_before(const PointRecord& past, const features::Seen& seen, int day) {
    Errors errors;
    const auto type = seen.grid().day_type(day);
    const int last = std::min(past.to(), seen.whole_days());
    for (int earlier = std::max(past.from, last - window_days); earlier < last; ++earlier) {
        if (same_class(seen.grid().day_type(earlier), type)) add_day(errors, past.at(earlier), seen, earlier);
    }
    if (errors.all.empty()) {
        for (int earlier = std::max(past.from, last - window_days); earlier < last; ++earlier) {
            add_day(errors, past.at(earlier), seen, earlier);
        }
    }
    if (errors.all.empty()) errors.all = spread_of_values(seen);
    if (errors.all.empty()) errors.all.push_back(0);
    return errors;
}

std::array<double, level_count> quantiles_of(std::vector<double> errors) {
    std::sort(errors.begin(), errors.end());
    std::array<double, level_count> quantiles{};
    for (int level = 0; level < level_count; ++level) {
        quantiles[static_cast<std::size_t>(level)] =
            quantile_of_sorted(errors, levels[static_cast<std::size_t>(level)]);
    }
    return quantiles;
}

}  // namespace

DayQuantiles with_residual_bands(const DayPoints& points, const PointRecord& past, const features::Seen& seen,
                                 int day) {
    const auto errors = errors_before(past, seen, day);
    const auto overall = quantiles_of(errors.all);
    std::vector<std::array<double, level_count>> hourly;
    for (const auto& pool : errors.by_hour)
        hourly.push_back(pool.size() < fewest_errors ? overall : quantiles_of(pool));
    const int slots = seen.grid().slots();
    DayQuantiles quantiles(points.size());
    for (int slot = 0; slot < slots; ++slot) {
        const auto at = static_cast<std::size_t>(slot);
        quantiles[at] = hourly[static_cast<std::size_t>(hour_of(slot, slots))];
        for (auto& value : quantiles[at]) value += points[at];
    }
    make_proper(quantiles, seen.grid());
    return quantiles;
}

QuantileRecord with_residual_bands(const PointRecord& record, const features::DayGrid& grid, const IssueRule& rule) {
    QuantileRecord result{.from = record.from};
    for (int day = record.from; day < record.to(); ++day) {
        result.days.push_back(with_residual_bands(record.at(day), record, rule.seen(grid, day), day));
    }
    return result;
}

}  // namespace loadstar::forecast
