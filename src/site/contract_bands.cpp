#include "site/contract_bands.hpp"

#include <algorithm>
#include <tuple>

#include <fmt/format.h>

namespace loadstar {
namespace {

constexpr std::array<const char*, 12> month_names{"January",   "February", "March",    "April",
                                                  "May",       "June",     "July",     "August",
                                                  "September", "October",  "November", "December"};

bool covers(const DayWindow& window, int minute) {
    if (window.from_minute < window.to_minute) return minute >= window.from_minute && minute < window.to_minute;
    return minute >= window.from_minute || minute < window.to_minute;
}

bool holds_on(const BandRule& rule, const BandDay& day) {
    return (rule.months.empty() || rule.months.contains(day.month)) &&
           (rule.days.empty() || rule.days.contains(day.kind)) &&
           (rule.dates.empty() || (day.date && rule.dates.contains(*day.date)));
}

bool holds_at(const BandRule& rule, int minute) {
    return rule.windows.empty() ||
           std::ranges::any_of(rule.windows, [minute](const auto& window) { return covers(window, minute); });
}

/// Bands of the highest priority that claim a minute, each once.
std::vector<std::string> claimants(const std::vector<const BandRule*>& rules, int minute) {
    std::vector<std::string> bands;
    int highest = 0;
    for (const auto* rule : rules) {
        if (!holds_at(*rule, minute)) continue;
        if (bands.empty() || rule->priority > highest) {
            bands.clear();
            highest = rule->priority;
        }
        if (rule->priority == highest && std::ranges::find(bands, rule->band) == bands.end())
            bands.push_back(rule->band);
    }
    return bands;
}

std::vector<const BandRule*> rules_of_day(const BandPlan& plan, const BandDay& day) {
    std::vector<const BandRule*> rules;
    for (const auto& rule : plan.rules) {
        if (holds_on(rule, day)) rules.push_back(&rule);
    }
    return rules;
}

/// Every day that the rules could tell apart: months x kinds, and the named dates with the kinds they may be.
std::vector<BandDay> distinct_days(const BandPlan& plan) {
    constexpr std::array kinds{DayKind::working, DayKind::saturday, DayKind::sunday, DayKind::holiday};
    std::vector<BandDay> days;
    for (unsigned month = 1; month <= 12; ++month) {
        for (const auto kind : kinds) days.push_back({.month = month, .kind = kind, .date = std::nullopt});
    }
    std::set<LocalDay> dates;
    for (const auto& rule : plan.rules) dates.insert(rule.dates.begin(), rule.dates.end());
    for (const auto date : dates) {
        const auto usual = day_kind({}, date);
        for (const auto kind : kinds) {
            // The calendar is not known here: any day may be a holiday, a weekend day may be worked.
            const bool possible = kind == usual || kind == DayKind::working || kind == DayKind::holiday;
            if (possible) days.push_back({.month = static_cast<unsigned>(date.month()), .kind = kind, .date = date});
        }
    }
    return days;
}

/// Faults of one day: neighbouring minutes with the same claimants form one window.
std::vector<BandFault> faults_of_day(const BandPlan& plan, const BandDay& day) {
    const auto rules = rules_of_day(plan, day);
    std::vector<BandFault> faults;
    int expected = 0;  // minute at which the last fault would go on
    for (int minute = 0; minute < minutes_per_day; ++minute) {
        auto bands = claimants(rules, minute);
        const bool clear = bands.size() == 1 || (bands.empty() && !plan.otherwise.empty());
        if (clear) continue;
        if (!faults.empty() && expected == minute && faults.back().claimants == bands) {
            faults.back().window.to_minute = minute + 1;
        } else {
            faults.push_back(
                {.window = {.from_minute = minute, .to_minute = minute + 1}, .claimants = bands, .day = day});
        }
        expected = minute + 1;
    }
    return faults;
}

std::string day_text(const BandDay& day) {
    if (day.date) return fmt::format("on {}", to_string(*day.date));
    return fmt::format("on a {} in {}", to_string(day.kind), month_names.at(day.month - 1));
}

}  // namespace

const char* to_string(DayKind kind) {
    switch (kind) {
        case DayKind::working: return "working day";
        case DayKind::saturday: return "Saturday";
        case DayKind::sunday: return "Sunday";
        case DayKind::holiday: return "public holiday";
    }
    return "";
}

DayKind day_kind(const WorkCalendar& calendar, LocalDay day) {
    if (calendar.holidays.contains(day)) return DayKind::holiday;
    if (calendar.make_up_workdays.contains(day)) return DayKind::working;
    const int weekday = weekday_from_monday(day);
    if (weekday == 6) return DayKind::sunday;
    return weekday == 5 ? DayKind::saturday : DayKind::working;
}

std::vector<std::string> BandPlan::names() const {
    std::vector<std::string> result;
    const auto add = [&result](const std::string& band) {
        if (!band.empty() && std::ranges::find(result, band) == result.end()) result.push_back(band);
    };
    for (const auto& rule : rules) add(rule.band);
    add(otherwise);
    return result;
}

DayBands bands_of_day(const BandPlan& plan, const BandDay& day) {
    const auto names = plan.names();
    const auto index_of = [&names](const std::string& band) {
        const auto found = std::ranges::find(names, band);
        return found == names.end() ? -1 : static_cast<int>(found - names.begin());
    };
    DayBands bands{};
    bands.fill(index_of(plan.otherwise));
    const auto rules = rules_of_day(plan, day);
    for (int minute = 0; minute < minutes_per_day; ++minute) {
        const auto claimed = claimants(rules, minute);
        if (!claimed.empty()) bands[static_cast<std::size_t>(minute)] = index_of(claimed.front());
    }
    return bands;
}

std::vector<BandFault> find_band_faults(const BandPlan& plan) {
    std::vector<BandFault> result;
    if (plan.empty()) return result;
    const auto key = [](const BandFault& fault) {
        return std::tie(fault.window.from_minute, fault.window.to_minute, fault.claimants);
    };
    for (const auto& day : distinct_days(plan)) {
        for (auto& fault : faults_of_day(plan, day)) {
            const auto same = std::ranges::find_if(result, [&](const auto& known) { return key(known) == key(fault); });
            if (same == result.end()) {
                result.push_back(std::move(fault));
            } else {
                ++same->similar_days;
            }
        }
    }
    return result;
}

std::string BandFault::message() const {
    const auto others =
        similar_days == 0 ? std::string()
                          : fmt::format(" (and on {} other kind{} of day)", similar_days, similar_days == 1 ? "" : "s");
    const auto when = fmt::format("{} {}{}", to_string(window), day_text(day), others);
    if (claimants.empty()) return "no band covers " + when;
    return fmt::format("bands {} both claim {}", fmt::join(claimants, " and "), when);
}

std::string to_string(const DayWindow& window) {
    return fmt::format("{:02}:{:02}-{:02}:{:02}", window.from_minute / 60, window.from_minute % 60,
                       window.to_minute / 60, window.to_minute % 60);
}

}  // namespace loadstar
