#pragma once
// Solves a Problem with HiGHS, or where it is large and linear by the interior point method of this layer. Nothing of
// HiGHS is seen outside this layer, and it prints nothing.

#include <optional>
#include <vector>

#include "base/progress.hpp"
#include "base/result.hpp"
#include "solver/interior_point.hpp"
#include "solver/problem.hpp"

namespace loadstar::solver {

/// How a linear problem is solved. Whole columns take a tree search of our own, and where that does not prove the gap,
/// HiGHS' branch and bound from the plan that was found.
enum class Choice {
    automatic,       ///< interior point where the problem is large, and simplex where that does not converge
    simplex,         ///< ends at a vertex
    interior_point,  ///< ends amid the optimal plans where there are several; no other method is tried
};

struct SolveOptions {
    double time_limit_s = 60;
    double mip_gap = 1e-6;  ///< relative
    Choice choice = Choice::automatic;
    bool with_duals = false;     ///< of linear problems
    double cutoff = infinity;    ///< of a session: it may give up where every solution costs more
    double accepted_gap = 1e-7;  ///< relative, of the interior point method where rounding stops it
};

enum class Status { optimal, feasible, infeasible, no_solution, above_cutoff };
enum class Method { simplex, interior_point, branch_and_bound, tree_search };

/// What a solve ended with. Infeasible and out of time are outcomes, not errors.
struct Solution {
    Status status = Status::no_solution;
    double objective = 0;
    double gap = 0;                      ///< relative distance to the bound, when optimal or feasible
    std::vector<double> values;          ///< [column], when optimal or feasible
    std::vector<RowName> conflicting{};  ///< rows that cannot hold together, when infeasible; may be empty for MILPs
    double seconds = 0;
    double bound = -infinity;            ///< no plan costs less
    Method method = Method::simplex;     ///< that the outcome comes from
    std::vector<double> row_duals{};     ///< [row] cost per unit of the side the row stands at, when asked for
    std::vector<double> column_duals{};  ///< [column] reduced cost, when asked for
    std::optional<InteriorPointEnd> interior_point{};  ///< how that method ended, where it was tried
};

/// Minimises the cost of a problem. Errors: cancelled, internal (the solver refuses the model).
Result<Solution> solve(const Problem& problem, const SolveOptions& options, Progress& progress);

}  // namespace loadstar::solver
