#include "corpus/shift_calendar.hpp"

#include <algorithm>
#include <array>

namespace loadstar::corpus {
namespace {

constexpr int days_per_week = 7;
constexpr int days_per_year = 365;

}  // namespace

ShiftCalendar::ShiftCalendar(Random& random)
    : seed_(random.bits()),
      start_hour_(random.pick(std::array{5.0, 6.0, 6.0, 6.0, 7.0, 7.0, 7.5, 8.0, 8.0, 9.0})),
      hours_(random.pick(std::array{8.0, 8.5, 9.0, 10.0, 12.0, 16.0, 16.0, 18.0, 24.0, 24.0})),
      holiday_rate_(random.chance(0.4) ? 0 : random.log_uniform(0.005, 0.04)),
      shutdown_week_(random.chance(0.4) ? random.integer(0, 51) : -1),
      shutdown_days_(random.integer(5, 21)),
      start_jitter_hours_(random.chance(0.5) ? 0 : random.log_uniform(0.1, 1)) {
    const auto weekend = random.weighted(std::array{45.0, 25.0, 10.0, 20.0});
    saturday_hours_ = weekend == 0 ? 0 : weekend == 1 ? std::min(hours_, random.uniform(4, 10)) : hours_;
    sunday_hours_ = weekend == 3 ? hours_ : 0;
}

bool ShiftCalendar::is_free(int day) const {
    const int day_of_year = day % days_per_year;
    const int first = shutdown_week_ * days_per_week;
    if (shutdown_week_ >= 0 && day_of_year >= first && day_of_year < first + shutdown_days_) return true;
    return Random(seed_, static_cast<std::uint64_t>(day), 0).chance(holiday_rate_);
}

// Hours of the shift that begins on this day and falls into a stretch of hours after its midnight, as a share of it.
double ShiftCalendar::worked_share(int day, double from, double to) const {
    if (day < 0 || is_free(day)) return 0;
    const int weekday = day % days_per_week;
    const double hours = weekday == 5 ? saturday_hours_ : weekday == 6 ? sunday_hours_ : hours_;
    if (hours <= 0) return 0;
    const double jitter =
        start_jitter_hours_ > 0 ? Random(seed_, static_cast<std::uint64_t>(day), 1).normal(0, start_jitter_hours_) : 0;
    const double start = start_hour_ + (hours < 24 ? jitter : 0);
    return std::max(0.0, std::min(to, start + hours) - std::max(from, start)) / (to - from);
}

Values ShiftCalendar::working(const Clock& clock, int points) const {
    Values share(static_cast<std::size_t>(points));
    const double step = clock.step_minutes / 60.0;
    const int days_per_point = std::max(1, clock.step_minutes / Clock::minutes_per_day);
    for (int i = 0; i < points; ++i) {
        const int day = clock.day(i);
        const double from = clock.day_phase(i) * 24;
        double sum = 0;
        for (int d = -1; d < days_per_point; ++d) sum += worked_share(day + d, from - 24.0 * d, from + step - 24.0 * d);
        share[static_cast<std::size_t>(i)] = std::min(1.0, sum);
    }
    return share;
}

Values ShiftCalendar::working_days(const Clock& clock, int points) const {
    Values flag(static_cast<std::size_t>(points));
    for (int i = 0; i < points; ++i) {
        flag[static_cast<std::size_t>(i)] = worked_share(clock.day(i), 0, 48) > 0 ? 1 : 0;
    }
    return flag;
}

}  // namespace loadstar::corpus
