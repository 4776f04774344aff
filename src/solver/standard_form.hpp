#pragma once
// The form in which the interior point method sees a linear problem: minimise c'x, A x = b, l <= x <= u, with rows and
// columns in an order that follows the structure, and scaled.

#include <cstdint>
#include <vector>

#include "solver/presolve.hpp"
#include "solver/problem.hpp"
#include "solver/row_order.hpp"

namespace loadstar::solver {

/// Equations over bounded columns. Rows lie at places; places between them belong to linking columns and hold no row.
///
/// Columns [0, linking()) touch places close together and rise with them; the rest are the linking ones. A row with a
/// range got a column of its own, -1 in that row, that is bounded by the range.
struct StandardForm {
    SparseColumns matrix;                   ///< A: entries are at places
    std::vector<double> cost;               ///< [column]
    std::vector<double> lower, upper;       ///< [column]
    std::vector<double> right_side;         ///< [place], zero where there is no row
    std::vector<std::uint32_t> first;       ///< [place] the first place it is coupled with
    std::vector<std::uint32_t> link_place;  ///< [column - linking()]

    [[nodiscard]] std::size_t columns() const { return cost.size(); }
    [[nodiscard]] std::size_t places() const { return right_side.size(); }
    [[nodiscard]] std::size_t linking() const { return columns() - link_place.size(); }
};

/// A standard form and the way back from it.
struct Standardised {
    StandardForm form;
    std::size_t entries = 0;               ///< that the factor of the order of rows will hold
    double work = 0;                       ///< multiplications that it takes, at most
    std::vector<std::uint32_t> column_of;  ///< [column] of the problem, or the number of its columns for one of a row
    std::vector<std::uint32_t> row_at;     ///< [place] row of the problem, or the number of its rows
    std::vector<double> column_scale;      ///< [column] value in the problem = scale * value in the form * magnitude
    std::vector<double> row_scale;         ///< [place]  row of the form = scale * row of the problem
    double magnitude = 1;                  ///< of right sides and bounds in the problem
    double cost_magnitude = 1;             ///< of costs in the problem
    double constant = 0;                   ///< cost of the fixed columns
};

/// Writes what the presolve left of a problem without binaries.
Standardised standardise(const Problem& problem, const Presolved& presolved);

/// Values of the problem's columns for a point of the form, clipped to the problem's bounds.   [column of the problem]
std::vector<double> values_in_problem(const Standardised& standard, const Presolved& presolved,
                                      const std::vector<double>& x);
/// Duals of the problem's kept rows; zero for the others.   [row of the problem]
std::vector<double> duals_in_problem(const Standardised& standard, std::size_t rows, const std::vector<double>& y);

}  // namespace loadstar::solver
