#pragma once
// A forecasting network looks at a bounded number of readings. In hours these reach further back.

#include "neural/forecast_network.hpp"

namespace loadstar::forecast {

/// The same task in steps that are `every` times as long: means of what is known in each. The issue stays where it is,
/// so the first points may be left out; the horizon must be a multiple.
neural::NetworkTask coarser(const neural::NetworkTask& task, int every);

/// Asks for all tasks, and where `every` is above 1 in steps that much longer as well, of which as many are looked at;
/// gives the means of both views. Contexts may hold `every` times what the network looks at.
/// Errors: those of ForecastNetwork::predict.
Result<std::vector<std::vector<neural::Quantiles>>> predict_in_views(const neural::ForecastNetwork& network,
                                                                     const std::vector<neural::NetworkTask>& tasks,
                                                                     int every, Progress& progress);

/// The mean of two forecasts of one horizon: in its own step, and in steps `every` times as long. The latter takes the
/// course within each of its steps from the medians of the former.
std::vector<neural::Quantiles> mean_of_views(const std::vector<neural::Quantiles>& fine,
                                             const std::vector<neural::Quantiles>& coarse, int every);

}  // namespace loadstar::forecast
