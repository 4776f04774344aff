#include "detect/day_class.hpp"

namespace loadstar::detect {

DayClass day_class(const WorkCalendar& calendar, LocalDay day) {
    const auto type = [&](int offset) { return calendar.production_day_type(add_days(day, offset)); };
    if (type(0) == DayType::saturday) return DayClass::saturday;
    if (type(0) == DayType::rest) return DayClass::rest;
    if (type(-1) != DayType::working) return DayClass::first_working;
    return type(1) == DayType::working ? DayClass::working : DayClass::last_working;
}

}  // namespace loadstar::detect
