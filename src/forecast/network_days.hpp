#pragma once
// Days as a forecasting network predicts them.

#include <functional>
#include <memory>

#include "forecast/feature_table.hpp"
#include "forecast/score.hpp"
#include "neural/forecast_network.hpp"

namespace loadstar::forecast {

using SharedNetwork = std::shared_ptr<const neural::ForecastNetwork>;

/// Opens a network when it is first asked for: to open one takes a third of a second. An empty one: there is none.
using NetworkSource = std::function<Result<SharedNetwork>()>;

/// Forecasts days, each from what was seen when it was predicted: readings of the target up to the issue, the
/// covariates of the grid, and the works calendar as a series that is known ahead. Cells that were filled in are
/// missing to the network. Where the step is shorter than an hour, it is asked in hours as well, in which it sees
/// further back, and both views are averaged. Days at the front with less than two whole days behind them are left out.
/// Errors: those of ForecastNetwork::predict.
Result<QuantileRecord> network_days(const neural::ForecastNetwork& network, FeatureTable& table, DaySpan days,
                                    Progress& progress);

/// What network_days asks the network for one day.
neural::NetworkTask network_task(const FeatureTable& table, int day, int longest_context);

/// What a network may learn from the days before `end`: the target, its covariates and the calendar as in
/// network_task; in hours as well where it is asked in hours.
std::vector<neural::TuningSeries> network_past(const FeatureTable& table, int end);

/// The medians of a record.
PointRecord medians(const QuantileRecord& record);

}  // namespace loadstar::forecast
