#include "gift_eval/smoothing_method.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace loadstar::gift_eval {
namespace {

constexpr std::array<double, 6> level_rates{0.1, 0.2, 0.4, 0.7, 0.9, 0.99};
constexpr std::array<double, 3> profile_rates{0.03, 0.1, 0.3};
constexpr std::array<double, 4> shares_kept{1, 0.97, 0.9, 0.75};
constexpr double most_windows = 300;  // of a variate, on which rates are compared
constexpr int short_series = 200;

double per_point(double per_season, int season) { return 1 - std::pow(1 - per_season, 1.0 / season); }

/// All rates that are tried.
std::vector<SmoothingRates> candidates(int season) {
    std::vector<SmoothingRates> rates;
    for (const double level : level_rates) {
        for (const double kept : shares_kept) {
            for (const double profile : profile_rates) {
                if (season > 1 || profile == profile_rates.front()) {
                    rates.push_back({.level = level, .profile = profile, .kept = kept});
                }
            }
        }
    }
    return rates;
}

}  // namespace

SmoothedSeries::SmoothedSeries(int season, const SmoothingRates& rates)
    : season_(season),
      rates_(rates),
      level_rate_(per_point(rates.level, season)),
      mean_rate_(1.0 / (28 * season)),
      profile_(static_cast<std::size_t>(season), 0) {}

void SmoothedSeries::see(double value) {
    auto& place = profile_[static_cast<std::size_t>(seen_ % season_)];
    // Plain means at first: nothing is known that could be forgotten.
    const double seasons = seen_ / season_ + 1;
    level_ += std::max(level_rate_, 1.0 / (seen_ + 1)) * (value - place - level_);
    mean_ += std::max(mean_rate_, 1.0 / (seen_ + 1)) * (value - mean_);
    if (season_ > 1 && seen_ >= season_) place += std::max(rates_.profile, 1.0 / seasons) * (value - level_ - place);
    ++seen_;
}

double SmoothedSeries::ahead(int step) const {
    const double seasons = static_cast<double>(step + 1) / season_;
    const double left = std::pow(rates_.kept, seasons) * (level_ - mean_);
    return mean_ + left + profile_[static_cast<std::size_t>((seen_ + step) % season_)];
}

SmoothingMethod::Errors SmoothingMethod::errors_of(const std::vector<float>& series, double scale,
                                                   const SmoothingRates& rates) const {
    const int points = static_cast<int>(series.size());
    const int first = std::max(2 * season_, points / 4);
    const int last = points - horizon_;
    int stride = std::max(1, static_cast<int>((last - first) / most_windows));
    if (stride > 1) stride |= 1;  // so that every time of the day comes up
    Errors errors{.values = Eigen::MatrixXd((last - first) / stride + 1, horizon_)};
    SmoothedSeries state(season_, rates);
    for (int at = 0; at <= last; ++at) {
        if (at >= first && (at - first) % stride == 0) {
            const auto row = static_cast<Eigen::Index>(errors.origins.size());
            for (int step = 0; step < horizon_; ++step) {
                errors.values(row, step) = (series[static_cast<std::size_t>(at + step)] - state.ahead(step)) / scale;
            }
            errors.origins.push_back(at);
        }
        state.see(series[static_cast<std::size_t>(at)]);
    }
    return errors;
}

void SmoothingMethod::learn(const Table& past, const std::vector<std::size_t>& variates) {
    double least = std::numeric_limits<double>::infinity();
    SmoothingRates best;
    Errors pooled;
    for (const auto& rates : candidates(season_)) {
        Errors found;
        for (const auto variate : variates) {
            const auto errors = errors_of(past.variates[variate], scales_[variate], rates);
            const auto before = found.values.rows();
            found.values.conservativeResize(before + errors.values.rows(), horizon_);
            found.values.bottomRows(errors.values.rows()) = errors.values;
            found.origins.insert(found.origins.end(), errors.origins.begin(), errors.origins.end());
        }
        const double loss = found.values.cwiseAbs().mean();
        if (loss >= least) continue;
        least = loss;
        best = rates;
        pooled = std::move(found);
    }
    for (const auto variate : variates) {
        rates_[variate] = best;
        spreads_[variate].emplace(pooled.values, pooled.origins, points_a_day_);
    }
}

Result<void> SmoothingMethod::fit(const Config& config, const Table& past) {
    constexpr int days_of_week = 7;
    season_ = config.points_a_day == 1 ? days_of_week : config.season;
    horizon_ = config.horizon;
    points_a_day_ = config.points_a_day;
    const auto count = past.variates.size();
    if (past.points() < 2 * season_ + 2 * horizon_) {
        return Error{.code = ErrorCode::out_of_range, .message = "too few points to smooth: " + config.name()};
    }
    scales_.clear();
    for (const auto& variate : past.variates) scales_.push_back(std::max(1e-9, seasonal_error(variate, season_)));
    rates_.assign(count, {});
    spreads_.assign(count, std::nullopt);
    std::vector<std::size_t> together;
    for (std::size_t variate = 0; variate < count; ++variate) {
        if (past.points() < short_series)
            together.push_back(variate);
        else
            learn(past, {variate});
    }
    if (!together.empty()) learn(past, together);
    return {};
}

Result<std::vector<WindowQuantiles>> SmoothingMethod::predict(const std::vector<WindowTask>& tasks) const {
    std::vector<WindowQuantiles> forecasts;
    for (const auto& task : tasks) {
        const auto variate = static_cast<std::size_t>(task.variate);
        SmoothedSeries state(season_, rates_[variate]);
        for (const float value : task.history) state.see(value);
        WindowQuantiles forecast(static_cast<std::size_t>(task.horizon));
        for (int step = 0; step < task.horizon; ++step) {
            auto& quantiles = forecast[static_cast<std::size_t>(step)];
            quantiles = spreads_[variate]->at(step, static_cast<int>(task.history.size()) + step);
            for (auto& quantile : quantiles) quantile = state.ahead(step) + scales_[variate] * quantile;
        }
        forecasts.push_back(std::move(forecast));
    }
    return forecasts;
}

}  // namespace loadstar::gift_eval
