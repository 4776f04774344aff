#pragma once
// The interface by which everything above asks for forecasts, and what every implementation shares.

#include <functional>
#include <vector>

#include "base/progress.hpp"
#include "base/result.hpp"
#include "forecast/day_ahead.hpp"

namespace loadstar::forecast {

/// What is asked of a forecaster.
struct Query {
    Instant issued_at;  ///< the forecast origin: nothing that arrived later is read
    Horizon axis;       ///< slots to predict: the step of the history, starting at or after issued_at
    int scenarios = 0;  ///< equally likely paths wanted
};

/// Longest horizon of a query, local days after the issue day.
inline constexpr int longest_lead = 14;

/// Predicts a target over coming slots, with uncertainty.
class Forecaster {
  public:
    virtual ~Forecaster() = default;
    /// Sees only what had arrived at `issued_at`, even if later readings are stored, so that a backtest and a live run
    /// agree. Errors: not_found (too little history), out_of_range (horizon), invalid_argument (another step).
    [[nodiscard]] virtual Result<Forecast> predict(const features::TargetHistory& history,
                                                   const Query& query) const = 0;
    /// Answers one query from several histories of a target, as when some of what is known is hidden. Made one after
    /// the other unless an implementation takes them together. @return one for each history, in order
    [[nodiscard]] virtual std::vector<Result<Forecast>> predict_all(
        const std::vector<features::TargetHistory>& histories, const Query& query) const;
};

/// Repeats the past, with the errors of the last weeks as uncertainty: the mean of the last three days of the same
/// type, or with less history the week before, or the day before; the note says which and why.
class SeasonalForecaster final : public Forecaster {
  public:
    [[nodiscard]] Result<Forecast> predict(const features::TargetHistory& history, const Query& query) const override;
};

/// Days [from, to) of the local calendar, each predicted as of `issue_minute` of the day before.
struct RollingRequest {
    LocalDay from;
    LocalDay to;
    int issue_minute = 10 * 60;  ///< local time of day, minutes after midnight
    int scenarios = 0;
};

/// The issue time of a local day's forecast: `issue_minute` on the wall clock of the day before.
Instant issue_of(LocalDay day, int issue_minute, const TimeZone& zone);

/// Slots of a history's step that start within a local day: 92, 96 or 100 quarter-hours.
Horizon axis_of_day(LocalDay day, const features::TargetHistory& history);

/// Asks a forecaster for every day of a range, one forecast per local day, in order. A day it cannot predict is left
/// out. Errors: cancelled; out_of_range (no day).
Result<std::vector<Forecast>> roll_forecasts(const Forecaster& forecaster, const features::TargetHistory& history,
                                             const RollingRequest& request, Progress& progress);

}  // namespace loadstar::forecast
