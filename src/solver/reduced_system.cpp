#include "solver/reduced_system.hpp"

#include <algorithm>
#include <cmath>

namespace loadstar::solver {
namespace {

constexpr double row_regularisation = 1e-9;   ///< keeps the pivots of dependent rows away from zero
constexpr double link_regularisation = 1e-9;  ///< and those of columns without bounds
constexpr double exact = 1e-9;                ///< residual, relative to the right side, that needs no refinement

EnvelopeFactor empty_factor(const StandardForm& form) {
    std::vector<signed char> signs(form.places(), 1);
    for (const auto place : form.link_place) signs[place] = -1;
    return {form.first, std::move(signs)};
}

double largest(const std::vector<double>& values) {
    double result = 0;
    for (const double value : values) result = std::max(result, std::abs(value));
    return result;
}

}  // namespace

ReducedSystem::ReducedSystem(const StandardForm& form)
    : form_(form), factor_(empty_factor(form)), is_link_(form.places()), left_(form.places()) {
    for (const auto place : form.link_place) is_link_[place] = 1;
}

void ReducedSystem::assemble() {
    const auto& [start, row, value] = form_.matrix;
    const auto& weights = *weights_;
    factor_.clear();
    for (std::size_t j = 0; j < form_.linking(); ++j)
        for (auto p = start[j]; p < start[j + 1]; ++p) {
            const double scaled = weights[j] * value[p];
            for (auto q = start[j]; q <= p; ++q) factor_.add(row[p], row[q], scaled * value[q]);
        }
    for (std::size_t k = 0; k < form_.link_place.size(); ++k) {
        const auto j = form_.linking() + k;
        const auto place = form_.link_place[k];
        for (auto p = start[j]; p < start[j + 1]; ++p) factor_.add(place, row[p], value[p]);
        factor_.add(place, place, -1 / weights[j] - link_regularisation);
    }
    for (std::size_t place = 0; place < form_.places(); ++place)
        factor_.add(place, place, is_link_[place] != 0 ? 0 : row_regularisation);
}

void ReducedSystem::factorise(const std::vector<double>& weights) {
    weights_ = &weights;
    assemble();
    dependent_ = factor_.factorise();
}

double ReducedSystem::residual(const std::vector<double>& right_side, const std::vector<double>& x,
                               std::vector<double>& left) const {
    const auto& [start, row, value] = form_.matrix;
    const auto& weights = *weights_;
    for (std::size_t place = 0; place < form_.places(); ++place)
        left[place] = right_side[place] - (is_link_[place] != 0 ? 0 : row_regularisation) * x[place];
    for (std::size_t j = 0; j < form_.linking(); ++j) {
        double sum = 0;
        for (auto k = start[j]; k < start[j + 1]; ++k) sum += value[k] * x[row[k]];
        sum *= weights[j];
        for (auto k = start[j]; k < start[j + 1]; ++k) left[row[k]] -= value[k] * sum;
    }
    for (std::size_t link = 0; link < form_.link_place.size(); ++link) {
        const auto j = form_.linking() + link;
        const auto place = form_.link_place[link];
        double sum = -(1 / weights[j] + link_regularisation) * x[place];
        for (auto k = start[j]; k < start[j + 1]; ++k) {
            sum += value[k] * x[row[k]];
            left[row[k]] -= value[k] * x[place];
        }
        left[place] -= sum;
    }
    return largest(left);
}

void ReducedSystem::solve(std::vector<double>& right_side, int refinements) {
    known_ = right_side;
    factor_.solve(right_side);
    const double size = largest(known_);
    double error = residual(known_, right_side, left_);
    for (int round = 0; round < refinements && error > exact * size; ++round) {
        best_ = right_side;
        factor_.solve(left_);
        for (std::size_t place = 0; place < left_.size(); ++place) right_side[place] += left_[place];
        const double now = residual(known_, right_side, left_);
        if (!(now < error)) {
            right_side = best_;
            return;
        }
        error = now;
    }
}

}  // namespace loadstar::solver
