#pragma once
// What can be said about a linear problem before it is solved: fixed columns and rows that are bounds in disguise.

#include <cstdint>
#include <vector>

#include "solver/problem.hpp"

namespace loadstar::solver {

/// A row of one column that is not fixed: a bound of that column.
struct BoundRow {
    std::uint32_t row;
    std::uint32_t column;
    double coefficient;
    bool sets_lower;  ///< the row is what bounds the column from below
    bool sets_upper;
};

/// A problem with its bounds tightened and the rows marked that then say nothing more.
struct Presolved {
    std::vector<double> lower, upper;  ///< [column]; equal where the column is fixed
    std::vector<char> kept;            ///< [row]
    std::vector<BoundRow> bound_rows;  ///< in the order in which they left
    bool contradictory = false;        ///< a bound or an empty row cannot hold
};

/// Turns rows of one open column into bounds, drops rows without any, until nothing changes.
/// @param fixed  columns to take for standing at their lower bounds, which are finite
/// Source: Andersen & Andersen 1995, Presolving in linear programming, sec. 3.1-3.3.
Presolved presolve(const Problem& problem, const std::vector<std::int32_t>& fixed = {});

/// Completes the duals of the rows that `presolve` dropped, the last dropped first, and gives the reduced costs.
///
/// A dropped row takes the reduced cost of its column where it is the bound that the column stands at.
/// @param values     [column]
/// @param row_duals  duals of the kept rows, completed here  [row]
/// @return           cost - A' row_duals                     [column]
std::vector<double> complete_duals(const Problem& problem, const Presolved& presolved,
                                   const std::vector<double>& values, std::vector<double>& row_duals);

}  // namespace loadstar::solver
