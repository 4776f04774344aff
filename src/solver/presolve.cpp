#include "solver/presolve.hpp"

#include <algorithm>
#include <cmath>

namespace loadstar::solver {
namespace {

constexpr double bound_slack = 1e-9;  ///< relative: how far bounds may cross and still be taken as equal

/// What a row is once its fixed columns are taken out.
struct OpenRow {
    std::size_t open = 0;  ///< columns that are not fixed
    std::uint32_t column = 0;
    double coefficient = 0;
    double fixed = 0;  ///< sum over the fixed columns
};

OpenRow open_row(const Problem& problem, const Presolved& presolved, std::size_t row) {
    OpenRow result;
    const auto end = static_cast<std::size_t>(problem.row_start[row + 1]);
    for (auto k = static_cast<std::size_t>(problem.row_start[row]); k < end; ++k) {
        const auto column = static_cast<std::uint32_t>(problem.row_columns[k]);
        const double coefficient = problem.row_values[k];
        if (coefficient == 0) continue;
        if (presolved.lower[column] == presolved.upper[column]) {
            result.fixed += coefficient * presolved.lower[column];
        } else if (++result.open == 1) {
            result.column = column;
            result.coefficient = coefficient;
        }
    }
    return result;
}

double tolerance(double a, double b) { return bound_slack * (1 + std::max(std::abs(a), std::abs(b))); }

/// Narrows the bounds of the row's only column.
void apply_bound(const Problem& problem, std::size_t row, const OpenRow& open, Presolved& presolved) {
    double lower = (problem.row_lower[row] - open.fixed) / open.coefficient;
    double upper = (problem.row_upper[row] - open.fixed) / open.coefficient;
    if (open.coefficient < 0) std::swap(lower, upper);
    auto& column_lower = presolved.lower[open.column];
    auto& column_upper = presolved.upper[open.column];
    BoundRow bound{static_cast<std::uint32_t>(row), open.column, open.coefficient, lower > column_lower,
                   upper < column_upper};
    column_lower = std::max(column_lower, lower);
    column_upper = std::min(column_upper, upper);
    if (column_lower > column_upper) {
        if (column_lower - column_upper > tolerance(column_lower, column_upper)) presolved.contradictory = true;
        column_lower = column_upper = (column_lower + column_upper) / 2;
    }
    if (bound.sets_lower || bound.sets_upper) presolved.bound_rows.push_back(bound);
}

bool visit(const Problem& problem, std::size_t row, Presolved& presolved) {
    const bool binds = problem.row_lower[row] != -infinity || problem.row_upper[row] != infinity;
    const auto open = binds ? open_row(problem, presolved, row) : OpenRow{};
    if (open.open > 1) return false;
    presolved.kept[row] = 0;
    if (open.open == 1) {
        apply_bound(problem, row, open, presolved);
        return true;
    }
    const double slack = tolerance(open.fixed, 0);
    if (open.fixed < problem.row_lower[row] - slack || open.fixed > problem.row_upper[row] + slack)
        presolved.contradictory = true;
    return false;
}

}  // namespace

Presolved presolve(const Problem& problem, const std::vector<std::int32_t>& fixed) {
    Presolved result{problem.column_lower, problem.column_upper, std::vector<char>(problem.row_lower.size(), 1), {}};
    for (const auto column : fixed)
        result.upper[static_cast<std::size_t>(column)] = result.lower[static_cast<std::size_t>(column)];
    for (std::size_t j = 0; j < result.lower.size(); ++j)
        if (result.lower[j] > result.upper[j]) result.contradictory = true;
    for (std::size_t row = 0; row < result.kept.size(); ++row)
        if (problem.row_lower[row] > problem.row_upper[row]) result.contradictory = true;
    for (bool changed = true; changed && !result.contradictory;) {
        changed = false;
        for (std::size_t row = 0; row < result.kept.size(); ++row)
            if (result.kept[row] != 0 && visit(problem, row, result)) changed = true;
    }
    return result;
}

std::vector<double> complete_duals(const Problem& problem, const Presolved& presolved,
                                   const std::vector<double>& values, std::vector<double>& row_duals) {
    std::vector<double> reduced = problem.cost;
    const auto subtract = [&](std::size_t row) {
        const auto end = static_cast<std::size_t>(problem.row_start[row + 1]);
        for (auto k = static_cast<std::size_t>(problem.row_start[row]); k < end; ++k)
            reduced[static_cast<std::size_t>(problem.row_columns[k])] -= problem.row_values[k] * row_duals[row];
    };
    for (std::size_t row = 0; row < row_duals.size(); ++row)
        if (presolved.kept[row] != 0 && row_duals[row] != 0) subtract(row);
    for (auto bound = presolved.bound_rows.rbegin(); bound != presolved.bound_rows.rend(); ++bound) {
        const auto j = bound->column;
        const double x = values[j];
        const double near = 1e-7 * (1 + std::abs(x));
        const bool at_lower = bound->sets_lower && reduced[j] > 0 && x <= presolved.lower[j] + near;
        const bool at_upper = bound->sets_upper && reduced[j] < 0 && x >= presolved.upper[j] - near;
        if (!at_lower && !at_upper) continue;
        row_duals[bound->row] = reduced[j] / bound->coefficient;
        subtract(bound->row);
        reduced[j] = 0;
    }
    return reduced;
}

}  // namespace loadstar::solver
