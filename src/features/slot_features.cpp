#include "features/slot_features.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "features/columns.hpp"
#include "features/covariate_features.hpp"

namespace loadstar::features {
namespace {

constexpr int week = 7;
constexpr int month = 28;
constexpr int hours_per_day = 24;

double mean_of(const Profile& values, int from, int to) {
    double sum = 0;
    for (int at = from; at < to; ++at) sum += values[static_cast<std::size_t>(at)];
    return to > from ? sum / (to - from) : 0;
}

double safe_ratio(double above, double below) {
    constexpr double least = 0.1;
    constexpr double most = 5;
    if (below == 0) return 1;
    return std::clamp(above / below, least, most);
}

Profile day_profile(const Seen& seen, int day) { return mean_profile(seen, {day}); }

/// Mean over a window of `reach` slots to each side, within the day.
Profile smoothed(const Profile& profile, int reach) {
    Profile result;
    const int slots = static_cast<int>(profile.size());
    for (int slot = 0; slot < slots; ++slot) {
        result.push_back(mean_of(profile, std::max(0, slot - reach), std::min(slots, slot + reach + 1)));
    }
    return result;
}

/// The last `count` known cells, oldest first, and what was usual for days of their type.
struct Recent {
    Profile values;
    Profile usual;
};

Recent recent_cells(const Seen& seen, int count) {
    Recent recent;
    const int slots = seen.grid().slots();
    const auto today = mean_profile(seen, alike_days(seen, seen.end().day, 3));
    const Seen yesterday(seen.grid(), {.day = seen.end().day - 1, .slot = seen.end().slot});
    const auto before = mean_profile(yesterday, alike_days(yesterday, seen.end().day - 1, 3));
    for (int back = count; back > 0; --back) {
        const int at = seen.end().slot - back;
        const bool is_today = at >= 0;
        const int slot = is_today ? at : at + slots;
        recent.values.push_back(seen.value(is_today ? seen.end().day : seen.end().day - 1, slot));
        recent.usual.push_back((is_today ? today : before)[static_cast<std::size_t>(slot)]);
    }
    return recent;
}

int rest_days_in_a_row(const DayGrid& grid, int day, int direction) {
    int count = 0;
    while (count < week && grid.day_type(day + direction * (count + 1)) != DayType::working) ++count;
    return count;
}

void add_calendar(Columns& columns, const DayGrid& grid, int day) {
    Profile slots;
    Profile hours;
    for (int slot = 0; slot < grid.slots(); ++slot) {
        slots.push_back(slot);
        hours.push_back(slot * hours_per_day / grid.slots());
    }
    columns.add_relative("slot", slots);
    columns.add_relative("hour", hours);
    columns.add_relative("weekday", grid.weekday(day));
    columns.add_relative("day_type", static_cast<double>(grid.day_type(day)));
    columns.add_relative("type_before", static_cast<double>(grid.day_type(day - 1)));
    columns.add_relative("type_after", static_cast<double>(grid.day_type(day + 1)));
    columns.add_relative("rest_before", rest_days_in_a_row(grid, day, -1));
    columns.add_relative("rest_after", rest_days_in_a_row(grid, day, 1));
}

void add_season(Columns& columns, LocalDay date) {
    constexpr double year_days = 365.25;
    const int day_of_year = days_between(LocalDay{date.year(), std::chrono::January, std::chrono::day{1}}, date);
    columns.add_relative("season_sine", std::sin(2 * std::numbers::pi * day_of_year / year_days));
    columns.add_relative("season_cosine", std::cos(2 * std::numbers::pi * day_of_year / year_days));
}

/// Spread and quantiles of the same slot, and its neighbours, over days of the same type.
void add_climate(Columns& columns, const Seen& seen, const std::vector<int>& days) {
    const int slots = seen.grid().slots();
    const int reach = std::max(1, slots / hours_per_day / 2);
    std::array<Profile, 4> quantiles;
    constexpr std::array<double, 4> wanted{0.1, 0.3, 0.7, 0.9};
    std::vector<double> pool;
    for (int slot = 0; slot < slots; ++slot) {
        pool.clear();
        for (const int day : days) {
            for (int near = std::max(0, slot - reach); near <= std::min(slots - 1, slot + reach); ++near) {
                pool.push_back(seen.value(day, near));
            }
        }
        std::sort(pool.begin(), pool.end());
        for (std::size_t at = 0; at < wanted.size(); ++at) {
            const auto index = static_cast<std::size_t>(wanted[at] * static_cast<double>(pool.size() - 1) + 0.5);
            quantiles[at].push_back(pool[index]);
        }
    }
    const std::array<const char*, 4> names{"climate_10", "climate_30", "climate_70", "climate_90"};
    for (std::size_t at = 0; at < wanted.size(); ++at) columns.add(names[at], std::move(quantiles[at]));
}

/// The same slot on the same weekday of the last four known weeks.
void add_weeks(Columns& columns, const Seen& seen, int day) {
    int last = day - week;
    while (last >= seen.whole_days()) last -= week;
    std::vector<Profile> weeks;
    for (int count = 0; count < 4; ++count) weeks.push_back(day_profile(seen, std::max(0, last - count * week)));
    Profile mean;
    Profile low;
    Profile high;
    for (std::size_t slot = 0; slot < weeks[0].size(); ++slot) {
        const auto [least, most] = std::minmax({weeks[0][slot], weeks[1][slot], weeks[2][slot], weeks[3][slot]});
        mean.push_back((weeks[0][slot] + weeks[1][slot] + weeks[2][slot] + weeks[3][slot]) / 4);
        low.push_back(least);
        high.push_back(most);
    }
    columns.add("week_1", weeks[0]);
    columns.add("week_2", weeks[1]);
    columns.add("week_1_smooth", smoothed(weeks[0], std::max(1, seen.grid().slots() / hours_per_day)));
    columns.add("weeks_mean", std::move(mean));
    columns.add("weeks_low", std::move(low));
    columns.add("weeks_high", std::move(high));
}

/// The latest days, whatever their type.
void add_days(Columns& columns, const Seen& seen) {
    const int last = seen.whole_days() - 1;
    const auto yesterday = day_profile(seen, last);
    Profile latest = yesterday;
    for (int slot = 0; slot < seen.end().slot; ++slot) {
        latest[static_cast<std::size_t>(slot)] = seen.value(seen.end().day, slot);
    }
    const int hour = std::max(1, seen.grid().slots() / hours_per_day);
    columns.add("latest", latest);
    columns.add("latest_smooth", smoothed(latest, hour));
    columns.add("day_1", yesterday);
    columns.add("day_2", day_profile(seen, std::max(0, last - 1)));
    std::vector<int> days;
    for (int day = std::max(0, last - month + 1); day <= last; ++day) days.push_back(day);
    const auto monthly = mean_profile(seen, days);
    columns.add("month_slot", monthly);
    columns.add("month_level", mean_of(monthly, 0, seen.grid().slots()));
    days.erase(days.begin(), days.end() - std::min<std::ptrdiff_t>(week, static_cast<std::ptrdiff_t>(days.size())));
    const auto weekly = mean_profile(seen, days);
    columns.add("week_slot", weekly);
    columns.add("week_level", mean_of(weekly, 0, seen.grid().slots()));
    columns.add("day_level", mean_of(yesterday, 0, seen.grid().slots()));
}

/// Profiles of days of the same type, also moved by what this morning departed from the usual.
void add_profiles(Columns& columns, const Seen& seen, int day, const Recent& recent) {
    const int slots = seen.grid().slots();
    const auto days = alike_days(seen, day, 12);
    const auto first = [&](std::size_t count) {
        return std::vector<int>(days.begin(), days.begin() + static_cast<std::ptrdiff_t>(std::min(count, days.size())));
    };
    const auto profile = mean_profile(seen, first(3));
    const int count = static_cast<int>(recent.values.size());
    const int morning = std::clamp(seen.end().slot, std::max(1, slots / 6), slots);
    const double value = mean_of(recent.values, count - morning, count);
    const double usual = mean_of(recent.usual, count - morning, count);
    Profile adjusted = profile;
    Profile scaled = profile;
    for (auto& one : adjusted) one += value - usual;
    for (auto& one : scaled) one *= safe_ratio(value, usual);
    const int hour = std::max(1, slots / hours_per_day);
    columns.add("type_1", day_profile(seen, days.front()));
    columns.add("type_3", profile);
    columns.add("type_3_adjusted", std::move(adjusted));
    columns.add("type_3_scaled", std::move(scaled));
    columns.add("type_3_smooth", smoothed(profile, hour));
    columns.add("type_8", mean_profile(seen, first(8)));
    columns.add_relative("morning_departure", value - usual);
    columns.add_relative("morning_ratio", safe_ratio(value, usual));
    add_climate(columns, seen, days);
}

/// How the last day went, hour by hour nearer to the issue time.
void add_recent(Columns& columns, const Recent& recent, int hour) {
    const int count = static_cast<int>(recent.values.size());
    const int four_hours = std::min(count, 4 * hour);
    const int ten_hours = std::min(count, 10 * hour);
    int low = 0;
    for (std::size_t at = 0; at < recent.values.size(); ++at) low += recent.values[at] < recent.usual[at] / 2 ? 1 : 0;
    columns.add("last", recent.values.back());
    columns.add("last_hour", mean_of(recent.values, count - hour, count));
    columns.add("last_4_hours", mean_of(recent.values, count - four_hours, count));
    columns.add("last_4_usual", mean_of(recent.usual, count - four_hours, count));
    const auto [least, largest] = std::minmax_element(recent.values.end() - ten_hours, recent.values.end());
    columns.add("last_10_largest", *largest);
    columns.add("last_10_least", *least);
    columns.add("last_day", mean_of(recent.values, 0, count));
    columns.add_relative("last_day_departure", mean_of(recent.values, 0, count) - mean_of(recent.usual, 0, count));
    columns.add_relative("low_share", static_cast<double>(low) / count);
}

}  // namespace

std::vector<double> mean_profile(const Seen& seen, const std::vector<int>& days) {
    Profile profile(static_cast<std::size_t>(seen.grid().slots()), 0.0);
    for (const int day : days) {
        for (int slot = 0; slot < seen.grid().slots(); ++slot) {
            profile[static_cast<std::size_t>(slot)] += seen.value(day, slot) / static_cast<double>(days.size());
        }
    }
    return profile;
}

std::vector<int> alike_days(const Seen& seen, int day, int count) {
    auto days = same_type_days(seen, day, count);
    if (!days.empty()) return days;
    for (int past = seen.whole_days() - 1; past >= 0 && static_cast<int>(days.size()) < count; --past) {
        days.push_back(past);
    }
    return days;
}

std::vector<int> same_type_days(const Seen& seen, int day, int count) {
    std::vector<int> found;
    const auto type = seen.grid().day_type(day);
    for (int past = std::min(seen.whole_days(), day) - 1; past >= 0 && static_cast<int>(found.size()) < count; --past) {
        if (seen.grid().day_type(past) == type) found.push_back(past);
    }
    return found;
}

FeatureRows slot_features(const Seen& seen, int day, const FeatureSettings& settings) {
    Columns columns(seen.grid().slots());
    const auto recent = recent_cells(seen, seen.grid().slots());
    add_calendar(columns, seen.grid(), day);
    if (settings.season) add_season(columns, seen.grid().day(day));
    add_profiles(columns, seen, day, recent);
    add_weeks(columns, seen, day);
    add_days(columns, seen);
    add_recent(columns, recent, std::max(1, seen.grid().slots() / hours_per_day));
    add_covariates(columns, seen, day);
    return columns.rows();
}

}  // namespace loadstar::features
