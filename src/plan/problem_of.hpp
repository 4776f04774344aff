#pragma once
// The model behind a plan, for measuring it and for holding it to other solvers.

#include "plan/plan.hpp"
#include "solver/problem.hpp"

namespace loadstar::plan {

/// Rows and columns that make_plan solves first; yes-or-no columns against what a linear plan may not do are added to
/// them only where its solution does it.
/// Errors: as make_plan.
Result<solver::Problem> problem_of(const PlanRequest& request);

}  // namespace loadstar::plan
