#pragma once
// Models re-fitted on a schedule, each kept only if it wins on the latest weeks.

#include "forecast/contest.hpp"

namespace loadstar::forecast {

struct ChampionshipRules {
    Method champion;      ///< in service at first; needs no training
    Method challenger;    ///< trained anew at every refit
    RollingSpan span;     ///< days to forecast, and how often a challenger is trained
    int weeks_days = 28;  ///< length of the latest weeks on which a contest is held
};

/// A challenger that was trained before `day` was forecast.
struct Refit {
    int day = 0;  ///< the first day forecast by the winner
    Contest contest;
};

/// Forecasts of a span, each day by the model that was in service then.
struct Championship {
    QuantileRecord record;  ///< the days of the span that could be forecast, and the weeks of the first contest
    std::vector<std::string> methods;  ///< [day of record]
    std::vector<Refit> refits;
};

/// Rolls over a span of days. A refit happens before its first day and whenever a new one is due; the challenger learns
/// from the days before the latest weeks whose outcome was known, is held against the champion on these weeks, and
/// takes over if it wins. No contest is held before two such stretches of history are known. Errors: cancelled,
/// internal.
Result<Championship> roll_championship(FeatureTable& table, const ChampionshipRules& rules, Progress& progress);

}  // namespace loadstar::forecast
