#pragma once
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "base/progress.hpp"
#include "base/result.hpp"
#include "base/text.hpp"
#include "forecast/methods.hpp"
#include "forecast/score.hpp"
#include "service/session.hpp"

namespace loadstar::service {

/// Which past days are forecast again, and how.
struct BacktestChoice {
    std::vector<std::string> series{};   ///< empty = every target of the plant file
    std::vector<std::string> methods{};  ///< empty = all but those that take minutes to learn
    std::optional<LocalDay> first{};     ///< absent: the last 20 % of the stored days, 60 at most
    std::optional<LocalDay> last{};      ///< included; absent: the last day that is stored whole
    std::optional<int> issue_minute{};   ///< local time of day, minutes after midnight; absent: of the plant file
    std::optional<Duration> latency{};   ///< of the readings; absent: of the plant file
    int days_ahead = 1;                  ///< the predicted day, counted from the day of issue
    int refit_days = 28;                 ///< how often methods that learn are fitted anew
};

/// A method over all days, and over each quarter of the predicted day.
struct BacktestRow {
    std::string method;
    forecast::Score score;
    std::vector<forecast::Score> by_horizon;  ///< [bucket], see TargetBacktest::horizons
};

/// A method that could not forecast all of the days.
struct BacktestOmission {
    std::string method;
    Text why;
};

/// Slots whose start lies [from, to) after the issue.
struct HorizonBucket {
    Duration from{0};
    Duration to{0};
};

/// The methods on one target, all over the same days.
struct TargetBacktest {
    std::string series;
    std::string unit;
    LocalDay first;
    LocalDay last;  ///< included
    forecast::IssueTime issue{};
    std::vector<HorizonBucket> horizons;
    std::vector<BacktestRow> rows;  ///< least CRPS first
    std::vector<BacktestOmission> omitted;
};

struct BacktestReport {
    std::string plant;
    std::vector<TargetBacktest> targets;
};

/// The days that were asked for, as indices of the grid. Errors: out_of_range (days that are not stored).
Result<forecast::DaySpan> backtest_days(const BacktestChoice& choice, const features::DayGrid& grid,
                                        const std::string& series);

/// Forecasts past days of targets by every method, each day with what was known at its issue time, and scores them
/// against what was measured.
/// Errors: those of Session::target_history; out_of_range (days that are not stored, or that no method could
/// forecast); invalid_argument (no target in the plant file); cancelled.
Result<BacktestReport> backtest(Session& session, const BacktestChoice& choice, Progress& progress);

/// Keeps the scores of each target for the report of the plant, in place of older ones. Errors: those of keep().
Result<void> keep_backtest(Session& session, const BacktestReport& report);

/// Shape loadstar.backtest/1.
nlohmann::json to_json(const BacktestReport& report);
nlohmann::json to_json(const forecast::Score& score);

}  // namespace loadstar::service
