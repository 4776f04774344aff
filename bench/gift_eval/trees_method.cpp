#include "gift_eval/trees_method.hpp"

#include <algorithm>

namespace loadstar::gift_eval {
namespace {

constexpr std::size_t level_stride = 2;
constexpr std::size_t wanted_rows = 40000;

/// Few rows that are much alike call for small trees.
forecast::TreeSettings settings_for(std::size_t rows) {
    const int least = std::clamp(static_cast<int>(rows / 150), 20, 300);
    return {.trees = rows > 20000 ? 150 : 60, .leaves = rows > 20000 ? 15 : 5, .least_rows = least, .rate = 0.05};
}

WindowTask task_of(const Config& config, const Table& past, int variate, int origin) {
    const auto& series = past.variates[static_cast<std::size_t>(variate)];
    return {.variate = variate,
            .horizon = config.horizon,
            .season = config.season,
            .points_a_day = config.points_a_day,
            .history = std::span<const float>(series).first(static_cast<std::size_t>(origin))};
}

/// Levels without a model, then order.
void complete(Quantiles& quantiles) {
    for (std::size_t level = 1; level + 1 < quantiles.size(); level += level_stride) {
        quantiles[level] = (quantiles[level - 1] + quantiles[level + 1]) / 2;
    }
    std::sort(quantiles.begin(), quantiles.end());
}

}  // namespace

TreesMethod::Rows TreesMethod::rows_of(const Config& config, const Table& past, const RidgeFit& ridge) const {
    Rows rows;
    const auto& judged = ridge.cross.which;
    const std::size_t draws = std::max<std::size_t>(1, wanted_rows / judged.size());
    std::size_t turn = 0;
    for (std::size_t place = 0; place < judged.size(); ++place) {
        const auto row = static_cast<std::size_t>(judged[place]);
        const int variate = ridge.rows.variates[row];
        const auto task = task_of(config, past, variate, ridge.rows.origins[row]);
        const TreeInputs inputs(task, plan_.least_scale[static_cast<std::size_t>(variate)]);
        for (std::size_t draw = 0; draw < std::min<std::size_t>(draws, static_cast<std::size_t>(config.horizon));
             ++draw) {
            constexpr std::size_t golden = 2654435769;  // multiples of it, cut off, are spread evenly
            const auto step =
                static_cast<int>((++turn * golden % 4294967296U) * static_cast<std::size_t>(config.horizon) >> 32U);
            const double outcome =
                past.variates[static_cast<std::size_t>(variate)][task.history.size() + static_cast<std::size_t>(step)];
            const double left = ridge.cross.errors(static_cast<Eigen::Index>(place), step) *
                                ridge.rows.scales(static_cast<Eigen::Index>(row));
            const double base = target_ == Target::outcome ? inputs.centre() : outcome - left;
            inputs.append(rows.values, step, base);
            rows.targets.push_back((outcome - base) / inputs.scale());
        }
    }
    return rows;
}

Result<void> TreesMethod::fit(const Config& config, const Table& past) {
    LOADSTAR_TRY(const auto found, ridge_->get(config, past));
    const auto& ridge = *found;
    plan_ = ridge.plan;
    maps_ = ridge.maps;
    const auto rows = rows_of(config, past, ridge);
    LOADSTAR_TRY(const auto data, forecast::TreeData::make(rows.values, TreeInputs::count()));
    models_.clear();
    for (std::size_t level = 0; level < forecast::level_count; level += level_stride) {
        LOADSTAR_TRY(auto model, forecast::BoostedTrees::fit(data, rows.targets, {.level = forecast::levels[level]},
                                                             settings_for(rows.targets.size())));
        models_.push_back(std::move(model));
    }
    return {};
}

std::vector<double> TreesMethod::base_of(const WindowTask& task, const TreeInputs& inputs) const {
    std::vector<double> base(static_cast<std::size_t>(task.horizon), inputs.centre());
    if (target_ == Target::outcome) return base;
    const auto glimpse =
        glimpse_of(task.history, plan_.lens, plan_.least_scale[static_cast<std::size_t>(task.variate)]);
    const Eigen::RowVectorXd points = maps_.points({task.variate}, glimpse.inputs);
    for (std::size_t step = 0; step < base.size(); ++step) {
        base[step] = glimpse.centre + glimpse.scale * points(static_cast<Eigen::Index>(step));
    }
    return base;
}

Result<std::vector<WindowQuantiles>> TreesMethod::predict(const std::vector<WindowTask>& tasks) const {
    std::vector<WindowQuantiles> forecasts;
    for (const auto& task : tasks) {
        const TreeInputs inputs(task, plan_.least_scale[static_cast<std::size_t>(task.variate)]);
        const auto base = base_of(task, inputs);
        std::vector<double> values;
        for (int step = 0; step < task.horizon; ++step)
            inputs.append(values, step, base[static_cast<std::size_t>(step)]);
        WindowQuantiles forecast(static_cast<std::size_t>(task.horizon));
        for (std::size_t model = 0; model < models_.size(); ++model) {
            const auto predicted = models_[model].predict(values, TreeInputs::count());
            for (std::size_t step = 0; step < forecast.size(); ++step) {
                forecast[step][model * level_stride] = base[step] + inputs.scale() * predicted[step];
            }
        }
        for (auto& quantiles : forecast) complete(quantiles);
        forecasts.push_back(std::move(forecast));
    }
    return forecasts;
}

}  // namespace loadstar::gift_eval
