#include "site/calendar.hpp"

namespace loadstar {

DayType WorkCalendar::day_type(LocalDay day) const {
    if (holidays.contains(day)) return DayType::rest;
    if (make_up_workdays.contains(day)) return DayType::working;
    const int weekday = weekday_from_monday(day);
    if (weekday == 6) return DayType::rest;
    return weekday == 5 ? DayType::saturday : DayType::working;
}

DayType WorkCalendar::production_day_type(LocalDay day) const {
    return shutdowns.contains(day) ? DayType::rest : day_type(day);
}

}  // namespace loadstar
