#include "solver/central_path.hpp"

#include <algorithm>
#include <cmath>

namespace loadstar::solver {
namespace {

constexpr int refinements = 3;
constexpr int further_correctors = 1;
constexpr double free_weight = 1e8;  ///< of a column that nothing holds

double largest(const std::vector<double>& values) {
    double result = 0;
    for (const double value : values) result = std::max(result, std::abs(value));
    return result;
}

/// Sum over the rows of column j of coefficient times `by_place`.
double column_product(const SparseColumns& matrix, std::size_t j, const std::vector<double>& by_place) {
    double sum = 0;
    for (auto k = matrix.start[j]; k < matrix.start[j + 1]; ++k) sum += matrix.value[k] * by_place[matrix.row[k]];
    return sum;
}

void add_column(const SparseColumns& matrix, std::size_t j, double factor, std::vector<double>& by_place) {
    for (auto k = matrix.start[j]; k < matrix.start[j + 1]; ++k) by_place[matrix.row[k]] += matrix.value[k] * factor;
}

/// The part of `length` that keeps value + length * step from passing zero. Divides only where it must.
double limit(double length, double value, double step) { return value + length * step < 0 ? -value / step : length; }

}  // namespace

double Distance::gap() const { return std::abs(primal - dual) / (1 + std::abs(primal)); }

CentralPath::CentralPath(const StandardForm& form)
    : form_(form),
      system_(form),
      x_(form.columns()),
      y_(form.places()),
      lower_slack_(form.columns(), 1.0),
      upper_slack_(form.columns(), 1.0),
      lower_multiplier_(form.columns()),
      upper_multiplier_(form.columns()),
      row_residual_(form.places()),
      dual_residual_(form.columns()),
      weights_(form.columns()),
      inverse_lower_(form.columns()),
      inverse_upper_(form.columns()),
      right_side_size_(largest(form.right_side)),
      cost_size_(largest(form.cost)) {
    for (auto* direction : {&direction_, &trial_}) {
        direction->x.resize(form.columns());
        direction->y.resize(form.places());
        direction->lower.resize(form.columns());
        direction->upper.resize(form.columns());
    }
    for (std::size_t j = 0; j < form.columns(); ++j) bounds_ += (has_lower(j) ? 1 : 0) + (has_upper(j) ? 1 : 0);
    start();
    measure();
}

/// A point near the rows and one near the costs, moved inside the bounds. Source: Mehrotra 1992, sec. 7.
void CentralPath::start() {
    std::fill(weights_.begin(), weights_.end(), 1.0);
    system_.factorise(weights_);
    start_values();
    start_multipliers();
    move_inside();
}

/// The point of A x = b that is closest to the bounds' closest points to zero.
void CentralPath::start_values() {
    auto right_side = form_.right_side;
    for (std::size_t j = 0; j < form_.columns(); ++j) {
        x_[j] = std::clamp(0.0, form_.lower[j], form_.upper[j]);
        add_column(form_.matrix, j, -x_[j], right_side);
    }
    system_.solve(right_side, 1);
    for (std::size_t j = 0; j < form_.linking(); ++j) x_[j] += column_product(form_.matrix, j, right_side);
    for (std::size_t j = form_.linking(); j < form_.columns(); ++j)
        x_[j] += right_side[form_.link_place[j - form_.linking()]];
    for (std::size_t j = 0; j < form_.columns(); ++j) {
        if (has_lower(j)) lower_slack_[j] = x_[j] - form_.lower[j];
        if (has_upper(j)) upper_slack_[j] = form_.upper[j] - x_[j];
    }
}

/// Multipliers of smallest size with A'y + z = c.
void CentralPath::start_multipliers() {
    std::vector<double> right_side(form_.places());
    for (std::size_t j = 0; j < form_.linking(); ++j) add_column(form_.matrix, j, form_.cost[j], right_side);
    for (std::size_t j = form_.linking(); j < form_.columns(); ++j)
        right_side[form_.link_place[j - form_.linking()]] = form_.cost[j];
    system_.solve(right_side, 1);
    for (const auto place : form_.link_place) right_side[place] = 0;
    y_ = right_side;
    for (std::size_t j = 0; j < form_.columns(); ++j) {
        const double z = form_.cost[j] - column_product(form_.matrix, j, y_);
        const double share = has_lower(j) && has_upper(j) ? 0.5 : 1;
        if (has_lower(j)) lower_multiplier_[j] = share * z;
        if (has_upper(j)) upper_multiplier_[j] = -share * z;
    }
}

void CentralPath::move_inside() {
    double least_slack = 0;
    double least_multiplier = 0;
    const auto each = [&](const auto& use) {
        for (std::size_t j = 0; j < form_.columns(); ++j) {
            if (has_lower(j)) use(lower_slack_[j], lower_multiplier_[j]);
            if (has_upper(j)) use(upper_slack_[j], upper_multiplier_[j]);
        }
    };
    each([&](double slack, double multiplier) {
        least_slack = std::min(least_slack, slack);
        least_multiplier = std::min(least_multiplier, multiplier);
    });
    const double slack_shift = -1.5 * least_slack + 1e-3;
    const double multiplier_shift = -1.5 * least_multiplier + 1e-3;
    double products = 0;
    double slacks = 0;
    double multipliers = 0;
    each([&](double& slack, double& multiplier) {
        slack += slack_shift;
        multiplier += multiplier_shift;
        products += slack * multiplier;
        slacks += slack;
        multipliers += multiplier;
    });
    each([&](double& slack, double& multiplier) {
        slack += 0.5 * products / multipliers;
        multiplier += 0.5 * products / slacks;
    });
}

void CentralPath::measure() {
    row_residual_ = form_.right_side;
    distance_ = {};
    for (std::size_t place = 0; place < y_.size(); ++place) distance_.dual += form_.right_side[place] * y_[place];
    double products = 0;
    for (std::size_t j = 0; j < form_.columns(); ++j) {
        add_column(form_.matrix, j, -x_[j], row_residual_);
        double residual = form_.cost[j] - column_product(form_.matrix, j, y_);
        distance_.primal += form_.cost[j] * x_[j];
        if (has_lower(j)) {
            residual -= lower_multiplier_[j];
            distance_.dual += form_.lower[j] * lower_multiplier_[j];
            products += lower_slack_[j] * lower_multiplier_[j];
        }
        if (has_upper(j)) {
            residual += upper_multiplier_[j];
            distance_.dual -= form_.upper[j] * upper_multiplier_[j];
            products += upper_slack_[j] * upper_multiplier_[j];
        }
        dual_residual_[j] = residual;
    }
    distance_.rows = largest(row_residual_) / (1 + right_side_size_);
    distance_.duals = largest(dual_residual_) / (1 + cost_size_);
    distance_.complementarity = bounds_ > 0 ? products / static_cast<double>(bounds_) : 0;
}

void CentralPath::set_weights() {
    for (std::size_t j = 0; j < form_.columns(); ++j) {
        inverse_lower_[j] = 1 / lower_slack_[j];
        inverse_upper_[j] = 1 / upper_slack_[j];
        const double inverse =
            1 / free_weight + lower_multiplier_[j] * inverse_lower_[j] + upper_multiplier_[j] * inverse_upper_[j];
        weights_[j] = 1 / inverse;
    }
}

inline CentralPath::ColumnStep CentralPath::column_step(const Direction& direction, std::size_t j) const {
    ColumnStep step;
    if (has_lower(j)) {
        step.lower_slack = direction.x[j] + (x_[j] - form_.lower[j] - lower_slack_[j]);
        step.lower_multiplier = (direction.lower[j] - lower_multiplier_[j] * step.lower_slack) * inverse_lower_[j];
    }
    if (has_upper(j)) {
        step.upper_slack = (form_.upper[j] - x_[j] - upper_slack_[j]) - direction.x[j];
        step.upper_multiplier = (direction.upper[j] - upper_multiplier_[j] * step.upper_slack) * inverse_upper_[j];
    }
    return step;
}

/// Steps of x and y for the changes of products that the direction asks for.
void CentralPath::complete(Direction& direction) {
    auto& right_side = direction.y;
    right_side = row_residual_;
    const auto wanted = [&](std::size_t j) {
        double sum = dual_residual_[j];
        if (has_lower(j)) {
            const double residual = x_[j] - form_.lower[j] - lower_slack_[j];
            sum -= (direction.lower[j] - lower_multiplier_[j] * residual) * inverse_lower_[j];
        }
        if (has_upper(j)) {
            const double residual = form_.upper[j] - x_[j] - upper_slack_[j];
            sum += (direction.upper[j] - upper_multiplier_[j] * residual) * inverse_upper_[j];
        }
        return sum;
    };
    for (std::size_t j = 0; j < form_.linking(); ++j) {
        direction.x[j] = wanted(j);
        add_column(form_.matrix, j, weights_[j] * direction.x[j], right_side);
    }
    for (std::size_t j = form_.linking(); j < form_.columns(); ++j)
        right_side[form_.link_place[j - form_.linking()]] = wanted(j);
    system_.solve(right_side, refinements);
    for (std::size_t j = 0; j < form_.linking(); ++j)
        direction.x[j] = weights_[j] * (column_product(form_.matrix, j, right_side) - direction.x[j]);
    for (std::size_t j = form_.linking(); j < form_.columns(); ++j) {
        auto& step = right_side[form_.link_place[j - form_.linking()]];
        direction.x[j] = step;
        step = 0;
    }
}

CentralPath::Lengths CentralPath::longest(const Direction& direction) const {
    Lengths lengths;
    for (std::size_t j = 0; j < form_.columns(); ++j) {
        const auto step = column_step(direction, j);
        lengths.primal = limit(lengths.primal, lower_slack_[j], step.lower_slack);
        lengths.primal = limit(lengths.primal, upper_slack_[j], step.upper_slack);
        lengths.dual = limit(lengths.dual, lower_multiplier_[j], step.lower_multiplier);
        lengths.dual = limit(lengths.dual, upper_multiplier_[j], step.upper_multiplier);
    }
    return lengths;
}

double CentralPath::complementarity_after(const Direction& direction, Lengths lengths) const {
    double products = 0;
    for (std::size_t j = 0; j < form_.columns(); ++j) {
        const auto step = column_step(direction, j);
        products += (lower_slack_[j] + lengths.primal * step.lower_slack) *
                        (lower_multiplier_[j] + lengths.dual * step.lower_multiplier) +
                    (upper_slack_[j] + lengths.primal * step.upper_slack) *
                        (upper_multiplier_[j] + lengths.dual * step.upper_multiplier);
    }
    return products / static_cast<double>(std::max<std::size_t>(bounds_, 1));
}

/// The direction straight to products of zero.
void CentralPath::predict() {
    for (std::size_t j = 0; j < form_.columns(); ++j) {
        direction_.lower[j] = -lower_slack_[j] * lower_multiplier_[j];
        direction_.upper[j] = -upper_slack_[j] * upper_multiplier_[j];
    }
    complete(direction_);
}

/// Adds what the prediction left out, and aims at products as small as it promised. Returns the product aimed at.
double CentralPath::correct() {
    const auto lengths = longest(direction_);
    const double ratio = complementarity_after(direction_, lengths) / distance_.complementarity;
    const double target = distance_.complementarity * ratio * ratio * ratio;
    for (std::size_t j = 0; j < form_.columns(); ++j) {
        const auto step = column_step(direction_, j);
        if (has_lower(j)) direction_.lower[j] += target - step.lower_slack * step.lower_multiplier;
        if (has_upper(j)) direction_.upper[j] += target - step.upper_slack * step.upper_multiplier;
    }
    complete(direction_);
    return target;
}

/// Pulls products that a longer step would throw far off back towards the target; keeps the result if the step gets
/// longer. Source: Gondzio 1996, Colombo & Gondzio 2008.
bool CentralPath::correct_again(double target, Lengths& lengths) {
    constexpr double least = 0.1;
    constexpr double most = 10;
    const Lengths hoped{std::min(1.0, 1.08 * lengths.primal + 0.08), std::min(1.0, 1.08 * lengths.dual + 0.08)};
    const auto change = [&](double product) {
        if (product < least * target) return least * target - product;
        if (product > most * target) return std::max(most * target - product, -most * target);
        return 0.0;
    };
    for (std::size_t j = 0; j < form_.columns(); ++j) {
        const auto step = column_step(direction_, j);
        trial_.lower[j] = direction_.lower[j];
        trial_.upper[j] = direction_.upper[j];
        if (has_lower(j))
            trial_.lower[j] += change((lower_slack_[j] + hoped.primal * step.lower_slack) *
                                      (lower_multiplier_[j] + hoped.dual * step.lower_multiplier));
        if (has_upper(j))
            trial_.upper[j] += change((upper_slack_[j] + hoped.primal * step.upper_slack) *
                                      (upper_multiplier_[j] + hoped.dual * step.upper_multiplier));
    }
    complete(trial_);
    const auto now = longest(trial_);
    if (now.primal + now.dual < lengths.primal + lengths.dual + 0.02) return false;
    std::swap(direction_, trial_);
    lengths = now;
    return true;
}

void CentralPath::take(Lengths lengths) {
    for (std::size_t j = 0; j < form_.columns(); ++j) {
        const auto step = column_step(direction_, j);
        lower_slack_[j] += lengths.primal * step.lower_slack;
        upper_slack_[j] += lengths.primal * step.upper_slack;
        lower_multiplier_[j] += lengths.dual * step.lower_multiplier;
        upper_multiplier_[j] += lengths.dual * step.upper_multiplier;
        x_[j] += lengths.primal * direction_.x[j];
    }
    for (std::size_t place = 0; place < y_.size(); ++place) y_[place] += lengths.dual * direction_.y[place];
}

bool CentralPath::advance() {
    constexpr double margin = 0.995;  // of the way to the nearest bound
    constexpr double shortest = 1e-8;
    set_weights();
    system_.factorise(weights_);
    predict();
    const double target = correct();
    auto lengths = longest(direction_);
    for (int k = 0; k < further_correctors && std::min(lengths.primal, lengths.dual) < 0.9; ++k)
        if (!correct_again(target, lengths)) break;
    if (!(std::max(lengths.primal, lengths.dual) > shortest)) return false;
    const double keep = std::max(margin, 1 - target);
    lengths.primal = std::min(1.0, keep * lengths.primal);
    lengths.dual = std::min(1.0, keep * lengths.dual);
    take(lengths);
    measure();
    return std::isfinite(distance_.primal) && std::isfinite(distance_.dual);
}

}  // namespace loadstar::solver
