#pragma once
// The ways to forecast by name: what a backtest compares, and what training chooses from.

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "forecast/model.hpp"
#include "forecast/network_days.hpp"
#include "forecast/point_method.hpp"

namespace loadstar::forecast {

/// A way to forecast whole days.
struct Method {
    std::string name;
    std::function<std::unique_ptr<Model>()> make;  ///< a model that has learnt nothing yet
};

/// What forecasts as long as no model was trained.
inline constexpr const char* untrained_champion = "seasonal_mean3";
/// What training tries when nothing else was asked for.
inline constexpr const char* usual_challenger = "stack";

/// Every method that learns within seconds, the naive ones first, the best one last.
/// @param network  of the methods that ask one; without it they are left out
std::vector<Method> methods(const NetworkSource& network = {});
/// Those that tune the network to the target, which takes minutes.
std::vector<Method> tuned_methods(const NetworkSource& network);
/// One of all these. Errors: not_found, with the nearest known name as hint.
Result<Method> find_method(const std::string& name, const NetworkSource& network = {});

/// Forecasts a span as it would have been then: models are fitted anew every `refit_days` on what was known. Days at
/// the front for which too little was known are left out. Errors: cancelled, internal.
Result<QuantileRecord> roll(const Method& method, FeatureTable& table, const RollingSpan& span, Progress& progress);

/// When days that lie `days_ahead` after the day of issue are predicted: at `issue_minute` of the local day, knowing
/// what ended `latency` before.
struct IssueTime {
    int days_ahead = 1;
    int issue_minute = 10 * 60;  ///< local time of day, minutes after midnight
    Duration latency{0};
};
/// The same in days and slots of a grid.
IssueRule rule_of(const IssueTime& time, const features::DayGrid& grid);
/// How a model would be trained on what a grid holds.
ModelSetting setting_of(const IssueTime& time, const features::DayGrid& grid);

}  // namespace loadstar::forecast
