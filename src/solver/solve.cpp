#include "solver/solve.hpp"

#include <algorithm>
#include <chrono>
#include <memory>

#include <fmt/format.h>
#include <interfaces/highs_c_api.h>

namespace loadstar::solver {
namespace {

Error cancelled() { return {.code = ErrorCode::cancelled, .message = "planning was cancelled"}; }

struct Destroy {
    void operator()(void* highs) const { Highs_destroy(highs); }
};
using Highs = std::unique_ptr<void, Destroy>;

void stop_when_cancelled(int, const char*, const HighsCallbackDataOut*, HighsCallbackDataIn* in, void* progress) {
    if (in != nullptr && static_cast<const Progress*>(progress)->cancelled()) in->user_interrupt = 1;
}

Highs open(const SolveOptions& options, Progress& progress) {
    Highs highs(Highs_create());
    Highs_setBoolOptionValue(highs.get(), "output_flag", 0);
    Highs_setDoubleOptionValue(highs.get(), "time_limit", options.time_limit_s);
    Highs_setDoubleOptionValue(highs.get(), "mip_rel_gap", options.mip_gap);
    Highs_setIntOptionValue(highs.get(), "threads", 1);
    Highs_setCallback(highs.get(), stop_when_cancelled, &progress);
    Highs_startCallback(highs.get(), kHighsCallbackSimplexInterrupt);
    Highs_startCallback(highs.get(), kHighsCallbackMipInterrupt);
    return highs;
}

bool pass(void* highs, const Problem& problem) {
    const auto columns = static_cast<HighsInt>(problem.cost.size());
    const auto rows = static_cast<HighsInt>(problem.row_lower.size());
    const auto entries = static_cast<HighsInt>(problem.row_columns.size());
    std::vector<HighsInt> integrality;
    if (problem.has_binaries()) integrality.assign(problem.integral.begin(), problem.integral.end());
    static const HighsInt no_rows = 0;
    const auto* start = rows == 0 ? &no_rows : problem.row_start.data();
    const auto pass_model = [&](auto function, auto... last) {
        return function(highs, columns, rows, entries, kHighsMatrixFormatRowwise, kHighsObjSenseMinimize, 0.0,
                        problem.cost.data(), problem.column_lower.data(), problem.column_upper.data(),
                        problem.row_lower.data(), problem.row_upper.data(), start, problem.row_columns.data(),
                        problem.row_values.data(), last...);
    };
    const auto status = integrality.empty() ? pass_model(Highs_passLp) : pass_model(Highs_passMip, integrality.data());
    return status != kHighsStatusError;
}

/// Hands over the start that is known; columns it does not name are completed by the solver.
void pass_start(void* highs, const Problem& problem) {
    if (problem.known_start.empty()) return;
    std::vector<HighsInt> columns;
    std::vector<double> values;
    for (const auto& known : problem.known_start) {
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

void read_values(void* highs, const Problem& problem, const SolveOptions& options, Solution& solution) {
    solution.values.resize(problem.cost.size());
    const bool with_duals = options.with_duals && !problem.has_binaries();
    if (with_duals) {
        solution.column_duals.resize(problem.cost.size());
        solution.row_duals.resize(problem.row_lower.size());
    }
    Highs_getSolution(highs, solution.values.data(), with_duals ? solution.column_duals.data() : nullptr, nullptr,
                      with_duals ? solution.row_duals.data() : nullptr);
    solution.objective = Highs_getObjectiveValue(highs);
    if (problem.has_binaries()) {
        Highs_getDoubleInfoValue(highs, "mip_gap", &solution.gap);
        Highs_getDoubleInfoValue(highs, "mip_dual_bound", &solution.bound);
    } else if (solution.status == Status::optimal) {
        solution.bound = solution.objective;
    }
}

Result<Solution> solve_with_highs(const Problem& problem, const SolveOptions& options, Progress& progress) {
    const auto highs = open(options, progress);
    const bool passed = pass(highs.get(), problem);
    if (passed) pass_start(highs.get(), problem);
    if (!passed || Highs_run(highs.get()) == kHighsStatusError) {
        return Error{.code = ErrorCode::internal, .message = "the solver refused the model"};
    }
    if (progress.cancelled()) return cancelled();
    Solution solution{.method = problem.has_binaries() ? Method::branch_and_bound : Method::simplex};
    const auto status = Highs_getModelStatus(highs.get());
    HighsInt primal = 0;
    Highs_getIntInfoValue(highs.get(), "primal_solution_status", &primal);
    if (status == kHighsModelStatusOptimal) {
        solution.status = Status::optimal;
        read_values(highs.get(), problem, options, solution);
    } else if (status == kHighsModelStatusInfeasible || status == kHighsModelStatusUnboundedOrInfeasible) {
        solution.status = Status::infeasible;
        solution.conflicting = conflict(highs.get(), problem);
    } else if (primal == kHighsSolutionStatusFeasible) {
        solution.status = Status::feasible;
        read_values(highs.get(), problem, options, solution);
    }
    return solution;
}

Solution solve_by_interior_point(const Problem& problem, const SolveOptions& options, const Progress& progress) {
    auto result = interior_point(problem, {.time_limit_s = options.time_limit_s}, progress);
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

/// The size from which the interior point method is faster: bench/dispatch_year, one day to one year.
bool is_large(const Problem& problem) { return problem.row_lower.size() >= 4000; }

double seconds_since(std::chrono::steady_clock::time_point began) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
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
    LOADSTAR_TRY(auto solution, solve_with_highs(problem, left, progress));
    solution.interior_point = tried;
    solution.seconds = seconds_since(began);
    return solution;
}

}  // namespace loadstar::solver
