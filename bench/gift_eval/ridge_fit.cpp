#include <algorithm>
#include <cmath>

#include "gift_eval/ridge_maps.hpp"

namespace loadstar::gift_eval {
namespace {

constexpr int parts = 4;  // of the past, judged in turn

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

/// Origins so far apart that the rows are not too many, and that every time of the day comes up.
int stride_for(const Config& config, const Table& past) {
    constexpr int outcomes = 3'000'000;  // of a fit: more only takes time, neighbours being alike
    const int rows = std::max(12'000, outcomes / config.horizon);
    int stride = std::max(1, past.points() * static_cast<int>(past.variates.size()) / rows);
    while (stride % 2 == 0 || (stride % 3 == 0 && stride > 1)) ++stride;
    return stride;
}

}  // namespace

Result<RidgeFit> fit_ridge(const Config& config, const Table& past) {
    RidgeFit fit;
    fit.plan = {.lens = lens_for(config),
                .horizon = config.horizon,
                .stride = stride_for(config, past),
                .least_scale = least_scales(past)};
    fit.rows = rows_between(past, fit.plan, 0, past.points());
    if (!fit.rows.origins.empty()) fit.cross = cross_fit(fit.rows, static_cast<int>(past.variates.size()), parts);
    if (fit.cross.which.empty()) {
        return Error{.code = ErrorCode::out_of_range, .message = "too few points for a ridge: " + config.name()};
    }
    fit.maps = fit_maps(fit.rows, fit.cross.penalties);
    return fit;
}

Result<std::shared_ptr<const RidgeFit>> LastRidge::get(const Config& config, const Table& past) {
    if (fit_ == nullptr || config_ != config.name() || points_ != past.points()) {
        fit_.reset();
        LOADSTAR_TRY(auto fit, fit_ridge(config, past));
        fit_ = std::make_shared<const RidgeFit>(std::move(fit));
        config_ = config.name();
        points_ = past.points();
    }
    return fit_;
}

}  // namespace loadstar::gift_eval
