#pragma once
// Absolute time. Everything inside Loadstar is UTC; local time exists only at the edge (base/time_zone.hpp).

#include <chrono>
#include <string>
#include <string_view>

#include "base/quantity.hpp"
#include "base/result.hpp"

namespace loadstar {

using Duration = std::chrono::milliseconds;
using Instant = std::chrono::sys_time<Duration>;

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

/// Length of a duration in hours, the base unit of Quantity.
constexpr Hours to_hours(Duration duration) { return Hours(static_cast<double>(duration.count()) / 3'600'000.0); }

/// RFC 3339 in UTC: "2018-03-06T00:00:00Z"; milliseconds only when not zero.
std::string to_string(Instant instant);

/// Parses RFC 3339 with `Z` or a numeric offset ("2022-08-31 22:00:00+00:00" too). Errors: invalid_input.
Result<Instant> parse_instant(std::string_view text);

/// A run of equal UTC slots [start + i step, start + (i+1) step), i = 0 .. slots-1.
struct Horizon {
    Instant start{};
    Duration step{minutes(15)};
    int slots = 0;

    [[nodiscard]] Instant slot_start(int slot) const { return start + slot * step; }
    [[nodiscard]] Instant end() const { return start + slots * step; }
    /// Slot that contains the instant; may lie outside 0..slots-1.
    [[nodiscard]] int slot_of(Instant instant) const {
        const auto offset = instant - start;
        auto slot = offset / step;
        if (offset % step < Duration(0)) --slot;
        return static_cast<int>(slot);
    }
    [[nodiscard]] Hours step_hours() const { return to_hours(step); }
    bool operator==(const Horizon&) const = default;
};

/// Tells the time. Injected everywhere so that tests and replays decide what "now" is.
class Clock {
  public:
    virtual ~Clock() = default;
    [[nodiscard]] virtual Instant now() const = 0;
};

/// The machine's clock.
class SystemClock final : public Clock {
  public:
    [[nodiscard]] Instant now() const override;
};

/// A clock that stands still until it is set.
class FixedClock final : public Clock {
  public:
    explicit FixedClock(Instant now) : now_(now) {}
    [[nodiscard]] Instant now() const override { return now_; }
    void set(Instant now) { now_ = now; }

  private:
    Instant now_;
};

}  // namespace loadstar
