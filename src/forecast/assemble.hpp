#pragma once
#include <functional>

#include "forecast/forecaster.hpp"

namespace loadstar::forecast {

/// A method's forecast of one day, and its forecasts of earlier days under the same rule (for scenarios).
struct DayForecast {
    DayQuantiles quantiles;
    QuantileRecord past;
};
/// Predicts one day of a horizon.
using DayPredictor = std::function<DayForecast(const features::DayGrid&, const IssueRule&, int day)>;

/// Checks that a query can be answered from a history. Errors: as Forecaster::predict.
Result<void> check_query(const features::TargetHistory& history, const Query& query);

/// Predicts each local day that the horizon touches and lays the days out on the horizon's slots.
/// @return  everything but method and note
Forecast assemble(const features::DayGrid& grid, const features::TargetHistory& history, const Query& query,
                  const DayPredictor& predict_day);

}  // namespace loadstar::forecast
