#pragma once
// A target on the wall clock: local days times slots of the day, as known at one issue time. Plants live by the wall
// clock, so lags and profiles are taken here; the days of a clock change are made to fit.

#include <optional>
#include <vector>

#include "features/cell.hpp"
#include "features/covariate.hpp"
#include "features/history.hpp"

namespace loadstar::features {

/// How many days after the end a grid holds covariates that are known ahead.
inline constexpr int covariate_days_ahead = 15;

/// Local days [0, days()) by slots of the wall clock [0, slots()), up to end(): the first cell not known at the issue.
///
/// Where the clock goes back, both passes share a cell (their mean); where it goes forward, the skipped cells are gaps.
/// A gap is filled from earlier cells alone - the same slot of the last day of the same type, else the last value - and
/// marked as not measured, so that features can always be computed but nothing is learnt from a filled value.
class DayGrid {
  public:
    explicit DayGrid(const Known& known);

    [[nodiscard]] int slots() const { return slots_; }
    [[nodiscard]] Cell end() const { return end_; }
    [[nodiscard]] Cell cell_of(Instant instant) const;
    [[nodiscard]] LocalDay day(int index) const { return add_days(first_, index); }
    [[nodiscard]] int index_of(LocalDay day) const { return days_between(first_, day); }
    /// The cell `slots` after another, across midnights; before it when negative.
    [[nodiscard]] Cell moved(Cell cell, int slots) const;
    /// How many slots `to` lies after `from`.
    [[nodiscard]] int slots_between(Cell from, Cell to) const {
        return (to.day - from.day) * slots_ + to.slot - from.slot;
    }
    /// For any day, also after the end.
    [[nodiscard]] DayType day_type(int index) const;
    [[nodiscard]] int weekday(int index) const { return weekday_from_monday(day(index)); }

    /// Value of a cell before end(), measured or filled. Reading a later one throws std::logic_error.
    [[nodiscard]] double value(Cell cell) const { return values_[index(cell)]; }
    [[nodiscard]] bool measured(Cell cell) const { return measured_[index(cell)]; }
    /// Series beside the target, in the order of `Known`; they know where the past ends.
    [[nodiscard]] const std::vector<Covariate>& covariates() const { return covariates_; }
    /// Share of the cells before end() that were measured, 0..1.
    [[nodiscard]] double measured_share() const;
    /// True when no measured value is below zero.
    [[nodiscard]] bool never_negative() const { return never_negative_; }

  private:
    [[nodiscard]] std::size_t index(Cell cell) const;
    void collect(const Known& known);
    void collect_covariates(const Known& known);
    void fill_gaps();
    [[nodiscard]] double filling(Cell gap, double last) const;

    TimeZone zone_;
    WorkCalendar calendar_;
    Duration step_;
    LocalDay first_;
    int slots_;
    Cell end_{};
    std::vector<double> values_;  ///< [day][slot], up to end_
    std::vector<char> measured_;
    std::vector<DayType> types_;  ///< of the days up to end_, which are asked for often
    bool never_negative_ = true;
    std::vector<Covariate> covariates_{};
};

/// A grid as it was known when a forecast was issued: reading a cell at or after `end` throws std::logic_error.
/// Backtests move this view over one grid; the guard keeps each of their forecasts honest.
class Seen {
  public:
    Seen(const DayGrid& grid, Cell end) : grid_(&grid), end_(end) {}

    [[nodiscard]] const DayGrid& grid() const { return *grid_; }
    [[nodiscard]] Cell end() const { return end_; }
    /// Days of which every cell is known: [0, whole_days()).
    [[nodiscard]] int whole_days() const { return end_.day; }
    [[nodiscard]] double value(int day, int slot) const;
    [[nodiscard]] bool measured(int day, int slot) const;
    /// Value of a covariate; missing when it was not read, or not stored so far ahead.
    [[nodiscard]] std::optional<double> covariate(std::size_t which, int day, int slot) const {
        return grid_->covariates().at(which).at({.day = day, .slot = slot}, end_);
    }

  private:
    void require_seen(Cell cell) const;
    const DayGrid* grid_;
    Cell end_;
};

}  // namespace loadstar::features
