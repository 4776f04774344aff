#pragma once
// The days of a contract: local days that may start at another hour than midnight. Internal to layer tariff.

#include "base/time_zone.hpp"

namespace loadstar::tariff {

/// Tells the day of an instant. A gas day is named after the local day on which it starts, and is 23 or 25 hours long
/// when clocks change.
class ContractDays {
  public:
    /// @param starts_at  minute of the wall clock, 0..1439
    ContractDays(TimeZone zone, int starts_at) : zone_(std::move(zone)), starts_at_(starts_at) {}

    /// First instant of a day; the jump itself where clocks skip it, the earlier one where they repeat it.
    [[nodiscard]] Instant start(LocalDay day) const {
        return zone_
            .to_instant({.year = static_cast<int>(day.year()),
                         .month = static_cast<unsigned>(day.month()),
                         .day = static_cast<unsigned>(day.day()),
                         .hour = starts_at_ / 60,
                         .minute = starts_at_ % 60})
            .first;
    }
    [[nodiscard]] LocalDay of(Instant at) const {
        const auto day = zone_.day_of(at);
        return starts_at_ != 0 && at < start(day) ? add_days(day, -1) : day;
    }

  private:
    TimeZone zone_;
    int starts_at_;
};

}  // namespace loadstar::tariff
