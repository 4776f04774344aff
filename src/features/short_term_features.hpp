#pragma once
// Features of the next slots: what the plant does at this moment, and what is usual at the slot to be predicted.

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "features/day_grid.hpp"

namespace loadstar::features {

/// Earliest day that has them: the same slot of the last two weeks lies behind each of its issue times.
inline constexpr int short_term_history_days = 15;

/// What is usual on a day, by the days before it was issued; computed once for all slots of a day. [slot] each.
struct UsualDay {
    std::vector<double> type_1;  ///< the last day of the same type
    std::vector<double> type_3;  ///< mean of the last three
    std::vector<double> type_8;  ///< mean of the last eight
    std::vector<double> low;     ///< 0.1 quantile of those eight, with the neighbouring slots
    std::vector<double> high;    ///< 0.9 quantile
    std::vector<double> month;   ///< mean of the last four weeks, whatever the type
};

/// One input of a model.
struct Feature {
    const char* name;
    double value;
};

/// Computes features of slots that come within a day after an issue: the last values, their changes, means and ranges;
/// how long the plant has been in its state; like days and weeks at the target slot, how they go on from the present
/// slot, and how far the present departs from them; the calendar. Levels stay in the unit of the target.
/// For one thread at a time.
class ShortTermFeatures {
  public:
    explicit ShortTermFeatures(const DayGrid& grid) : grid_(&grid) {}

    /// @param end    the first slot that is not known, on day short_term_history_days or later; no later one is read
    /// @param ahead  slots from there to the target, 0 = the next slot; less than a day
    /// @return       always the same names in the same order
    std::vector<Feature> at(Cell end, int ahead);

  private:
    const UsualDay& usual(int issue_day, int day);

    const DayGrid* grid_;
    std::map<std::pair<int, int>, UsualDay> usual_;  ///< by day of issue and day
};

}  // namespace loadstar::features
