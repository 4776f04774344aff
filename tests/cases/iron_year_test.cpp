// Dispatch of an iron foundry at quarter-hours. Known answers: four solvers (HiGHS' dual simplex, IPX and HiPO with
// crossover, and cuts over months) agree to nine digits and more on loads published with ficus (yabata/ficus, GPL-3.0).
#include "support/iron_year.hpp"

#include <gtest/gtest.h>

#include "solver/solve.hpp"
#include "support/shared.hpp"

namespace loadstar {
namespace {

using test_support::IronProblem;

std::vector<test_support::IronSlot> iron_year() {
    const auto folder = test_support::shared_folder();
    const auto path = folder.value_or("") / "cases/optimisation/ficus/iron_year_15min.csv.gz";
    if (!folder || !std::filesystem::exists(path)) return {};
    return test_support::read_iron_year(path);
}

solver::Solution solved(const solver::Problem& problem, const solver::SolveOptions& options) {
    NoProgress progress;
    return solver::solve(problem, options, progress).value();
}

TEST(IronYear, JanuaryCostsWhatEveryMethodSays) {
    auto slots = iron_year();
    if (slots.empty()) GTEST_SKIP() << "needs iron_year_15min.csv.gz of the shared cases";
    slots.resize(31 * 96);
    const IronProblem january(slots, {.yearly_peak = false});
    EXPECT_EQ(january.problem.cost.size(), 29761U);
    EXPECT_EQ(january.problem.row_lower.size(), 14880U);
    for (const auto choice : {solver::Choice::simplex, solver::Choice::interior_point}) {
        const auto solution = solved(january.problem, {.choice = choice});
        ASSERT_EQ(solution.status, solver::Status::optimal);
        EXPECT_NEAR(solution.objective, 517342.73949, 1e-5);
        EXPECT_NEAR(solution.bound, solution.objective, 1e-8 * solution.objective);
    }
}

TEST(IronYear, TheYearCostsWhatEveryMethodSays) {
    const auto slots = iron_year();
    if (slots.empty()) GTEST_SKIP() << "needs iron_year_15min.csv.gz of the shared cases";
    const IronProblem year(slots);
    EXPECT_EQ(year.problem.cost.size(), 350413U);
    EXPECT_EQ(year.problem.row_lower.size(), 175212U);
    EXPECT_EQ(year.problem.row_values.size(), 665782U);
    const auto solution = solved(year.problem, {.time_limit_s = solver::infinity});
    EXPECT_EQ(solution.method, solver::Method::interior_point);
    ASSERT_EQ(solution.status, solver::Status::optimal);
    EXPECT_NEAR(solution.objective, 5866722.6877, 1e-8 * 5866722.6877);
    EXPECT_LE(solution.gap, 1e-9);
    EXPECT_NEAR(solution.values[static_cast<std::size_t>(year.year_peak())], 7096.0904, 1e-4);
}

TEST(IronYear, FixedContentsAtTheEndOfMonthsCostMore) {
    const auto slots = iron_year();
    if (slots.empty()) GTEST_SKIP() << "needs iron_year_15min.csv.gz of the shared cases";
    const IronProblem year(slots, {.fixed_edges = true});
    const auto solution = solved(year.problem, {.time_limit_s = solver::infinity});
    ASSERT_EQ(solution.status, solver::Status::optimal);
    EXPECT_NEAR(solution.objective, 5867467.8457, 1e-8 * 5867467.8457);
}

}  // namespace
}  // namespace loadstar
