#pragma once
// Solves a Problem with HiGHS. Nothing of HiGHS is seen outside this layer, and it prints nothing.

#include <vector>

#include "base/progress.hpp"
#include "base/result.hpp"
#include "solver/problem.hpp"

namespace loadstar::solver {

struct SolveOptions {
    double time_limit_s = 60;
    double mip_gap = 1e-6;  ///< relative
};

enum class Status { optimal, feasible, infeasible, no_solution };

/// What a solve ended with. Infeasible and out of time are outcomes, not errors.
struct Solution {
    Status status = Status::no_solution;
    double objective = 0;
    double gap = 0;                      ///< relative distance to the bound, when feasible
    std::vector<double> values;          ///< [column], when optimal or feasible
    std::vector<RowName> conflicting{};  ///< rows that cannot hold together, when infeasible; may be empty for MILPs
    double seconds = 0;
};

/// Minimises the cost of a problem. Errors: cancelled, internal (the solver refuses the model).
Result<Solution> solve(const Problem& problem, const SolveOptions& options, Progress& progress);

}  // namespace loadstar::solver
