#pragma once
// Solves large linear problems whose rows and columns follow time by a primal-dual interior point method.
//
//     minimise c'x   subject to   row_lower <= A x <= row_upper,  lower <= x <= upper
//
// A dispatch problem links each slot to the next and, through few columns, to all others: peaks, capacities, limits of
// a day. With its rows in the order of time the equations of a step are a narrow band with a thin border, and a step
// costs about as much as reading the problem some twenty times.
//
// Last resorts, such as what is missing at a thousand times the price of what is bought, would set the scale of all
// costs, and what energy costs would drown in rounding. They are left out first. That is the optimum of the whole
// problem if it exists and no last resort's reduced cost is below zero (duals of a feasible point: the test of
// optimality, with the columns at their bounds); else a rough solution tells which are needed, and only those stay.

#include <cstdint>
#include <vector>

#include "base/progress.hpp"
#include "solver/problem.hpp"

namespace loadstar::solver {

struct InteriorPointOptions {
    double gap = 1e-9;           ///< relative distance of objective and bound at which it ends
    double accepted_gap = 1e-7;  ///< to the bound in the terms of the problem: what rounding lets it prove, at least
    double feasibility =
        1e-9;  ///< largest residual of the rows and of the duals, relative to the right sides and costs
    double time_limit_s = infinity;
    int iteration_limit = 200;
    std::size_t entry_limit = 100'000'000;  ///< of the factor; more is not tried
    double work_limit = 5e9;                ///< multiplications of one factorisation, some seconds; more is not tried
};

enum class InteriorPointEnd {
    converged,
    stalled,     ///< no more progress: also what an infeasible or unbounded problem ends with
    unsuitable,  ///< binaries, contradicting bounds, or rows that reach too far: not tried
    cancelled,
    out_of_time,
};

/// How far an iteration has come.
struct InteriorPointStep {
    double row_residual;   ///< relative
    double dual_residual;  ///< relative
    double gap;            ///< relative
};

struct InteriorPointResult {
    InteriorPointEnd end = InteriorPointEnd::unsuitable;
    double objective = 0;
    double bound = 0;                      ///< no plan is cheaper, as far as the duals are exact
    double gap = 0;                        ///< (objective - bound) / max(1, |objective|)
    double row_violation = 0;              ///< largest breach of a row, in units of the row over max(1, its side)
    std::vector<double> values;            ///< [column] within its bounds
    std::vector<double> row_duals;         ///< [row] objective per unit of the side it stands at
    std::vector<double> column_duals;      ///< [column] cost - A' row_duals
    std::vector<InteriorPointStep> steps;  ///< [iteration]
    std::size_t factor_entries = 0;
};

/// From here on it saves time that somebody notices. It is faster from a day on (see bench/dispatch_year), but a vertex
/// is the plainer plan where several cost the same.
inline bool is_large(const Problem& problem) { return problem.row_lower.size() >= 4000; }

/// Minimises the cost of a problem without binaries. The same bits come out on every run of one machine.
/// Source: Mehrotra 1992 (predictor and corrector), Gondzio 1996 (several correctors), Wright 1997, ch. 10-11.
InteriorPointResult interior_point(const Problem& problem, const InteriorPointOptions& options,
                                   const Progress& progress);

}  // namespace loadstar::solver
