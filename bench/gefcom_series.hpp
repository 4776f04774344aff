#pragma once
// The load of GEFCom2014-E: hour by hour on the wall clock, with its temperature and the calendar of the United States.

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <vector>

#include "support/measured_series.hpp"

namespace loadstar::bench::gefcom {

inline constexpr int day_hours = 24;
inline constexpr int week_hours = 168;

/// What kind of day a day is beside its weekday.
enum class DayKind {
    usual,
    new_year,
    king,
    presidents,
    memorial,
    independence,
    labor,
    columbus,
    veterans,
    thanksgiving,
    after_thanksgiving,
    christmas_eve,
    christmas,
    year_end,  ///< 26 to 30 December
    new_years_eve,
    observed  ///< the weekday on which a holiday of the weekend is kept
};
inline constexpr int day_kinds = 16;

/// A federal holiday on which most people are off.
constexpr bool is_rest(DayKind kind) {
    return kind == DayKind::new_year || kind == DayKind::memorial || kind == DayKind::independence ||
           kind == DayKind::labor || kind == DayKind::thanksgiving || kind == DayKind::christmas ||
           kind == DayKind::observed;
}

/// Holidays that fall on a weekday of a week of a month.
inline DayKind kind_by_weekday(std::chrono::sys_days day, std::chrono::year year) {
    using namespace std::chrono;
    const sys_days thanksgiving{year / November / Thursday[4]};
    if (day == sys_days{year / January / Monday[3]}) return DayKind::king;
    if (day == sys_days{year / February / Monday[3]}) return DayKind::presidents;
    if (day == sys_days{year / May / Monday[last]}) return DayKind::memorial;
    if (day == sys_days{year / September / Monday[1]}) return DayKind::labor;
    if (day == sys_days{year / October / Monday[2]}) return DayKind::columbus;
    if (day == thanksgiving) return DayKind::thanksgiving;
    return day == thanksgiving + days(1) ? DayKind::after_thanksgiving : DayKind::usual;
}

/// Holidays of a fixed date, wherever they fall.
inline DayKind kind_by_date(std::chrono::year_month_day date) {
    using namespace std::chrono;
    const auto month_day = date.month() / date.day();
    if (month_day == January / 1) return DayKind::new_year;
    if (month_day == July / 4) return DayKind::independence;
    if (month_day == November / 11) return DayKind::veterans;
    if (month_day == December / 24) return DayKind::christmas_eve;
    if (month_day == December / 25) return DayKind::christmas;
    if (month_day == December / 31) return DayKind::new_years_eve;
    return date.month() == December && date.day() > day(25) ? DayKind::year_end : DayKind::usual;
}

/// The kind of a day by the rules of the federal holidays (5 U.S.C. 6103).
inline DayKind kind_of(std::chrono::sys_days day) {
    using namespace std::chrono;
    const year_month_day date{day};
    if (const auto kind = kind_by_date(date); kind != DayKind::usual) return kind;
    if (const auto kind = kind_by_weekday(day, date.year()); kind != DayKind::usual) return kind;
    const auto is_kept = [](sys_days other) {
        const auto kind = kind_by_date(year_month_day{other});
        return kind == DayKind::new_year || kind == DayKind::independence || kind == DayKind::christmas;
    };
    if (weekday{day} == Monday && is_kept(day - days(1))) return DayKind::observed;
    return weekday{day} == Friday && is_kept(day + days(1)) ? DayKind::observed : DayKind::usual;
}

/// What is known of a day years ahead.
struct DayFacts {
    int weekday = 0;      ///< 0 = Monday
    int day_of_year = 0;  ///< 0 = 1 January
    DayKind kind = DayKind::usual;
    bool summer_time = false;  ///< from the second Sunday of March to the first of November
    [[nodiscard]] bool off() const { return weekday >= 5 || is_rest(kind); }
};

inline DayFacts facts_of(std::chrono::sys_days day) {
    using namespace std::chrono;
    const auto year = year_month_day{day}.year();
    // The rule of 2007; the year before it began three weeks later, which is not worth a line.
    const bool summer = day >= sys_days{year / March / Sunday[2]} && day < sys_days{year / November / Sunday[1]};
    return {.weekday = static_cast<int>(weekday{day}.iso_encoding()) - 1,
            .day_of_year = static_cast<int>((day - sys_days{year / January / 1}).count()),
            .kind = kind_of(day),
            .summer_time = summer};
}

/// Load and temperature by hour since the first midnight of 2006.
struct HourlyLoad {
    std::vector<double> load;         ///< [hour], MW
    std::vector<double> temperature;  ///< [hour], degrees Fahrenheit, mean of three stations
    std::vector<DayFacts> days;       ///< [day], one more than there are, so that every day has a next one

    [[nodiscard]] int hours() const { return static_cast<int>(load.size()); }
    [[nodiscard]] const DayFacts& day_of(int hour) const { return days[static_cast<std::size_t>(hour / day_hours)]; }
    [[nodiscard]] double at(int hour) const { return load[static_cast<std::size_t>(hour)]; }
    [[nodiscard]] double temperature_at(int hour) const {
        return temperature[static_cast<std::size_t>(std::max(0, hour))];
    }
};

/// Reads the years that have a load, 2006 to 2014.
inline HourlyLoad read_series(const std::filesystem::path& shared) {
    using namespace std::chrono;
    HourlyLoad series;
    for (const auto& row : test_support::measured_detail::rows_of(shared / "data/gefcom2014/E_Hourly.csv.gz")) {
        if (row.size() < 4 || row[2].empty() || row[0] == "Date") continue;
        series.load.push_back(std::stod(row[2]));
        series.temperature.push_back(std::stod(row[3]));
    }
    const sys_days first{year(2006) / January / 1};
    for (int day = 0; day <= series.hours() / day_hours; ++day) series.days.push_back(facts_of(first + days(day)));
    return series;
}

}  // namespace loadstar::bench::gefcom
