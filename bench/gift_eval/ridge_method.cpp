#include "gift_eval/ridge_method.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace loadstar::gift_eval {
namespace {

using forecast::LinearModel;
using forecast::RidgePath;

constexpr double none = std::numeric_limits<double>::infinity();
constexpr std::array<double, 9> shared_penalties{1e-3, 3e-3, 0.01, 0.03, 0.1, 0.3, 1, 3, 10};
constexpr std::array<double, 5> own_penalties{0.03, 0.1, 0.3, 1, 3};
constexpr int most_rows = 30000;  // of a fit: more only takes time, neighbours being alike
constexpr int most_judged = 2000;

Lens lens_for(const Config& config) {
    if (config.step == "15T") return {.near = 96, .block = 8, .blocks = 156};
    if (config.step == "H") return {.near = 72, .block = 3, .blocks = 88};
    if (config.step == "D") return {.near = 14, .block = 7, .blocks = 2};
    return {.near = 4, .block = 2, .blocks = 2};
}

/// A twentieth of each variate's deviation.
std::vector<double> least_scales(const Table& table) {
    std::vector<double> scales;
    for (const auto& variate : table.variates) {
        const Eigen::Map<const Eigen::ArrayXf> values(variate.data(), static_cast<Eigen::Index>(variate.size()));
        const Eigen::ArrayXd exact = values.cast<double>();
        scales.push_back(0.05 * std::sqrt((exact - exact.mean()).square().mean()));
    }
    return scales;
}

std::vector<Eigen::Index> rows_of_variate(const RidgeRows& rows, int variate) {
    std::vector<Eigen::Index> found;
    for (std::size_t row = 0; row < rows.variates.size(); ++row) {
        if (rows.variates[row] == variate) found.push_back(static_cast<Eigen::Index>(row));
    }
    return found;
}

/// Rows spread evenly over all.
RidgeRows thinned(const RidgeRows& rows, std::size_t most) {
    std::vector<Eigen::Index> kept;
    const double step = std::max(1.0, static_cast<double>(rows.variates.size()) / static_cast<double>(most));
    for (double at = 0; at < static_cast<double>(rows.variates.size()); at += step) {
        kept.push_back(static_cast<Eigen::Index>(at));
    }
    return chosen(rows, kept);
}

RidgePath path_of(const RidgeRows& rows, const Eigen::MatrixXd& outcomes) {
    return {rows.inputs, outcomes, Eigen::VectorXd::Ones(rows.inputs.rows())};
}

/// Mean absolute error in the unit of the series.
double error_of(const RidgeRows& rows, const Eigen::MatrixXd& points) {
    return (rows.scales.asDiagonal() * (rows.outcomes - points)).cwiseAbs().mean();
}

}  // namespace

RidgeMethod::Penalties RidgeMethod::choose(const RidgeRows& training, const RidgeRows& held_out) {
    Penalties penalties;
    const auto rows = static_cast<double>(training.inputs.rows());
    const auto path = path_of(training, training.outcomes);
    double least = none;
    for (const double penalty : shared_penalties) {
        const double error = error_of(held_out, path.at(penalty * rows).predict(held_out.inputs));
        if (error < least) {
            least = error;
            penalties.shared = penalty;
        }
    }
    const auto shared = path.at(penalties.shared * rows);
    for (int variate = 0; variate < static_cast<int>(own_.size()); ++variate) {
        const auto learnt = chosen(training, rows_of_variate(training, variate));
        const auto judged = chosen(held_out, rows_of_variate(held_out, variate));
        const auto own_path = path_of(learnt, learnt.outcomes - shared.predict(learnt.inputs));
        const Eigen::MatrixXd points = shared.predict(judged.inputs);
        penalties.own.push_back(none);
        double least_own = error_of(judged, points);
        for (const double penalty : own_penalties) {
            const auto own = own_path.at(penalty * static_cast<double>(learnt.inputs.rows()));
            const double error = error_of(judged, points + own.predict(judged.inputs));
            if (error < least_own) {
                least_own = error;
                penalties.own.back() = penalty;
            }
        }
    }
    return penalties;
}

void RidgeMethod::fit_maps(const RidgeRows& rows, const Penalties& penalties) {
    shared_ = path_of(rows, rows.outcomes).at(penalties.shared * static_cast<double>(rows.inputs.rows()));
    for (std::size_t variate = 0; variate < own_.size(); ++variate) {
        own_[variate].reset();
        if (penalties.own[variate] == none) continue;
        const auto learnt = chosen(rows, rows_of_variate(rows, static_cast<int>(variate)));
        const auto path = path_of(learnt, learnt.outcomes - shared_.predict(learnt.inputs));
        own_[variate] = path.at(penalties.own[variate] * static_cast<double>(learnt.inputs.rows()));
    }
}

Eigen::MatrixXd RidgeMethod::points_of(const RidgeRows& rows) const {
    Eigen::MatrixXd points = shared_.predict(rows.inputs);
    for (std::size_t variate = 0; variate < own_.size(); ++variate) {
        const auto which = rows_of_variate(rows, static_cast<int>(variate));
        if (!own_[variate] || which.empty()) continue;
        points(which, Eigen::all) += own_[variate]->predict(rows.inputs(which, Eigen::all));
    }
    return points;
}

Result<void> RidgeMethod::fit(const Config& config, const Table& past) {
    const auto variates = static_cast<int>(past.variates.size());
    points_a_day_ = config.points_a_day;
    own_.assign(past.variates.size(), std::nullopt);
    plan_ = {.lens = lens_for(config), .horizon = config.horizon, .least_scale = least_scales(past)};
    plan_.stride = std::max(1, past.points() * variates / most_rows);
    const int seen = past.points() - plan_.lens.points() - config.horizon;
    const int cut = past.points() - std::max(seen / 4, config.horizon);  // a quarter is held out
    const auto training = rows_between(past, plan_, 0, cut);
    const auto held_out = rows_between(past, plan_, cut, past.points());
    if (training.origins.empty() || held_out.origins.empty()) {
        return Error{.code = ErrorCode::out_of_range, .message = "too few points for a ridge: " + config.name()};
    }
    const auto penalties = choose(training, thinned(held_out, most_judged));
    fit_maps(training, penalties);
    const Eigen::MatrixXd errors = held_out.outcomes - points_of(held_out);
    spreads_.clear();
    for (int variate = 0; variate < variates; ++variate) {
        const auto which = rows_of_variate(held_out, variate);
        spreads_.emplace_back(errors(which, Eigen::all), chosen(held_out, which).origins, points_a_day_);
    }
    fit_maps(rows_between(past, plan_, 0, past.points()), penalties);
    return {};
}

Result<std::vector<WindowQuantiles>> RidgeMethod::predict(const std::vector<WindowTask>& tasks) const {
    std::vector<WindowQuantiles> forecasts;
    for (const auto& task : tasks) {
        const auto variate = static_cast<std::size_t>(task.variate);
        const auto glimpse = glimpse_of(task.history, plan_.lens, plan_.least_scale[variate]);
        Eigen::RowVectorXd points = shared_.predict(glimpse.inputs);
        if (own_[variate]) points += own_[variate]->predict(glimpse.inputs);
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
