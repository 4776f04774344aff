#pragma once
#include "forecast/short_term_score.hpp"
#include "service/backtest.hpp"

namespace loadstar::service {

/// Which slots are forecast again, after every slot of past days.
struct HoursBacktestChoice {
    BacktestChoice days;  ///< series, days and refits; issue time and latency have no meaning here
    int hours_ahead = 2;  ///< 1..12
};

/// The members of the short-term forecast and their blend on one target, all over the same issues.
struct TargetHoursBacktest {
    std::string series;
    std::string unit;
    LocalDay first;
    LocalDay last;  ///< included
    Duration step;  ///< between issues, and between the slots of a forecast
    int issues = 0;
    forecast::ShortTermScore score;
};

/// A target that could not be forecast.
struct HoursBacktestOmission {
    std::string series;
    Text why;
};

struct HoursBacktestReport {
    std::string plant;
    int hours_ahead = 2;
    std::vector<TargetHoursBacktest> targets;
    std::vector<HoursBacktestOmission> omitted;
};

/// Forecasts the hours after every slot of past days, each time with what had been measured by then, as if readings
/// took no time to arrive, and scores the slots that lie within these days.
/// Errors: as backtest(); a target with too little history before the days is left out with the reason.
Result<HoursBacktestReport> backtest_hours(Session& session, const HoursBacktestChoice& choice, Progress& progress);

/// Shape loadstar.backtest_hours/1.
nlohmann::json to_json(const HoursBacktestReport& report);

}  // namespace loadstar::service
