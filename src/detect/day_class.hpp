#pragma once
#include "site/calendar.hpp"

namespace loadstar::detect {

/// How a local day looks at a meter: the working days beside a day off begin late or end early.
enum class DayClass { first_working, working, last_working, saturday, rest };
inline constexpr int day_class_count = 5;

DayClass day_class(const WorkCalendar& calendar, LocalDay day);

}  // namespace loadstar::detect
