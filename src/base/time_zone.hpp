#pragma once
// The only door between local and absolute time. Built on Hinnant's date and the operating system's zone rules.

#include <memory>
#include <string>
#include <string_view>

#include "base/instant.hpp"
#include "base/result.hpp"

namespace loadstar {

using LocalDay = std::chrono::year_month_day;

/// A wall-clock reading in some zone, without saying which of two repeated hours it is.
struct CivilTime {
    int year = 1970;
    unsigned month = 1;  ///< 1..12
    unsigned day = 1;    ///< 1..31
    int hour = 0;        ///< 0..23
    int minute = 0;
    int second = 0;
    int millisecond = 0;

    [[nodiscard]] LocalDay date() const;
    /// Minutes since local midnight as the wall clock shows them, 0..1439.
    [[nodiscard]] int minute_of_day() const { return hour * 60 + minute; }
    auto operator<=>(const CivilTime&) const = default;
};

/// 0 = Monday .. 6 = Sunday (ISO order).
int weekday_from_monday(LocalDay day);
/// "2018-03-06"
std::string to_string(LocalDay day);
/// Parses "2018-03-06". Errors: invalid_input.
Result<LocalDay> parse_day(std::string_view text);
LocalDay add_days(LocalDay day, int count);
/// Whole days from `from` to `to`.
int days_between(LocalDay from, LocalDay to);

/// Which of the instants a local time may mean.
struct LocalMapping {
    enum class Kind { unique, repeated, skipped };
    Kind kind = Kind::unique;
    Instant first;   ///< unique: the instant; repeated: the earlier; skipped: the instant of the jump
    Instant second;  ///< repeated: the later; otherwise equal to first
};

/// A named zone. Cheap to copy. Not for concurrent use of one object (it caches the current rule); copy per thread.
class TimeZone {
  public:
    /// Finds an IANA zone such as "Asia/Shanghai" or "UTC". Errors: not_found, with the nearest known name as hint.
    static Result<TimeZone> find(const std::string& name);

    [[nodiscard]] const std::string& name() const;
    [[nodiscard]] CivilTime to_civil(Instant instant) const;
    /// All instants a wall-clock reading can mean; deciding is the caller's business.
    [[nodiscard]] LocalMapping to_instant(const CivilTime& civil) const;
    /// Offset from UTC in force at the instant.
    [[nodiscard]] std::chrono::seconds offset(Instant instant) const;

    [[nodiscard]] LocalDay day_of(Instant instant) const;
    /// First instant of a local day (the jump itself where midnight is skipped).
    [[nodiscard]] Instant start_of_day(LocalDay day) const;
    /// First instant of a local month.
    [[nodiscard]] Instant start_of_month(std::chrono::year_month month) const;
    /// "2018-03-06T00:00:00+09:00"
    [[nodiscard]] std::string format(Instant instant) const;

  private:
    struct Rules;
    explicit TimeZone(std::shared_ptr<const Rules> rules);
    struct Interval {  ///< the rule in force around the last query
        Instant begin = Instant::max();
        Instant end = Instant::min();
        std::chrono::seconds offset{0};
    };
    [[nodiscard]] const Interval& interval_at(Instant instant) const;
    std::shared_ptr<const Rules> rules_;
    mutable Interval cached_;
};

/// Parses "2018-03". Errors: invalid_input.
Result<std::chrono::year_month> parse_month(std::string_view text);
std::string to_string(std::chrono::year_month month);

}  // namespace loadstar
