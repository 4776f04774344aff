#pragma once
// Stamps of a wall clock into instants, through repeated and skipped hours. Internal to layer ingest.

#include <cstdint>
#include <limits>

#include "base/time_zone.hpp"
#include "ingest/stamp.hpp"
#include "series/series.hpp"
#include "site/source.hpp"

namespace loadstar::ingest {

/// Follows the stamps of one logger through hours that the wall clock shows twice: the order of its rows tells the
/// first pass from the second, whether the file runs forward or backward.
class RepeatedHourTracker {
  public:
    /// @param local     stamp of the row, ms on the wall clock
    /// @param repeated  whether the start of its interval is a repeated time
    /// @return          true for the second pass
    bool is_second(std::int64_t local, bool repeated);
    /// Remembers the stamp of every row.
    void note(std::int64_t local) { previous_ = local; }

  private:
    static constexpr std::int64_t none = std::numeric_limits<std::int64_t>::min() / 2;
    std::int64_t previous_ = none;
    std::int64_t anchor_ = none;  ///< last stamp in the repeated hour
    bool descending_ = false;
    bool second_ = false;
};

/// What a stamp of a file means for one kind of column.
struct StampMeaning {
    Duration step{0};
    bool is_instant = false;  ///< of a counter: the moment of reading, whatever the stamp marks
    bool operator==(const StampMeaning&) const = default;
};

/// An instant, or the reason why there is none.
struct Moment {
    Instant at;
    Reason reason = Reason::measured;  ///< measured, repeated_hour; rejected_skipped_hour, rejected_bad_stamp
};

/// Turns stamps into instants by the rules of a source.
class StampResolver {
  public:
    StampResolver(TimeZone zone, StampFormat format, RepeatedHour repeated)
        : zone_(std::move(zone)), format_(std::move(format)), repeated_(repeated) {}

    /// Start of the interval that the stamp marks, or the moment of reading.
    Moment resolve(const Stamp& stamp, const StampMeaning& meaning, RepeatedHourTracker& tracker);

  private:
    struct Local {
        LocalMapping::Kind kind;
        Instant first;
        Instant second;
    };
    Local map(std::int64_t local);
    void widen_certainty(std::int64_t local, Duration shift);
    Moment interval_ending(std::int64_t local, Duration step, RepeatedHourTracker& tracker);
    Moment moment_at(std::int64_t local, RepeatedHourTracker& tracker);
    bool is_second(std::int64_t local, bool repeated, RepeatedHourTracker& tracker) const;

    TimeZone zone_;
    StampFormat format_;
    RepeatedHour repeated_;
    std::int64_t certain_from_ = 0;  ///< wall-clock span in which one offset holds for sure
    std::int64_t certain_to_ = 0;
    Duration certain_shift_{0};  ///< local minus UTC in it
};

}  // namespace loadstar::ingest
