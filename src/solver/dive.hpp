#pragma once
// A first plan for problems with whole columns, and how far from the best it can be.

#include <optional>

#include "base/progress.hpp"
#include "solver/solve.hpp"

namespace loadstar::solver {

/// Rounds the linear relaxation up: the columns whose fraction is large, or else the one with the largest, and again
/// from where the last relaxation ended until all are whole. Machines that start and stop are mostly whole in the
/// relaxation; what is left takes some tens of short solves.
/// @return  status optimal with what was found, the bound of the relaxation and the gap between the two, whatever its
///          size; nothing where the relaxation or a rounding has no solution, or where it would take too long
/// Errors: cancelled, internal.
Result<std::optional<Solution>> dive(const Problem& problem, const SolveOptions& options, Progress& progress);

}  // namespace loadstar::solver
