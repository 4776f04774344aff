#pragma once
// What the methods share: a day on the wall clock, the moment it is predicted, and the record of past predictions.

#include <array>
#include <vector>

#include "features/day_grid.hpp"
#include "forecast/forecast.hpp"

namespace loadstar::forecast {

/// When a local day is predicted: `lead` days before it, just before wall-clock slot `slot` of that day. Lead 0 and
/// slot 0 is midnight at its start; lead 1 and 10:00 is the morning of the day before.
struct IssueRule {
    int lead = 1;
    int slot = 0;
    bool operator==(const IssueRule&) const = default;

    /// What was known when `day` was predicted.
    [[nodiscard]] features::Seen seen(const features::DayGrid& grid, int day) const {
        return {grid, {.day = day - lead, .slot = slot}};
    }
    /// The first day after those whose outcome was fully known when `day` was predicted.
    [[nodiscard]] int first_open(int day) const { return day - lead; }
};

using DayPoints = std::vector<double>;                              ///< [slot], unit of the target
using DayQuantiles = std::vector<std::array<double, level_count>>;  ///< [slot][level], unit of the target

/// Forecasts of consecutive local days, each made with what was known at its own issue time.
template <class Day>
struct Record {
    int from = 0;  ///< first day, as an index of the grid
    std::vector<Day> days;

    [[nodiscard]] int to() const { return from + static_cast<int>(days.size()); }
    [[nodiscard]] bool holds(int day) const { return day >= from && day < to(); }
    [[nodiscard]] const Day& at(int day) const { return days.at(static_cast<std::size_t>(day - from)); }
};
using PointRecord = Record<DayPoints>;
using QuantileRecord = Record<DayQuantiles>;

/// Sorts the levels of each slot and, on a target that is never negative, lifts negative ones to zero.
void make_proper(DayQuantiles& quantiles, const features::DayGrid& grid);

/// Quantile of sorted numbers with linear interpolation between order statistics. `sorted` must not be empty.
double quantile_of_sorted(const std::vector<double>& sorted, double probability);

}  // namespace loadstar::forecast
