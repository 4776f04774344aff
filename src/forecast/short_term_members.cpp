#include "forecast/short_term_members.hpp"

#include <Eigen/Dense>

#include "forecast/ridge_choice.hpp"

namespace loadstar::forecast {
namespace {

constexpr int week = 7;

using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

Eigen::MatrixXd matrix_of(const StepRows& rows) {
    return Eigen::Map<const RowMajor>(rows.features.data(), static_cast<Eigen::Index>(rows.rows()),
                                      static_cast<Eigen::Index>(rows.width));
}

std::vector<double> changes_of(const std::vector<double>& outcomes, const std::vector<double>& last) {
    std::vector<double> changes;
    for (std::size_t row = 0; row < outcomes.size(); ++row) changes.push_back(outcomes[row] - last[row]);
    return changes;
}

/// Predicts the change, so that with a large penalty the last value is left.
LinearModel fit_ridge(const StepRows& rows, const std::vector<double>& changes) {
    const auto count = static_cast<Eigen::Index>(rows.rows());
    const RidgeProblem problem{.x = matrix_of(rows),
                               .y = Eigen::Map<const Eigen::VectorXd>(changes.data(), count),
                               .weights = Eigen::VectorXd::Ones(count)};
    const auto chosen = best_penalty(held_out_errors(problem));
    return RidgePath(problem.x, problem.y, problem.weights).at(chosen.penalty);
}

}  // namespace

struct StepModels::Linear {
    LinearModel model;
};

StepRows step_rows(features::ShortTermFeatures& features, const features::DayGrid& grid, IssueSpan issues, int ahead,
                   Wanted wanted) {
    StepRows rows{.ahead = ahead};
    for (auto end = issues.from; end < issues.to; end = grid.moved(end, 1)) {
        const auto target = grid.moved(end, ahead);
        if (wanted == Wanted::measured && !grid.measured(target)) continue;
        const features::Seen seen(grid, end);
        const auto now = grid.moved(end, -1);
        const auto found = features.at(end, ahead);
        rows.width = found.size();
        rows.targets.push_back(target);
        for (const auto& feature : found) rows.features.push_back(feature.value);
        rows.last.push_back(seen.value(now.day, now.slot));
        rows.week.push_back(seen.value(target.day - week, target.slot));
    }
    return rows;
}

Result<StepModels> StepModels::fit(const StepRows& rows, const std::vector<double>& outcomes,
                                   const ShortTermTrees& settings) {
    using Kind = TreeLoss::Kind;
    const auto changes = changes_of(outcomes, rows.last);
    StepModels models;
    models.ridge_ = std::make_shared<const Linear>(Linear{fit_ridge(rows, changes)});
    LOADSTAR_TRY(const auto data, TreeData::make(rows.features, rows.width));
    LOADSTAR_TRY(auto median, BoostedTrees::fit(data, changes, {.kind = Kind::absolute}, settings.median));
    LOADSTAR_TRY(auto mean, BoostedTrees::fit(data, changes, {.kind = Kind::square}, settings.mean));
    models.trees_ = {std::move(median), std::move(mean)};
    return models;
}

std::vector<MemberPoints> StepModels::predict(const StepRows& rows) const {
    std::vector<MemberPoints> points(rows.rows());
    if (points.empty()) return points;
    const Eigen::MatrixXd linear = ridge_->model.predict(matrix_of(rows));
    std::vector<std::vector<double>> trees;
    for (const auto& model : trees_) trees.push_back(model.predict(rows.features, rows.width));
    for (std::size_t row = 0; row < points.size(); ++row) {
        const double last = rows.last[row];
        points[row] = {last, rows.week[row], last + linear(static_cast<Eigen::Index>(row), 0), last + trees[0][row],
                       last + trees[1][row]};
    }
    return points;
}

}  // namespace loadstar::forecast
