#include "solver/settle.hpp"

#include <algorithm>
#include <cmath>

#include "solver/reduced_system.hpp"

namespace loadstar::solver {
namespace {

constexpr double acceptable = 1e-11;  ///< residual of the rows
constexpr int rounds = 3;             ///< corrections of the rows
constexpr int attempts = 4;           ///< at finding the columns that can stand at their bounds

std::vector<double> residual(const StandardForm& form, const std::vector<double>& x) {
    auto left = form.right_side;
    const auto& [start, row, value] = form.matrix;
    for (std::size_t j = 0; j < form.columns(); ++j)
        for (auto k = start[j]; k < start[j + 1]; ++k) left[row[k]] -= value[k] * x[j];
    return left;
}

double largest(const std::vector<double>& values) {
    double result = 0;
    for (const double value : values) result = std::max(result, std::abs(value));
    return result;
}

void clip(const StandardForm& form, std::vector<double>& x) {
    for (std::size_t j = 0; j < x.size(); ++j) x[j] = std::clamp(x[j], form.lower[j], form.upper[j]);
}

/// Columns whose reduced cost holds them at a bound go there.
void move_to_bounds(const StandardForm& form, const std::vector<double>& y, std::vector<double>& x) {
    constexpr double near = 1e-4;   // of the form's unit
    constexpr double clear = 1e-2;  // distance over reduced cost
    const auto& [start, row, value] = form.matrix;
    for (std::size_t j = 0; j < x.size(); ++j) {
        double reduced = form.cost[j];
        for (auto k = start[j]; k < start[j + 1]; ++k) reduced -= value[k] * y[row[k]];
        const double reach = std::min(near, clear * std::abs(reduced));
        if (reduced > 0 && x[j] - form.lower[j] < reach) x[j] = form.lower[j];
        if (reduced < 0 && form.upper[j] - x[j] < reach) x[j] = form.upper[j];
    }
}

/// Brings the rows of A x = b closer without leaving the bounds; returns the largest residual.
double repair(const StandardForm& form, ReducedSystem& system, std::vector<double>& x) {
    constexpr double widest = 1e3;
    constexpr double least = 1e-30;  // of a column at its bound, which then stays there
    std::vector<double> weights(x.size());
    auto left = residual(form, x);
    double error = largest(left);
    const auto& [start, row, value] = form.matrix;
    for (int round = 0; round < rounds && error > acceptable / 1000; ++round) {
        for (std::size_t j = 0; j < x.size(); ++j) {
            const double distance = std::min({x[j] - form.lower[j], form.upper[j] - x[j], widest});
            weights[j] = std::max(distance, least);
        }
        system.factorise(weights);
        system.solve(left, 2);
        auto moved = x;
        for (std::size_t j = 0; j < form.linking(); ++j)
            for (auto k = start[j]; k < start[j + 1]; ++k) moved[j] += weights[j] * value[k] * left[row[k]];
        for (std::size_t j = form.linking(); j < form.columns(); ++j)
            moved[j] += left[form.link_place[j - form.linking()]];
        clip(form, moved);
        left = residual(form, moved);
        const double now = largest(left);
        if (!(now < error)) break;
        error = now;
        x = std::move(moved);
    }
    return error;
}

/// Puts the columns of rows that are further off than `tolerance` back inside: at a vertex with more columns at their
/// bounds than it has rows to spare, a row may have nothing left to be made whole with.
void give_back(const StandardForm& form, double tolerance, const std::vector<double>& inside, std::vector<double>& x) {
    const auto left = residual(form, x);
    const auto& [start, row, value] = form.matrix;
    for (std::size_t j = 0; j < x.size(); ++j)
        for (auto k = start[j]; k < start[j + 1]; ++k)
            if (std::abs(left[row[k]]) > tolerance) x[j] = inside[j];
}

}  // namespace

std::vector<double> settle(const StandardForm& form, const std::vector<double>& x, const std::vector<double>& y) {
    ReducedSystem system(form);
    auto inside = x;
    clip(form, inside);
    auto settled = inside;
    move_to_bounds(form, y, settled);
    for (int attempt = 0; attempt < attempts; ++attempt) {
        const double error = repair(form, system, settled);
        if (error <= acceptable) return settled;
        give_back(form, error / 100, inside, settled);
    }
    repair(form, system, inside);
    return inside;
}

}  // namespace loadstar::solver
