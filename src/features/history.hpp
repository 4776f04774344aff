#pragma once
// What a forecast may look at: everything stored about one target, bound to an issue time before anything is read.

#include <optional>
#include <string>
#include <vector>

#include "base/time_zone.hpp"
#include "series/series.hpp"
#include "site/calendar.hpp"

namespace loadstar::features {

/// All that is stored about one target, on one axis of plant steps. Holds also what came after any issue time: only
/// `Known` hands values out, and it knows its issue time.
struct TargetHistory {
    Series target;  ///< mean power, energy per slot, or pieces per slot
    std::optional<Series> temperature{};
    std::vector<Series> known{};  ///< known ahead of time: production plan, planned states
    std::vector<Series> past{};   ///< known up to the issue time only
    TimeZone zone;
    WorkCalendar calendar{};
    Duration latency{0};  ///< how long a reading takes to arrive
};

/// How far a covariate is known when a forecast is issued.
enum class Reach {
    past,   ///< what ended by then, as the target itself
    ahead,  ///< all that is stored, also for later: plans and forecasts
};

/// A view of a history as it was known at `issued_at`: a slot of the target, of the temperature or of the past can be
/// read only when it ended at or before issued_at - latency; reading a later one is a broken contract and throws
/// std::logic_error.
class Known {
  public:
    Known(const TargetHistory& history, Instant issued_at);

    [[nodiscard]] Instant issued_at() const { return issued_at_; }
    /// What ended by then has arrived at the issue time.
    [[nodiscard]] Instant until() const { return issued_at_ - history_->latency; }
    /// First slot of the axis that is not known yet.
    [[nodiscard]] int end() const { return end_; }
    [[nodiscard]] const Horizon& axis() const { return history_->target.axis; }
    [[nodiscard]] std::optional<double> target(int slot) const;

    /// Number of covariates: the temperature, then the past ones, then those known ahead.
    [[nodiscard]] std::size_t covariates() const { return covariates_.size(); }
    [[nodiscard]] const SeriesInfo& info(std::size_t covariate) const { return covariates_[covariate].series->info; }
    [[nodiscard]] Reach reach(std::size_t covariate) const { return covariates_[covariate].reach; }
    /// First slot after those of a covariate that may be read.
    [[nodiscard]] int end(std::size_t covariate) const;
    [[nodiscard]] std::optional<double> covariate(std::size_t which, int slot) const;

    [[nodiscard]] const TimeZone& zone() const { return history_->zone; }
    [[nodiscard]] const WorkCalendar& calendar() const { return history_->calendar; }

  private:
    struct Beside {
        const Series* series;
        Reach reach;
    };
    const TargetHistory* history_;
    Instant issued_at_;
    int end_;
    std::vector<Beside> covariates_;
};

}  // namespace loadstar::features
