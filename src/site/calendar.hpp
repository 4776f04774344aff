#pragma once
#include <set>
#include <string>
#include <vector>

#include "base/time_zone.hpp"

namespace loadstar {

/// How a local day counts for people and tariffs.
enum class DayType {
    working,  ///< Monday to Friday, or a make-up workday
    saturday,
    rest,  ///< Sunday or public holiday
};

/// The works calendar: public holidays, weekend days worked instead, and days the plant announced it stands still.
struct WorkCalendar {
    std::set<LocalDay> holidays;
    std::set<LocalDay> make_up_workdays;  ///< a Saturday or Sunday that counts as a working day (调休)
    std::set<LocalDay> shutdowns;         ///< announced stops of the whole plant; count as rest for forecasts

    /// Tariff and people view: shutdowns of the plant do not change it.
    [[nodiscard]] DayType day_type(LocalDay day) const;
    /// Forecast view: an announced shutdown is a rest day.
    [[nodiscard]] DayType production_day_type(LocalDay day) const;
};

}  // namespace loadstar
