#include "gift_eval/network_method.hpp"

#include <algorithm>

#include "forecast/hourly_view.hpp"

namespace loadstar::gift_eval {
namespace {

/// Points of an hour, where a step is a quarter of one; else 1.
int points_an_hour(int points_a_day) { return points_a_day == 96 ? 4 : 1; }

}  // namespace

Result<void> NetworkMethod::fit(const Config& config, const Table& past) {
    if (use_ == NetworkUse::as_it_comes) return {};
    std::vector<neural::TuningSeries> series;
    for (const auto& variate : past.variates) series.push_back({.target = variate});
    NoProgress progress;
    auto tuned = network_->tuned(series,
                                 {.horizon = config.horizon,
                                  .step = config.horizon,
                                  .scopes = {neural::TuningScope::all, neural::TuningScope::head}},
                                 progress);
    if (!tuned && tuned.error().code == ErrorCode::invalid_argument) return {};
    if (!tuned) return tuned.error();
    network_ = tuned->network;
    return {};
}

Result<std::vector<WindowQuantiles>> NetworkMethod::predict(const std::vector<WindowTask>& tasks) const {
    const int every = points_an_hour(tasks.front().points_a_day);
    const auto longest = static_cast<std::size_t>(every) * static_cast<std::size_t>(network_->longest_context());
    std::vector<neural::NetworkTask> wanted;
    for (const auto& task : tasks) {
        const auto seen = task.history.last(std::min(task.history.size(), longest));
        wanted.push_back({.context = {seen.begin(), seen.end()}, .horizon = task.horizon});
    }
    NoProgress progress;
    LOADSTAR_TRY(const auto predicted, forecast::predict_in_views(*network_, wanted, every, progress));
    std::vector<WindowQuantiles> forecasts;
    for (const auto& points : predicted) {
        WindowQuantiles forecast(points.size());
        for (std::size_t step = 0; step < points.size(); ++step) {
            std::copy_n(points[step].begin() + neural::first_decile, forecast[step].size(), forecast[step].begin());
        }
        forecasts.push_back(std::move(forecast));
    }
    return forecasts;
}

}  // namespace loadstar::gift_eval
