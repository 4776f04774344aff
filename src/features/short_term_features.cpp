#include "features/short_term_features.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>

#include "features/slot_features.hpp"

namespace loadstar::features {
namespace {

constexpr int week = 7;
constexpr int month = 28;
constexpr int hours_per_day = 24;
constexpr int single_lags = 8;

double at(const std::vector<double>& profile, int slot) { return profile[static_cast<std::size_t>(slot)]; }

/// The last day before an issue, latest value first.
std::vector<double> latest_values(const Seen& seen) {
    std::vector<double> values;
    for (int back = 1; back <= seen.grid().slots(); ++back) {
        const auto cell = seen.grid().moved(seen.end(), -back);
        values.push_back(seen.value(cell.day, cell.slot));
    }
    return values;
}

struct Range {
    double mean = 0;
    double low = 0;
    double high = 0;
    double spread = 0;  ///< standard deviation
};

Range range_of(const std::vector<double>& values, std::size_t count) {
    Range range{.low = values[0], .high = values[0]};
    double squares = 0;
    for (std::size_t back = 0; back < count; ++back) {
        range.mean += values[back];
        squares += values[back] * values[back];
        range.low = std::min(range.low, values[back]);
        range.high = std::max(range.high, values[back]);
    }
    const auto number = static_cast<double>(count);
    range.mean /= number;
    range.spread = std::sqrt(std::max(0.0, squares / number - range.mean * range.mean));
    return range;
}

/// For how many slots the latest value has stood unchanged.
double unchanged_slots(const std::vector<double>& values) {
    std::size_t count = 1;
    while (count < values.size() && values[count] == values[0]) ++count;
    return static_cast<double>(count);
}

/// For how many slots the plant has been above (positive) or below (negative) the middle of the last day's range.
double slots_in_state(const std::vector<double>& values, const Range& day) {
    const double middle = (day.low + day.high) / 2;
    const bool high = values[0] > middle;
    std::size_t count = 1;
    while (count < values.size() && (values[count] > middle) == high) ++count;
    return (high ? 1.0 : -1.0) * static_cast<double>(count);
}

std::vector<double> quantile_profile(const Seen& seen, const std::vector<int>& days, double probability) {
    const int slots = seen.grid().slots();
    const int reach = std::max(1, slots / 48);
    std::vector<double> profile;
    std::vector<double> pool;
    for (int slot = 0; slot < slots; ++slot) {
        pool.clear();
        for (const int day : days) {
            for (int near = std::max(0, slot - reach); near <= std::min(slots - 1, slot + reach); ++near)
                pool.push_back(seen.value(day, near));
        }
        const auto place = static_cast<std::size_t>(probability * static_cast<double>(pool.size() - 1) + 0.5);
        std::nth_element(pool.begin(), pool.begin() + static_cast<std::ptrdiff_t>(place), pool.end());
        profile.push_back(pool[place]);
    }
    return profile;
}

UsualDay usual_of(const Seen& seen, int day) {
    const auto days = alike_days(seen, day, 8);
    const std::vector<int> three(days.begin(), days.begin() + std::min<std::ptrdiff_t>(3, std::ssize(days)));
    std::vector<int> last;
    for (int past = std::max(0, seen.whole_days() - month); past < seen.whole_days(); ++past) last.push_back(past);
    return {.type_1 = mean_profile(seen, {days.front()}),
            .type_3 = mean_profile(seen, three),
            .type_8 = mean_profile(seen, days),
            .low = quantile_profile(seen, days, 0.1),
            .high = quantile_profile(seen, days, 0.9),
            .month = mean_profile(seen, last)};
}

/// The target and the present as cells, and what is usual on their days.
struct Place {
    Seen seen;
    Cell now;     ///< the last known slot
    Cell target;  ///< to be predicted
    int hour;     ///< slots of one
};

using Features = std::vector<Feature>;

void add_calendar(Features& features, const Place& place) {
    const auto& grid = place.seen.grid();
    const int day = place.target.day;
    features.push_back({"slot", static_cast<double>(place.target.slot)});
    features.push_back({"slot_of_hour", static_cast<double>(place.target.slot % place.hour)});
    features.push_back({"weekday", static_cast<double>(grid.weekday(day))});
    features.push_back({"day_type", static_cast<double>(grid.day_type(day))});
    features.push_back({"type_before", static_cast<double>(grid.day_type(day - 1))});
    features.push_back({"type_after", static_cast<double>(grid.day_type(day + 1))});
}

void add_latest(Features& features, const std::vector<double>& values, int hour) {
    constexpr std::array<const char*, single_lags> lags{"last_1", "last_2", "last_3", "last_4",
                                                        "last_5", "last_6", "last_7", "last_8"};
    for (std::size_t back = 0; back < lags.size(); ++back)
        features.push_back({lags[back], values[std::min(back, values.size() - 1)]});
    const auto changed = [&](std::size_t back) { return values[0] - values[std::min(back, values.size() - 1)]; };
    const auto of_hour = static_cast<std::size_t>(hour);
    features.push_back({"change_1", changed(1)});
    features.push_back({"change_2", changed(2)});
    features.push_back({"change_hour", changed(of_hour)});
    features.push_back({"change_3_hours", changed(3 * of_hour)});
    features.push_back({"unchanged", unchanged_slots(values)});
}

void add_ranges(Features& features, const std::vector<double>& values, int hour) {
    const auto range = [&](int hours) {
        return range_of(values, std::min(values.size(), static_cast<std::size_t>(hours * hour)));
    };
    const auto one = range(1);
    const auto two = range(2);
    const auto four = range(4);
    const auto eight = range(8);
    const auto day = range(hours_per_day);
    features.insert(features.end(), {{"mean_hour", one.mean},
                                     {"spread_hour", one.spread},
                                     {"mean_2_hours", two.mean},
                                     {"low_2_hours", two.low},
                                     {"high_2_hours", two.high},
                                     {"mean_4_hours", four.mean},
                                     {"spread_4_hours", four.spread},
                                     {"mean_8_hours", eight.mean},
                                     {"low_8_hours", eight.low},
                                     {"high_8_hours", eight.high},
                                     {"mean_day", day.mean},
                                     {"low_day", day.low},
                                     {"high_day", day.high},
                                     {"in_state", slots_in_state(values, day)}});
}

/// What is usual at the target, how it goes on from now, and how far now departs from it.
void add_usual(Features& features, const Place& place, const UsualDay& then, const UsualDay& now) {
    const int slot = place.target.slot;
    const double last = place.seen.value(place.now.day, place.now.slot);
    const double change_3 = at(then.type_3, slot) - at(now.type_3, place.now.slot);
    const double change_8 = at(then.type_8, slot) - at(now.type_8, place.now.slot);
    features.insert(features.end(), {{"type_1", at(then.type_1, slot)},
                                     {"type_3", at(then.type_3, slot)},
                                     {"type_8", at(then.type_8, slot)},
                                     {"type_low", at(then.low, slot)},
                                     {"type_high", at(then.high, slot)},
                                     {"month", at(then.month, slot)},
                                     {"type_3_change", change_3},
                                     {"type_8_change", change_8},
                                     {"month_change", at(then.month, slot) - at(now.month, place.now.slot)},
                                     {"type_3_moved", last + change_3},
                                     {"type_8_moved", last + change_8},
                                     {"type_3_departure", last - at(now.type_3, place.now.slot)},
                                     {"type_8_departure", last - at(now.type_8, place.now.slot)}});
}

/// Same slots of earlier days.
void add_earlier(Features& features, const Place& place) {
    const auto& seen = place.seen;
    const auto earlier = [&](Cell cell, int days) { return seen.value(cell.day - days, cell.slot); };
    features.insert(features.end(),
                    {{"day_1", earlier(place.target, 1)},
                     {"day_1_change", earlier(place.target, 1) - earlier(place.now, 1)},
                     {"day_2", earlier(place.target, 2)},
                     {"week_1", earlier(place.target, week)},
                     {"week_1_change", earlier(place.target, week) - earlier(place.now, week)},
                     {"week_2", earlier(place.target, 2 * week)},
                     {"week_2_change", earlier(place.target, 2 * week) - earlier(place.now, 2 * week)}});
}

/// Mean departure of the last slots from what is usual.
double mean_departure(const Place& place, const UsualDay& usual, int count) {
    double sum = 0;
    const int first = std::max(0, place.now.slot - count + 1);
    for (int slot = first; slot <= place.now.slot; ++slot)
        sum += place.seen.value(place.now.day, slot) - at(usual.type_8, slot);
    return sum / (place.now.slot - first + 1);
}

}  // namespace

const UsualDay& ShortTermFeatures::usual(int issue_day, int day) {
    const auto found = usual_.find({issue_day, day});
    if (found != usual_.end()) return found->second;
    const Seen midnight(*grid_, {.day = issue_day, .slot = 0});
    return usual_.emplace(std::pair{issue_day, day}, usual_of(midnight, day)).first->second;
}

std::vector<Feature> ShortTermFeatures::at(Cell end, int ahead) {
    const Place place{.seen = Seen(*grid_, end),
                      .now = grid_->moved(end, -1),
                      .target = grid_->moved(end, ahead),
                      .hour = std::max(1, grid_->slots() / hours_per_day)};
    const auto values = latest_values(place.seen);
    const auto& now = usual(place.now.day, place.now.day);
    Features features;
    add_calendar(features, place);
    add_latest(features, values, place.hour);
    add_ranges(features, values, place.hour);
    add_usual(features, place, usual(place.now.day, place.target.day), now);
    add_earlier(features, place);
    features.push_back({"departure_hour", mean_departure(place, now, place.hour)});
    features.push_back({"departure_4_hours", mean_departure(place, now, 4 * place.hour)});
    return features;
}

}  // namespace loadstar::features
