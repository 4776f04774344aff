#include "features/day_grid.hpp"

#include <algorithm>
#include <numeric>
#include <stdexcept>

namespace loadstar::features {

DayGrid::DayGrid(const Known& known)
    : zone_(known.zone()),
      calendar_(known.calendar()),
      step_(known.axis().step),
      first_(zone_.day_of(known.axis().start)),
      slots_(static_cast<int>(Duration(hours(24)) / known.axis().step)) {
    end_ = cell_of(known.axis().slot_start(std::max(0, known.axis().slot_of(known.until()))));
    for (int day = 0; day <= end_.day; ++day) types_.push_back(calendar_.production_day_type(this->day(day)));
    const auto cells =
        static_cast<std::size_t>(end_.day) * static_cast<std::size_t>(slots_) + static_cast<std::size_t>(end_.slot);
    values_.assign(cells, 0.0);
    measured_.assign(cells, 0);
    collect(known);
    fill_gaps();
    collect_covariates(known);
}

Cell DayGrid::cell_of(Instant instant) const {
    const auto civil = zone_.to_civil(instant);
    const auto since_midnight = minutes(civil.minute_of_day()) + seconds(civil.second);
    return {.day = days_between(first_, civil.date()), .slot = static_cast<int>(since_midnight / step_)};
}

Cell DayGrid::moved(Cell cell, int slots) const {
    const int slot = cell.slot + slots;
    const int days = slot >= 0 ? slot / slots_ : -((slots_ - 1 - slot) / slots_);
    return {.day = cell.day + days, .slot = slot - days * slots_};
}

DayType DayGrid::day_type(int index) const {
    if (index >= 0 && index < static_cast<int>(types_.size())) return types_[static_cast<std::size_t>(index)];
    return calendar_.production_day_type(day(index));
}

std::size_t DayGrid::index(Cell cell) const {
    if (cell >= end_ || cell.day < 0) throw std::logic_error("a forecast read a cell that its grid does not hold");
    return static_cast<std::size_t>(cell.day) * static_cast<std::size_t>(slots_) + static_cast<std::size_t>(cell.slot);
}

void DayGrid::collect(const Known& known) {
    std::vector<int> counts(values_.size(), 0);
    for (int slot = 0; slot < known.end(); ++slot) {
        const auto value = known.target(slot);
        const auto cell = cell_of(known.axis().slot_start(slot));
        // In the hour that clocks repeat, a cell of the first pass may lie after the end on the wall clock.
        if (!value || cell >= end_) continue;
        const auto at = index(cell);
        const int count = ++counts[at];
        values_[at] += (*value - values_[at]) / count;
        measured_[at] = 1;
        never_negative_ = never_negative_ && *value >= 0;
    }
}

void DayGrid::collect_covariates(const Known& known) {
    const int last_day = end_.day + covariate_days_ahead;
    int longest = 0;
    for (std::size_t which = 0; which < known.covariates(); ++which) {
        covariates_.emplace_back(known.info(which), known.reach(which), slots_);
        longest = std::max(longest, known.end(which));
    }
    for (int slot = 0; slot < longest; ++slot) {
        const auto cell = cell_of(known.axis().slot_start(slot));
        if (cell.day > last_day) break;
        for (std::size_t which = 0; which < covariates_.size(); ++which) {
            if (slot >= known.end(which)) continue;
            if (const auto value = known.covariate(which, slot)) covariates_[which].take(cell, *value);
        }
    }
}

void DayGrid::fill_gaps() {
    double last = 0;
    for (std::size_t at = 0; at < values_.size(); ++at) {
        const Cell cell{.day = static_cast<int>(at) / slots_, .slot = static_cast<int>(at) % slots_};
        if (!measured_[at]) values_[at] = filling(cell, last);
        last = values_[at];
    }
}

double DayGrid::filling(Cell gap, double last) const {
    constexpr int days_back = 10;  // reaches the last day of the same type over a long holiday
    for (int day = gap.day - 1; day >= 0 && day >= gap.day - days_back; --day) {
        const Cell same_slot{.day = day, .slot = gap.slot};
        if (day_type(day) == day_type(gap.day) && measured(same_slot)) return value(same_slot);
    }
    return last;
}

double DayGrid::measured_share() const {
    if (measured_.empty()) return 0;
    return std::accumulate(measured_.begin(), measured_.end(), 0.0) / static_cast<double>(measured_.size());
}

void Seen::require_seen(Cell cell) const {
    if (cell >= end_) throw std::logic_error("a forecast read a cell after its issue time");
}

double Seen::value(int day, int slot) const {
    const Cell cell{.day = day, .slot = slot};
    require_seen(cell);
    return grid_->value(cell);
}

bool Seen::measured(int day, int slot) const {
    const Cell cell{.day = day, .slot = slot};
    require_seen(cell);
    return grid_->measured(cell);
}

}  // namespace loadstar::features
