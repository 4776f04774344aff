#pragma once
// What the users of HiGHS in this layer share: a model object that cleans up after itself, and the hand-over.

#include <memory>

#include "base/progress.hpp"
#include "solver/problem.hpp"
#include "solver/solve.hpp"

namespace loadstar::solver {

struct DestroyHighs {
    void operator()(void* highs) const;
};
using HighsModel = std::unique_ptr<void, DestroyHighs>;

/// A silent model of one thread.
HighsModel make_highs_model();
/// Lets `progress` stop the runs to come; it must outlive them.
void stop_by(void* highs, Progress& progress);
/// Hands a problem over. Returns false when HiGHS refuses it.
bool pass_problem(void* highs, const Problem& problem);
/// Status of the last run, and values, bound and duals where it has any. `conflicting` stays empty.
Solution read_solution(void* highs, const Problem& problem, bool with_duals);

}  // namespace loadstar::solver
