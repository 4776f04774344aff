#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "base/decimal.hpp"
#include "base/progress.hpp"
#include "base/result.hpp"
#include "forecast/contest.hpp"
#include "operate/replay.hpp"
#include "service/session.hpp"

namespace loadstar::service {

struct ReplayChoice {
    std::string grid{};  ///< "" = the only connection with a contract
    LocalDay first;
    LocalDay last;                                    ///< included
    int refit_days = 28;                              ///< how often a forecasting model is trained anew
    std::string method = forecast::usual_challenger;  ///< what is trained
    std::optional<Duration> replan_every{};  ///< plans are made anew so often, from midnight on; absent: every step
    int scenarios = 0;                       ///< loads that every plan is made against; 0: the median alone
};

/// One billing period in three worlds: the bills of all connections (power factor and taxes included), and what stands
/// on no bill: carbon, running and starts of machines, wear, needs that were not met.
struct ReplayedPeriod {
    std::string label;
    Decimal idle;     ///< nothing done
    Decimal planned;  ///< the plans carried out
    Decimal perfect;  ///< one plan over all days that knew the load
};

/// One bill, or one cost that stands on none, over all days.
struct ReplayedCost {
    std::string id;  ///< of the connection, or as in plan::CostPath
    Text label;
    Decimal idle{}, planned{}, perfect{};
};

/// What a need lacked over all days, in the unit of its carrier.
struct UnservedNeed {
    double idle = 0, planned = 0;
};

/// A forecasting model that was trained on the way, and whether it took over.
struct ReplayedRefit {
    std::string series;
    LocalDay day;  ///< the first day forecast by the winner
    forecast::Contest contest;
};

struct ReplayReport {
    std::string plant;
    std::string grid;
    std::string currency;
    TimeZone zone;
    std::vector<ReplayedPeriod> periods;
    std::vector<ReplayedCost> costs;  ///< add up to the periods
    std::vector<ReplayedRefit> refits;
    std::map<std::string, std::string> units;  ///< of carriers that the plant makes itself
    operate::Replay replay;

    /// Needs that were not met, by carrier that the plant makes itself.
    [[nodiscard]] std::map<std::string, UnservedNeed> unserved() const;
    /// Share of the perfect saving that was kept, percent; nothing when there was none to be had.
    [[nodiscard]] std::optional<double> kept_percent() const;
};

/// Replays past days: planned on the forecasts issued the day before and what has been measured since, carried out
/// against what happened under the guards, and billed. Forecast targets are predicted by models that are trained on the
/// way as they would have been then, and kept only if they win on the latest weeks; what has a forecast from elsewhere
/// takes that, and every other series repeats its past. Perfect foresight plans all days at once on what happened.
/// Errors: invalid_input (a gap in the readings), those of forecasts, terms and plans, cancelled.
Result<ReplayReport> replay_days(Session& session, const ReplayChoice& choice, Progress& progress);

/// Puts what was promised and measured on each day into the ledger, under the origin "replay <connection>", and the
/// whole for the report of the plant. Errors: those of keep().
Result<void> keep_replay(Session& session, const ReplayReport& report);

/// Shape loadstar.replay/1.
nlohmann::json to_json(const ReplayReport& report);

}  // namespace loadstar::service
