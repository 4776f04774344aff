#pragma once
#include "corpus/clock.hpp"
#include "corpus/like_days.hpp"
#include "corpus/row.hpp"

namespace loadstar::corpus {

/// When a works is manned: shifts by day, weekends, holidays, weeks of shutdown.
class ShiftCalendar {
  public:
    explicit ShiftCalendar(Random& random);
    /// Share of each point that is worked, 0..1.
    [[nodiscard]] Values working(const Clock& clock, int points) const;
    /// 1 on days that are worked, one half on shorter ones, 0 on those on which nobody works.
    [[nodiscard]] Values working_days(const Clock& clock, int points) const;

    /// Days on which as much is worked are alike.
    [[nodiscard]] LikeDays like_days(const Clock& clock, int points) const;

  private:
    /// What is worked of the shift that begins on one day, in hours after its midnight.
    struct Shift {
        double from = 0;
        double to = 0;
    };
    /// Each day from the one before the window to the end of its last point.
    [[nodiscard]] std::vector<Shift> shifts(const Clock& clock, int points) const;
    [[nodiscard]] Shift shift_of(int day) const;
    [[nodiscard]] double worked_of(const Shift& shift) const;
    [[nodiscard]] bool is_shut(int day) const;
    std::uint64_t seed_;
    double start_hour_;
    double hours_;
    double saturday_hours_ = 0;
    double sunday_hours_ = 0;
    double holiday_rate_;
    int shutdown_week_;  ///< of the year; -1 is none
    int shutdown_days_;
    double start_jitter_hours_;
};

}  // namespace loadstar::corpus
