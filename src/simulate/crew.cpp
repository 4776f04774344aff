#include "simulate/crew.hpp"

#include <algorithm>

namespace loadstar::simulate {
namespace {

bool works_on(const Plant& plant, const Shift& shift, LocalDay day) {
    if (shift.weekdays.empty()) return plant.calendar.production_day_type(day) == DayType::working;
    return std::ranges::find(shift.weekdays, weekday_from_monday(day)) != shift.weekdays.end();
}

}  // namespace

bool at_work(const Plant& plant, const Shift& shift, Instant instant) {
    const auto civil = plant.time_zone.to_civil(instant);
    const int minute = civil.minute_of_day();
    const auto& [from, to] = shift.window;
    if (from < to) return minute >= from && minute < to && works_on(plant, shift, civil.date());
    if (minute >= from) return works_on(plant, shift, civil.date());
    return minute < to && works_on(plant, shift, add_days(civil.date(), -1));
}

bool at_work(const Plant& plant, const std::vector<std::string>& shifts, Instant instant) {
    if (shifts.empty()) return true;
    return std::ranges::any_of(plant.shifts, [&](const Shift& shift) {
        return std::ranges::find(shifts, shift.name) != shifts.end() && at_work(plant, shift, instant);
    });
}

bool is_crewed(const Plant& plant, Instant instant) {
    return std::ranges::any_of(plant.shifts, [&](const Shift& shift) { return at_work(plant, shift, instant); });
}

}  // namespace loadstar::simulate
