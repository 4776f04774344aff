#include "solver/solve.hpp"

#include <algorithm>
#include <chrono>

#include <interfaces/highs_c_api.h>

#include "solver/highs_model.hpp"
#include "solver/tree_search.hpp"

namespace loadstar::solver {
namespace {

Error cancelled() { return {.code = ErrorCode::cancelled, .message = "planning was cancelled"}; }

/// Whole columns of a plan, from which the others follow.
std::vector<Entry> whole_columns(const Problem& problem, const std::vector<double>& values) {
    std::vector<Entry> entries;
    for (std::size_t column = 0; column < values.size(); ++column)
        if (problem.integral[column]) entries.push_back({static_cast<std::int32_t>(column), values[column]});
    return entries;
}

/// Hands over a start that is known; columns it does not name are completed by the solver.
void pass_start(void* highs, const std::vector<Entry>& start) {
    if (start.empty()) return;
    std::vector<HighsInt> columns;
    std::vector<double> values;
    for (const auto& known : start) {
        columns.push_back(known.column);
        values.push_back(known.coefficient);
    }
    Highs_setSparseSolution(highs, static_cast<HighsInt>(columns.size()), columns.data(), values.data());
}

/// Rows of an irreducible set of limits that contradict each other.
std::vector<RowName> conflict(void* highs, const Problem& problem) {
    Highs_setIntOptionValue(highs, "iis_strategy", kHighsIisStrategyFromLpRowPriority);
    std::vector<HighsInt> column_index(problem.cost.size()), row_index(problem.row_lower.size());
    auto column_bound = column_index, column_status = column_index, row_bound = row_index, row_status = row_index;
    HighsInt columns = 0;
    HighsInt rows = 0;
    std::vector<RowName> names;
    if (Highs_getIis(highs, &columns, &rows, column_index.data(), row_index.data(), column_bound.data(),
                     row_bound.data(), column_status.data(), row_status.data()) == kHighsStatusError)
        return names;
    for (HighsInt i = 0; i < rows; ++i)
        names.push_back(problem.row_names[static_cast<std::size_t>(row_index[static_cast<std::size_t>(i)])]);
    return names;
}

/// What these models do not gain from, measured on random plants and on bench/unit_commitment: a restart and a search
/// near reduced costs repeat work on problems that are solved near the root, and jumping to a first plan is of no use
/// where one is known.
void leave_out_slow_search(void* highs, bool has_start) {
    Highs_setBoolOptionValue(highs, "mip_allow_restart", 0);
    Highs_setBoolOptionValue(highs, "mip_heuristic_run_root_reduced_cost", 0);
    if (has_start) Highs_setBoolOptionValue(highs, "mip_heuristic_run_feasibility_jump", 0);
}

double seconds_since(std::chrono::steady_clock::time_point began) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
}

bool close_enough(const Solution& solution, const SolveOptions& options) {
    constexpr double nothing = 1e-6;  // of money
    return solution.gap <= options.mip_gap || solution.objective - solution.bound <= nothing;
}

/// @param start  columns whose values are known
Result<Solution> solve_with_highs(const Problem& problem, const SolveOptions& options, const std::vector<Entry>& start,
                                  Progress& progress) {
    const auto highs = make_highs_model();
    Highs_setDoubleOptionValue(highs.get(), "time_limit", options.time_limit_s);
    Highs_setDoubleOptionValue(highs.get(), "mip_rel_gap", options.mip_gap);
    leave_out_slow_search(highs.get(), !start.empty());
    stop_by(highs.get(), progress);
    const bool passed = pass_problem(highs.get(), problem);
    if (passed) pass_start(highs.get(), start);
    if (!passed || Highs_run(highs.get()) == kHighsStatusError) {
        return Error{.code = ErrorCode::internal, .message = "the solver refused the model"};
    }
    if (progress.cancelled()) return cancelled();
    auto solution = read_solution(highs.get(), problem, options.with_duals);
    if (solution.status == Status::infeasible) solution.conflicting = conflict(highs.get(), problem);
    return solution;
}

Result<Solution> solve_with_whole_columns(const Problem& problem, SolveOptions options, Progress& progress) {
    const auto began = std::chrono::steady_clock::now();
    LOADSTAR_TRY(auto found, tree_search(problem, options, progress));
    if (found && close_enough(*found, options)) return std::move(*found);
    options.time_limit_s -= seconds_since(began);
    if (found && options.time_limit_s <= 0) {
        found->status = Status::feasible;
        return std::move(*found);
    }
    options.time_limit_s = std::max(0.1, options.time_limit_s);
    return solve_with_highs(problem, options, found ? whole_columns(problem, found->values) : problem.known_start,
                            progress);
}

Solution solve_by_interior_point(const Problem& problem, const SolveOptions& options, const Progress& progress) {
    auto result =
        interior_point(problem, {.accepted_gap = options.accepted_gap, .time_limit_s = options.time_limit_s}, progress);
    Solution solution{.method = Method::interior_point, .interior_point = result.end};
    if (result.end != InteriorPointEnd::converged) return solution;
    solution.status = Status::optimal;
    solution.objective = result.objective;
    solution.bound = result.bound;
    solution.gap = result.gap;
    solution.values = std::move(result.values);
    if (options.with_duals) {
        solution.row_duals = std::move(result.row_duals);
        solution.column_duals = std::move(result.column_duals);
    }
    return solution;
}

}  // namespace

Result<Solution> solve(const Problem& problem, const SolveOptions& options, Progress& progress) {
    const auto began = std::chrono::steady_clock::now();
    const bool only = options.choice == Choice::interior_point;
    const bool fits = !problem.has_binaries() && options.choice != Choice::simplex && (only || is_large(problem));
    auto left = options;
    std::optional<InteriorPointEnd> tried;
    if (fits) {
        auto solution = solve_by_interior_point(problem, options, progress);
        if (progress.cancelled()) return cancelled();
        solution.seconds = seconds_since(began);
        if (only || solution.status == Status::optimal) return solution;
        tried = solution.interior_point;
        left.time_limit_s = std::max(0.1, options.time_limit_s - solution.seconds);
    }
    LOADSTAR_TRY(auto solution, problem.has_binaries()
                                    ? solve_with_whole_columns(problem, left, progress)
                                    : solve_with_highs(problem, left, problem.known_start, progress));
    solution.interior_point = tried;
    solution.seconds = seconds_since(began);
    return solution;
}

}  // namespace loadstar::solver
