#pragma once
// Branch and bound for problems whose linear relaxation is nearly whole: machines that start and stop.

#include <optional>

#include "base/progress.hpp"
#include "solver/solve.hpp"

namespace loadstar::solver {

/// Finds a first plan by rounding the relaxation, and branches from there until the gap that is asked for is proven or
/// some hundred relaxations have brought nothing better. A relaxation starts where the one before it ended and takes
/// milliseconds, so that most problems of machines end here; others go on elsewhere, from the plan that was found.
/// A gap below a ten-thousandth is left to others, but for problems with few whole columns.
///
/// Rounding: what has a large fraction goes up together, or else the column with the largest; down instead where up
/// costs much and down costs less. Branching: on the column for which up and down, each by what its steps
/// have cost so far, promise to raise the bound most (pseudo-costs: Benichou et al., Experiments in mixed-integer
/// linear programming, Mathematical Programming 1, 1971), first where less is lost, then where the bound is lowest.
/// @return  status optimal with the best plan found, the bound that is proven and the gap between the two, whatever its
///          size; nothing where none was found
/// Errors: cancelled, internal.
Result<std::optional<Solution>> tree_search(const Problem& problem, const SolveOptions& options, Progress& progress);

}  // namespace loadstar::solver
