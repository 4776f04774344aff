#pragma once
// Sizes that are whole multiples, by branch and bound over their bounds.

#include <vector>

#include "plan/rows.hpp"

namespace loadstar::plan {

/// A column that must be a whole multiple of a unit.
struct Multiple {
    std::int32_t column = 0;
    double unit = 1;
};

/// Solves as solve_refined does, with columns at whole multiples.
///
/// Every step solves the whole problem with such a column held below or above what it would like to be, the step with
/// the lowest bound first. So a problem that is linear but for these columns stays so, and large ones go to the solver
/// that is made for them. Where time runs out, the best sizes known are returned with their gap, at least those of the
/// linear problem rounded up. Source: Land & Doig 1960.
/// @param multiples  their bounds in the problem are narrowed
/// Errors: those of solver::solve.
Result<solver::Solution> solve_whole(Model& model, std::vector<PlanPart>& parts, const std::vector<Multiple>& multiples,
                                     const SolveLimits& limits, Progress& progress);

}  // namespace loadstar::plan
