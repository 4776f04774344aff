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

bool ShiftCalendar::is_shut(int day) const {
    const int since_shutdown = day % days_per_year - shutdown_week_ * days_per_week;
    return shutdown_week_ >= 0 && since_shutdown >= 0 && since_shutdown < shutdown_days_;
}

ShiftCalendar::Shift ShiftCalendar::shift_of(int day) const {
    const int weekday = day % days_per_week;
    const double hours = weekday == 5 ? saturday_hours_ : weekday == 6 ? sunday_hours_ : hours_;
    if (day < 0 || hours <= 0 || is_shut(day)) return {};
    Random random(seed_, static_cast<std::uint64_t>(day), 0);
    if (random.chance(holiday_rate_)) return {};
    const double jitter = start_jitter_hours_ > 0 && hours < 24 ? random.normal(0, start_jitter_hours_) : 0;
    return {.from = start_hour_ + jitter, .to = start_hour_ + jitter + hours};
}

std::vector<ShiftCalendar::Shift> ShiftCalendar::shifts(const Clock& clock, int points) const {
    std::vector<Shift> shifts;
    const int last = clock.day(points);
    for (int day = clock.day(0) - 1; day <= last; ++day) shifts.push_back(shift_of(day));
    return shifts;
}

Values ShiftCalendar::working(const Clock& clock, int points) const {
    Values share(static_cast<std::size_t>(points));
    const auto by_day = shifts(clock, points);
    const double step = clock.step_minutes / 60.0;
    const int days_per_point = std::max(1, clock.step_minutes / Clock::minutes_per_day);
    for (int i = 0; i < points; ++i) {
        const auto day = static_cast<std::size_t>(clock.day(i) - clock.day(0));  // by_day begins a day earlier
        const double from = clock.day_phase(i) * 24;
        double hours = 0;
        for (int d = -1; d < days_per_point; ++d) {
            const auto& shift = by_day[day + 1 + d];
            hours += std::max(0.0, std::min(from + step, shift.to + 24 * d) - std::max(from, shift.from + 24 * d));
        }
        share[static_cast<std::size_t>(i)] = std::min(1.0, hours / step);
    }
    return share;
}

Values ShiftCalendar::working_days(const Clock& clock, int points) const {
    Values flag(static_cast<std::size_t>(points));
    const auto by_day = shifts(clock, points);
    for (int i = 0; i < points; ++i) {
        const auto& shift = by_day[static_cast<std::size_t>(clock.day(i) - clock.day(0)) + 1];
        flag[static_cast<std::size_t>(i)] = worked_of(shift);
    }
    return flag;
}

LikeDays ShiftCalendar::like_days(const Clock& clock, int points) const {
    if (!clock.has_days()) return {};
    const auto by_day = shifts(clock, points);
    LikeDays days{.points = clock.whole_points_per_day(), .first = clock.place_in_day(0)};
    for (std::size_t day = 1; day < by_day.size(); ++day)
        days.types.push_back(static_cast<std::int8_t>(2 * worked_of(by_day[day])));
    return days;
}

double ShiftCalendar::worked_of(const Shift& shift) const {
    const double hours = shift.to - shift.from;
    return hours <= 0 ? 0 : hours < hours_ - 1e-9 ? 0.5 : 1;
}

}  // namespace loadstar::corpus
