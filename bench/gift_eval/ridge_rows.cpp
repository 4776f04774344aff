#include "gift_eval/ridge_rows.hpp"

#include <algorithm>
#include <cmath>

namespace loadstar::gift_eval {

Glimpse glimpse_of(std::span<const float> history, const Lens& lens, double least_scale) {
    const auto seen = history.last(static_cast<std::size_t>(lens.points()));
    const Eigen::RowVectorXd values =
        Eigen::Map<const Eigen::RowVectorXf>(seen.data(), static_cast<Eigen::Index>(seen.size())).cast<double>();
    Glimpse glimpse{.centre = values.mean(), .inputs = Eigen::RowVectorXd(lens.inputs())};
    glimpse.scale = std::max(least_scale, std::sqrt((values.array() - glimpse.centre).square().mean()));
    for (int block = 0; block < lens.blocks; ++block) {
        glimpse.inputs(block) = values.segment(block * lens.block, lens.block).mean();
    }
    glimpse.inputs.tail(lens.near) = values.tail(lens.near);
    glimpse.inputs = (glimpse.inputs.array() - glimpse.centre) / glimpse.scale;
    return glimpse;
}

RidgeRows rows_between(const Table& table, const RowPlan& plan, int from, int to) {
    RidgeRows rows;
    for (int origin = std::max(from, plan.lens.points()); origin + plan.horizon <= to; origin += plan.stride) {
        for (std::size_t variate = 0; variate < table.variates.size(); ++variate) {
            rows.variates.push_back(static_cast<int>(variate));
            rows.origins.push_back(origin);
        }
    }
    const auto count = static_cast<Eigen::Index>(rows.origins.size());
    rows.scales.resize(count);
    rows.inputs.resize(count, plan.lens.inputs());
    rows.outcomes.resize(count, plan.horizon);
    for (Eigen::Index row = 0; row < count; ++row) {
        const auto variate = static_cast<std::size_t>(rows.variates[static_cast<std::size_t>(row)]);
        const auto origin = static_cast<std::size_t>(rows.origins[static_cast<std::size_t>(row)]);
        const std::span<const float> series(table.variates[variate]);
        const auto glimpse = glimpse_of(series.first(origin), plan.lens, plan.least_scale[variate]);
        const Eigen::Map<const Eigen::RowVectorXf> outcome(series.data() + origin, plan.horizon);
        rows.scales(row) = glimpse.scale;
        rows.inputs.row(row) = glimpse.inputs;
        rows.outcomes.row(row) = (outcome.cast<double>().array() - glimpse.centre) / glimpse.scale;
    }
    return rows;
}

RidgeRows chosen(const RidgeRows& rows, const std::vector<Eigen::Index>& which) {
    RidgeRows some;
    for (const auto row : which) {
        some.variates.push_back(rows.variates[static_cast<std::size_t>(row)]);
        some.origins.push_back(rows.origins[static_cast<std::size_t>(row)]);
    }
    some.scales = rows.scales(which);
    some.inputs = rows.inputs(which, Eigen::all);
    some.outcomes = rows.outcomes(which, Eigen::all);
    return some;
}

}  // namespace loadstar::gift_eval
