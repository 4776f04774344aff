#include "forecast/ridge_choice.hpp"

#include <cmath>

namespace loadstar::forecast {

double weight_of_age(double age, const Memory& memory) {
    return memory.half_life_days ? std::exp2(-age / *memory.half_life_days) : 1;
}

PenaltyErrors held_out_errors(const RidgeProblem& problem) {
    constexpr int part = 5;
    PenaltyErrors errors{};
    const auto held_out = problem.x.rows() / part;
    const auto fitted = problem.x.rows() - held_out;
    if (problem.weights.head(fitted).sum() <= 0) return errors;
    const RidgePath path(problem.x.topRows(fitted), problem.y.topRows(fitted), problem.weights.head(fitted));
    const auto counted = (problem.weights.tail(held_out).array() > 0).cast<double>();
    for (std::size_t at = 0; at < penalties.size(); ++at) {
        const Eigen::MatrixXd predicted = path.at(penalties[at]).predict(problem.x.bottomRows(held_out));
        const Eigen::MatrixXd missed = (problem.y.bottomRows(held_out) - predicted).cwiseAbs();
        errors[at] = (missed.rowwise().sum().array() * counted).sum();
    }
    return errors;
}

PenaltyChoice best_penalty(const PenaltyErrors& errors) {
    PenaltyChoice best;
    for (std::size_t at = 0; at < penalties.size(); ++at) {
        if (errors[at] < best.error) best = {.penalty = penalties[at], .error = errors[at]};
    }
    return best;
}

DayPoints like_days(const features::Seen& seen, int day) {
    return features::mean_profile(seen, features::alike_days(seen, day, 3));
}

double measured_share(const features::DayGrid& grid, int day) {
    int measured = 0;
    for (int slot = 0; slot < grid.slots(); ++slot) measured += grid.measured({.day = day, .slot = slot}) ? 1 : 0;
    return static_cast<double>(measured) / grid.slots();
}

Eigen::RowVectorXd row_of(const std::vector<double>& values) {
    return Eigen::Map<const Eigen::RowVectorXd>(values.data(), static_cast<Eigen::Index>(values.size()));
}

}  // namespace loadstar::forecast
