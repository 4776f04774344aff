#include "gift_eval/network_method.hpp"

#include <algorithm>

#include "forecast/hourly_view.hpp"

namespace loadstar::gift_eval {
namespace {

/// Points of an hour, where a step is a quarter of one; else 1.
int points_an_hour(int points_a_day) { return points_a_day == 96 ? 4 : 1; }

}  // namespace

std::vector<neural::NetworkTask> NetworkMethod::in_steps_of(const std::vector<WindowTask>& tasks, int every) const {
    std::vector<neural::NetworkTask> wanted;
    for (const auto& task : tasks) {
        const auto longest = static_cast<std::size_t>(network_->longest_context()) * static_cast<std::size_t>(every);
        const auto seen = task.history.last(std::min(task.history.size(), longest));
        const neural::NetworkTask fine{.context = {seen.begin(), seen.end()}, .horizon = task.horizon};
        wanted.push_back(every > 1 ? forecast::coarser(fine, every) : fine);
    }
    return wanted;
}

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
    NoProgress progress;
    LOADSTAR_TRY(auto predicted, network_->predict(in_steps_of(tasks, 1), progress));
    if (const int every = points_an_hour(tasks.front().points_a_day); every > 1) {
        LOADSTAR_TRY(const auto hours, network_->predict(in_steps_of(tasks, every), progress));
        for (std::size_t at = 0; at < hours.size(); ++at)
            predicted[at] = forecast::mean_of_views(predicted[at], hours[at], every);
    }
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
