#pragma once
// When the points of a window were: the step between them, and where they stand in day, week and year.

#include <cmath>
#include <cstdint>

#include "corpus/random.hpp"

namespace loadstar::corpus {

/// Time of the points of a window, in local minutes since the midnight that begins a year and a Monday.
struct Clock {
    static constexpr int minutes_per_day = 1440;
    static constexpr double minutes_per_year = 365.25 * minutes_per_day;

    int step_minutes = 60;
    std::int64_t start_minutes = 0;

    [[nodiscard]] std::int64_t minute(int point) const {
        return start_minutes + static_cast<std::int64_t>(point) * step_minutes;
    }
    [[nodiscard]] int day(int point) const { return static_cast<int>(minute(point) / minutes_per_day); }
    [[nodiscard]] int weekday(int point) const { return day(point) % 7; }
    /// 0 at midnight, below 1.
    [[nodiscard]] double day_phase(int point) const {
        return static_cast<double>(minute(point) % minutes_per_day) / minutes_per_day;
    }
    /// 0 at the start of the year, below 1.
    [[nodiscard]] double year_phase(int point) const {
        const double years = static_cast<double>(minute(point)) / minutes_per_year;
        return years - std::floor(years);
    }
    [[nodiscard]] double points_per_day() const { return static_cast<double>(minutes_per_day) / step_minutes; }
    /// Only where a day has a whole number of them.
    [[nodiscard]] int whole_points_per_day() const { return minutes_per_day / step_minutes; }
    [[nodiscard]] int place_in_day(int point) const {
        return static_cast<int>(minute(point) % minutes_per_day) / step_minutes;
    }
    [[nodiscard]] bool has_days() const { return step_minutes < minutes_per_day / 2; }
    /// How many points a time takes; may be a fraction.
    [[nodiscard]] double points_in(double hours) const { return hours * 60 / step_minutes; }
    [[nodiscard]] int days_spanned(int points) const { return day(points - 1) - day(0) + 1; }
};

/// A step as meters have it, mostly a quarter of an hour or an hour, and a random start.
Clock draw_clock(Random& random);

/// A period such as series of this step have, in points, at least 3: a day, a week, a shift, a batch, any.
double draw_period(Random& random, const Clock& clock, int points);

}  // namespace loadstar::corpus
