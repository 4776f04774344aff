#include "solver/highs_model.hpp"

#include <vector>

#include <interfaces/highs_c_api.h>

namespace loadstar::solver {
namespace {

void stop_when_cancelled(int, const char*, const HighsCallbackDataOut*, HighsCallbackDataIn* in, void* progress) {
    if (in != nullptr && static_cast<const Progress*>(progress)->cancelled()) in->user_interrupt = 1;
}

void read_values(void* highs, const Problem& problem, bool with_duals, Solution& solution) {
    solution.values.resize(problem.cost.size());
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

}  // namespace

void DestroyHighs::operator()(void* highs) const { Highs_destroy(highs); }

HighsModel make_highs_model() {
    HighsModel highs(Highs_create());
    Highs_setBoolOptionValue(highs.get(), "output_flag", 0);
    Highs_setIntOptionValue(highs.get(), "threads", 1);
    return highs;
}

void stop_by(void* highs, Progress& progress) {
    Highs_setCallback(highs, stop_when_cancelled, &progress);
    Highs_startCallback(highs, kHighsCallbackSimplexInterrupt);
    Highs_startCallback(highs, kHighsCallbackMipInterrupt);
}

bool pass_problem(void* highs, const Problem& problem) {
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

Solution read_solution(void* highs, const Problem& problem, bool with_duals) {
    Solution solution{.method = problem.has_binaries() ? Method::branch_and_bound : Method::simplex};
    const auto status = Highs_getModelStatus(highs);
    HighsInt primal = 0;
    Highs_getIntInfoValue(highs, "primal_solution_status", &primal);
    const bool duals = with_duals && !problem.has_binaries();
    if (status == kHighsModelStatusOptimal) {
        solution.status = Status::optimal;
        read_values(highs, problem, duals, solution);
    } else if (status == kHighsModelStatusInfeasible || status == kHighsModelStatusUnboundedOrInfeasible) {
        solution.status = Status::infeasible;
    } else if (status == kHighsModelStatusObjectiveBound) {
        solution.status = Status::above_cutoff;
    } else if (primal == kHighsSolutionStatusFeasible) {
        solution.status = Status::feasible;
        read_values(highs, problem, duals, solution);
    }
    return solution;
}

}  // namespace loadstar::solver
