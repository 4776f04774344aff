#pragma once
// Time-of-use bands: which band every minute of a local day belongs to, and where a plan of bands is not clear.

#include <array>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/decimal.hpp"
#include "base/time_zone.hpp"
#include "site/assets.hpp"
#include "site/calendar.hpp"

namespace loadstar {

/// How a tariff tells local days apart. Unlike DayType it keeps Sundays and public holidays apart.
enum class DayKind {
    working,  ///< Monday to Friday, or a make-up workday
    saturday,
    sunday,
    holiday,  ///< public holiday of the works calendar
};
const char* to_string(DayKind kind);
DayKind day_kind(const WorkCalendar& calendar, LocalDay day);

/// "These hours, in these months, on these days, are that band." A window that passes midnight covers the last and the
/// first hours of the same local day, as tariff tables of 24 hours do.
struct BandRule {
    std::string band;
    std::vector<DayWindow> windows;  ///< empty = the whole day
    std::set<unsigned> months;       ///< 1..12; empty = every month
    std::set<DayKind> days;          ///< empty = every day
    std::set<LocalDay> dates;        ///< only on these days (announced critical days); empty = any
    int priority = 0;                ///< higher wins where rules meet
};

/// The bands of a contract.
struct BandPlan {
    std::vector<BandRule> rules;
    std::string otherwise;                   ///< band of minutes that no rule names; "" = every minute must be named
    std::map<std::string, Decimal> factors;  ///< band -> multiple of the base price of floating components

    /// Every band once, in the order of the rules; `otherwise` last.
    [[nodiscard]] std::vector<std::string> names() const;
    [[nodiscard]] bool empty() const { return rules.empty() && otherwise.empty(); }
};

/// A kind of local day as rules see it.
struct BandDay {
    unsigned month = 1;
    DayKind kind = DayKind::working;
    std::optional<LocalDay> date;  ///< absent: no particular day, so rules with dates do not match
};

inline constexpr int minutes_per_day = 24 * 60;
/// Index into BandPlan::names() for every minute of the wall clock; -1 where no band is named.
using DayBands = std::array<int, minutes_per_day>;
DayBands bands_of_day(const BandPlan& plan, const BandDay& day);

/// A stretch of local time that no band or more than one band claims.
struct BandFault {
    DayWindow window;
    std::vector<std::string> claimants;  ///< none: a gap; two or more: an overlap of equal priority
    BandDay day;                         ///< the first day on which it happens
    int similar_days = 0;                ///< other kinds of day with the same fault

    /// "no band covers 11:30-13:00 on a working day in January"
    [[nodiscard]] std::string message() const;
};
/// Walks every month, kind of day and named date.
std::vector<BandFault> find_band_faults(const BandPlan& plan);

/// "08:30-11:30"
std::string to_string(const DayWindow& window);

}  // namespace loadstar
