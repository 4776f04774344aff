#include "solver/solve.hpp"

#include <chrono>
#include <memory>

#include <fmt/format.h>
#include <interfaces/highs_c_api.h>

namespace loadstar::solver {
namespace {

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

void read_values(void* highs, const Problem& problem, Solution& solution) {
    solution.values.resize(problem.cost.size());
    Highs_getSolution(highs, solution.values.data(), nullptr, nullptr, nullptr);
    solution.objective = Highs_getObjectiveValue(highs);
    if (problem.has_binaries()) Highs_getDoubleInfoValue(highs, "mip_gap", &solution.gap);
}

}  // namespace

Result<Solution> solve(const Problem& problem, const SolveOptions& options, Progress& progress) {
    const auto began = std::chrono::steady_clock::now();
    const auto highs = open(options, progress);
    const bool passed = pass(highs.get(), problem);
    if (passed) pass_start(highs.get(), problem);
    if (!passed || Highs_run(highs.get()) == kHighsStatusError) {
        return Error{.code = ErrorCode::internal, .message = "the solver refused the model"};
    }
    if (progress.cancelled()) return Error{.code = ErrorCode::cancelled, .message = "planning was cancelled"};
    Solution solution;
    const auto status = Highs_getModelStatus(highs.get());
    HighsInt primal = 0;
    Highs_getIntInfoValue(highs.get(), "primal_solution_status", &primal);
    if (status == kHighsModelStatusOptimal) {
        solution.status = Status::optimal;
        read_values(highs.get(), problem, solution);
    } else if (status == kHighsModelStatusInfeasible || status == kHighsModelStatusUnboundedOrInfeasible) {
        solution.status = Status::infeasible;
        solution.conflicting = conflict(highs.get(), problem);
    } else if (primal == kHighsSolutionStatusFeasible) {
        solution.status = Status::feasible;
        read_values(highs.get(), problem, solution);
    }
    solution.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    return solution;
}

}  // namespace loadstar::solver
