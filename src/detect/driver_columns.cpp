#include "detect/driver_columns.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace loadstar::detect {
namespace {

constexpr int hours_of_day = 24;
constexpr int day_types = 3;
constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
constexpr std::array<double, 4> bases{6, 12, 18, 24};  // degrees Celsius: a bend of the line at each
constexpr double base_of_day = 18;
constexpr std::array<double, 4> codes{1, 2, 3, 4};  // off is what is left; higher codes count as the last
constexpr std::size_t columns_of_temperature = bases.size() + 4;

std::size_t columns_of(const Series& series) {
    if (series.info.kind == SeriesKind::temperature) return columns_of_temperature;
    return series.info.kind == SeriesKind::state ? codes.size() : 1;
}

/// How much of a slot each code held, from the code's mean over the slot.
void add_state(std::vector<double>& row, const std::optional<double>& value) {
    for (const double code : codes) {
        row.push_back(value ? std::max(0.0, 1 - std::abs(std::min(*value, codes.back()) - code)) : unknown);
    }
}

}  // namespace

DriverColumns::DriverColumns(const std::vector<Series>& drivers, const TimeZone& zone, const WorkCalendar& calendar)
    : drivers_(drivers), zone_(zone), calendar_(calendar), width_(hours_of_day * day_types) {
    for (const auto& series : drivers_) width_ += columns_of(series);
}

bool DriverColumns::enough(int slot) const {
    const auto known = std::ranges::count_if(drivers_, [&](const Series& series) { return series.has(slot); });
    return 2 * static_cast<std::size_t>(known) >= drivers_.size();
}

std::optional<double> DriverColumns::mean_of_last_day(const Series& series, int slot) const {
    const int per_hour = std::max(1, static_cast<int>(hours(1) / series.axis.step));
    double sum = 0;
    int count = 0;
    for (int back = 0; back < hours_of_day && slot >= back * per_hour; ++back) {
        const auto value = series.at(slot - back * per_hour);
        sum += value.value_or(0);
        count += value ? 1 : 0;
    }
    if (2 * count < hours_of_day) return std::nullopt;
    return sum / count;
}

/// Share of the machines whose state is not off, 0..1.
double DriverColumns::activity(int slot) const {
    double working = 0;
    int machines = 0;
    for (const auto& series : drivers_) {
        if (series.info.kind != SeriesKind::state || !series.has(slot)) continue;
        working += std::min(1.0, std::max(0.0, *series.at(slot)));
        ++machines;
    }
    return machines > 0 ? working / machines : unknown;
}

void DriverColumns::add_temperature(std::vector<double>& row, const Series& series, int slot) const {
    const double now = series.at(slot).value_or(unknown);
    const auto day = mean_of_last_day(series, slot).value_or(unknown);
    const auto beyond = [](double value, double base) { return value > base ? value - base : 0 * value; };  // NaN stays
    for (const double base : bases) row.push_back(beyond(now, base));
    row.push_back(beyond(day, base_of_day));
    row.push_back(beyond(-day, -base_of_day));
    const double busy = activity(slot);
    row.push_back(beyond(now, bases[1]) * busy);
    row.push_back(beyond(now, base_of_day) * beyond(day, base_of_day));
}

std::vector<double> DriverColumns::row(int slot) const {
    std::vector<double> row(hours_of_day * day_types, 0.0);
    row.reserve(width_);
    const auto civil = zone_.to_civil(drivers_.front().axis.slot_start(slot));
    const auto type = static_cast<int>(calendar_.production_day_type(civil.date()));
    row[static_cast<std::size_t>(civil.hour * day_types + type)] = 1;
    for (const auto& series : drivers_) {
        if (series.info.kind == SeriesKind::temperature) {
            add_temperature(row, series, slot);
        } else if (series.info.kind == SeriesKind::state) {
            add_state(row, series.at(slot));
        } else {
            row.push_back(series.at(slot).value_or(unknown));
        }
    }
    return row;
}

}  // namespace loadstar::detect
