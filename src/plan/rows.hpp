#pragma once
// The rows of a plan as one linear problem, and the rounds in which it is solved.

#include <map>
#include <string>
#include <vector>

#include "plan/connection.hpp"
#include "plan/model.hpp"
#include "solver/solve.hpp"

namespace loadstar::plan {

/// Where the rows of one request lie in a model.
struct PlanRows {
    std::vector<ConnectionColumns> connections;
    std::map<std::string, std::size_t> balances;  ///< carrier without a connection -> row of its first slot
};

/// Adds everything that is planned for a request: assets, machines, balances, connections. Several requests may share a
/// model and its sizes; nothing else is shared.
PlanRows add_plan_rows(Model& model, const PlanRequest& request, const Assets& assets);

/// The assets of a request and their rows.
struct PlanPart {
    const Assets& assets;
    PlanRows rows;
};

/// When to end where there is something to try out.
struct SolveLimits {
    double time_limit_s = 60;
    double mip_gap = 1e-6;
    double accepted_gap = 1e-7;  ///< of large linear problems where rounding stops the solver
};

/// Solves, and again with the binaries that the last plan turned out to need: slot by slot while that is a matter of a
/// few, then everywhere. Errors: those of solver::solve.
Result<solver::Solution> solve_refined(Model& model, std::vector<PlanPart>& parts, const SolveLimits& limits,
                                       Progress& progress);

/// The limits of a conflict, each kind once, with the first instant at which it counts.
Text conflict(const Model& model, const solver::Solution& solution, const Horizon& axis);

}  // namespace loadstar::plan
