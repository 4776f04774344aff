#include "gift_eval/ridge_method.hpp"

namespace loadstar::gift_eval {

Result<void> RidgeMethod::fit(const Config& config, const Table& past) {
    LOADSTAR_TRY(const auto found, ridge_->get(config, past));
    const auto& fitted = *found;
    plan_ = fitted.plan;
    maps_ = fitted.maps;
    spreads_.clear();
    for (std::size_t variate = 0; variate < past.variates.size(); ++variate) {
        std::vector<Eigen::Index> own;
        std::vector<int> origins;
        for (std::size_t judged = 0; judged < fitted.cross.which.size(); ++judged) {
            const auto row = static_cast<std::size_t>(fitted.cross.which[judged]);
            if (fitted.rows.variates[row] != static_cast<int>(variate)) continue;
            own.push_back(static_cast<Eigen::Index>(judged));
            origins.push_back(fitted.rows.origins[row]);
        }
        spreads_.emplace_back(fitted.cross.errors(own, Eigen::all), origins, config.points_a_day);
    }
    return {};
}

Result<std::vector<WindowQuantiles>> RidgeMethod::predict(const std::vector<WindowTask>& tasks) const {
    std::vector<WindowQuantiles> forecasts;
    for (const auto& task : tasks) {
        const auto variate = static_cast<std::size_t>(task.variate);
        const auto glimpse = glimpse_of(task.history, plan_.lens, plan_.least_scale[variate]);
        const Eigen::RowVectorXd points = maps_.points({task.variate}, glimpse.inputs);
        WindowQuantiles forecast(static_cast<std::size_t>(task.horizon));
        for (int step = 0; step < task.horizon; ++step) {
            auto& quantiles = forecast[static_cast<std::size_t>(step)];
            quantiles = spreads_[variate].at(step, static_cast<int>(task.history.size()) + step);
            for (auto& quantile : quantiles) quantile = glimpse.centre + glimpse.scale * (points(step) + quantile);
        }
        forecasts.push_back(std::move(forecast));
    }
    return forecasts;
}

}  // namespace loadstar::gift_eval
