// Loads that follow the calendar: a shape by day, other shapes at weekends and on holidays, levels that drift.
#include "corpus/calendar_load.hpp"

#include <algorithm>
#include <array>

#include "corpus/cycle.hpp"
#include "corpus/day_levels.hpp"
#include "corpus/noise.hpp"
#include "corpus/process.hpp"
#include "corpus/scene.hpp"

namespace loadstar::corpus {
namespace {

/// What each day of the week looks like.
struct WeekOfShapes {
    std::array<Cycle, 3> shapes;            ///< working day, Saturday, Sunday and holidays
    std::array<std::size_t, 7> shape_of{};  ///< [weekday, Monday first]
    std::array<double, 7> height{};         ///< [weekday] factor of the shape
    double base = 0;
};

WeekOfShapes draw_week(Random& random) {
    WeekOfShapes week;
    week.shapes[0] = draw_day_shape(random);
    const double change = random.log_uniform(0.02, 0.6);
    week.shapes[1] = random.chance(0.2) ? draw_day_shape(random) : varied_day_shape(random, week.shapes[0], change);
    week.shapes[2] = random.chance(0.5) ? week.shapes[1] : varied_day_shape(random, week.shapes[1], change);
    week.shape_of = {0, 0, 0, 0, 0, 1, 2};
    week.height.fill(1);
    const double between_days = random.chance(0.5) ? 0 : random.uniform(0, 0.1);
    for (auto& height : week.height) height += between_days * random.normal();
    const auto kind = random.weighted(std::array{35.0, 35.0, 20.0, 10.0});
    const double saturday = kind == 0 ? 1 : kind == 1 ? random.uniform(0.4, 1) : random.uniform(0, 0.4);
    const double sunday = kind == 0 ? 1 : kind == 3 ? random.uniform(0.9, 1.4) : saturday * random.uniform(0, 1);
    week.height[5] *= saturday;
    week.height[6] *= sunday;
    week.base = random.chance(0.2) ? 0 : random.log_uniform(0.05, 5);
    return week;
}

/// Days that are lived like Sundays though they are none, alone or in runs.
std::vector<char> draw_holidays(Random& random, int days) {
    std::vector<char> holidays(static_cast<std::size_t>(days), 0);
    if (random.chance(0.4)) return holidays;
    const double rate = random.log_uniform(0.005, 0.04);
    for (std::size_t day = 0; day < holidays.size(); ++day) {
        if (!random.chance(rate)) continue;
        const auto length = static_cast<std::size_t>(random.chance(0.8) ? 1 : random.integer(2, 9));
        for (std::size_t i = day; i < std::min(day + length, holidays.size()); ++i) holidays[i] = 1;
    }
    return holidays;
}

}  // namespace

LikeDays draw_calendar_load(Random& random, const Clock& clock, Row row) {
    const int points = static_cast<int>(row.size());
    const int days = clock.days_spanned(points) + 1;
    const WeekOfShapes week = draw_week(random);
    const auto holidays = draw_holidays(random, days);
    DayLevels levels(random, days);
    const double night_follows = random.uniform();  // how much the base follows the level of the day
    const double shift_of_phase = random.uniform(-0.1, 0.1);
    Noise noise(random);
    const double noise_level = 0.5 * draw_noise_level(random);
    const bool has_days = clock.has_days();
    for (int i = 0; i < points; ++i) {
        const auto day = static_cast<std::size_t>(clock.day(i) - clock.day(0));
        const auto weekday = static_cast<std::size_t>(holidays[day] != 0 ? 6 : clock.weekday(i));
        const double shape = has_days ? week.shapes[week.shape_of[weekday]].at(clock.day_phase(i) + shift_of_phase) : 1;
        const double level = levels.at(static_cast<double>(day) + clock.day_phase(i));
        const double active = week.height[weekday] * shape * level;
        row[static_cast<std::size_t>(i)] = week.base * (1 + night_follows * (level - 1)) + active +
                                           noise_level * (0.15 + 0.4 * std::abs(active)) * noise.next(random);
    }
    if (!has_days) return {};
    LikeDays like{.points = clock.whole_points_per_day(), .first = clock.place_in_day(0)};
    for (int day = 0; day < days; ++day) {
        const int weekday = holidays[static_cast<std::size_t>(day)] != 0 ? 6 : (clock.day(0) + day) % 7;
        like.types.push_back(static_cast<std::int8_t>(std::max(0, weekday - 4)));
    }
    return like;
}

void fill_calendar_load(Random& random, const Clock& clock, Row row) { draw_calendar_load(random, clock, row); }

void fill_working_week(Random& random, const Clock& clock, Panel& panel) {
    const Row load = panel.add(Role::target);
    const auto like = draw_calendar_load(random, clock, load);
    standardise(load);
    if (random.chance(0.3)) {
        Values other(load.size());
        fill_mixture(random, clock, other);
        add_scaled(load, other, random.log_uniform(0.1, 1));
    }
    if (random.chance(0.8)) panel.set_like(like);
    if (!like.any() || panel.room() < 1 || !random.chance(0.9)) return;
    const double saturday = random.pick(std::array{0.5, 0.5, 0.0, 1.0});
    const std::array<double, 3> worked{1, saturday, 0};  // [type]
    const Row flag = panel.add(Role::ahead);
    for (int i = 0; i < panel.points(); ++i) {
        const auto day = static_cast<std::size_t>((like.first + i) / like.points);
        flag[static_cast<std::size_t>(i)] = worked[static_cast<std::size_t>(like.types[day])];
    }
}

}  // namespace loadstar::corpus
