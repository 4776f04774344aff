#include "simulate/planner.hpp"

#include <algorithm>

#include "simulate/crew.hpp"

namespace loadstar::simulate {
namespace {

constexpr double usual_use = 0.85;  ///< of rated hours, after change-overs, short stops and breakdowns

/// Boards of orders that will be released after `after` and on `day`.
int released_on(const Plant& plant, LocalDay day, Instant after, const WorkInProgress& work) {
    int pieces = 0;
    for (const auto& order : work.orders())
        if (order.release > after && plant.time_zone.day_of(order.release) == day) pieces += order.quantity;
    return pieces;
}

}  // namespace

/// What the lines can make in the crewed hours of a day.
int ProductionPlanner::capacity(LocalDay day) const {
    const auto start = plant_->time_zone.start_of_day(day);
    const auto end = plant_->time_zone.start_of_day(add_days(day, 1));
    double pieces = 0;
    for (const auto& machine : plant_->machines) {
        const double rate = rated_assembly(machine.id);
        for (auto at = start; rate > 0 && at < end; at += plant_->step)
            if (at_work(*plant_, machine.shifts, at)) pieces += usual_use * rate * to_hours(plant_->step).value();
    }
    return static_cast<int>(pieces);
}

int ProductionPlanner::planned(LocalDay day) const {
    const auto found = planned_.find(day);
    return found == planned_.end() ? 0 : found->second;
}

void ProductionPlanner::plan_after(LocalDay today, int days, const WorkInProgress& work) {
    const auto now = plant_->time_zone.start_of_day(today);
    int left = work.unassembled(now) + released_on(*plant_, today, now, work);
    left = std::max(0, left - planned(today));
    for (int ahead = 1; ahead <= days; ++ahead) {
        const auto day = add_days(today, ahead);
        left += released_on(*plant_, day, now, work);
        planned_[day] = std::min(left, capacity(day));
        left -= planned_[day];
    }
}

}  // namespace loadstar::simulate
