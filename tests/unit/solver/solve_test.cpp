#include "solver/solve.hpp"

#include <gtest/gtest.h>

namespace loadstar::solver {
namespace {

TEST(Solve, FindsTheCheapestMix) {
    Problem problem;
    const auto demand = problem.limit({"demand", "需求"});
    const auto cheap = problem.variable(Power(0), Power(6), PowerPrice(1));
    const auto dear = problem.variable(Power(0), Power(infinity), PowerPrice(3));
    problem.require(cheap + dear >= Power(10), demand, 0);
    NoProgress progress;
    const auto solution = solve(problem, {}, progress);
    ASSERT_TRUE(solution);
    EXPECT_EQ(solution->status, Status::optimal);
    EXPECT_NEAR(solution->objective, 6 + 4 * 3, 1e-9);
}

TEST(Solve, DecidesYesOrNo) {
    Problem problem;
    const auto need = problem.limit({"need", "需要"});
    const auto x = problem.binary(Money(5));
    const auto y = problem.binary(Money(4));
    problem.require(3.0 * x + 2.0 * y >= 2.5, need, 0);
    NoProgress progress;
    const auto solution = solve(problem, {}, progress);
    ASSERT_TRUE(solution);
    EXPECT_NEAR(solution->objective, 5, 1e-9);
}

TEST(Solve, NamesTheLimitsThatContradict) {
    Problem problem;
    const auto demand = problem.limit({"demand", "需求"});
    const auto fuse = problem.limit({"fuse", "熔断器"});
    const auto idle = problem.limit({"idle", "无关"});
    const auto x = problem.variable(Power(0), Power(100), PowerPrice(1));
    const auto y = problem.variable(Power(0), Power(100), PowerPrice(1));
    problem.require(x + y >= Power(50), demand, 3);
    problem.require(x + y <= Power(20), fuse, 3);
    problem.require(x - y <= Power(90), idle, 3);
    NoProgress progress;
    const auto solution = solve(problem, {}, progress);
    ASSERT_TRUE(solution);
    EXPECT_EQ(solution->status, Status::infeasible);
    ASSERT_EQ(solution->conflicting.size(), 2U);
    EXPECT_EQ(solution->conflicting[0].kind, demand);
    EXPECT_EQ(solution->conflicting[1].kind, fuse);
    EXPECT_EQ(solution->conflicting[1].slot, 3);
}

/// Cheap and dear sources of `slots` slots, the cheap one short of energy over all of them.
Problem long_problem(int slots, double need) {
    Problem problem;
    const auto demand = problem.limit({"demand", "需求"});
    const auto budget = problem.limit({"budget", "预算"});
    std::vector<Entry> used;
    for (int slot = 0; slot < slots; ++slot) {
        const auto cheap = problem.variable(Power(0), Power(6), PowerPrice(1));
        const auto dear = problem.variable(Power(0), Power(10), PowerPrice(3));
        problem.require(cheap + dear >= Power(need), demand, slot);
        used.push_back({cheap.column, 1});
    }
    for (const auto entry : used) problem.add_entry(entry);
    problem.end_row(-infinity, 2.0 * slots, {budget, 0});
    return problem;
}

TEST(Solve, SaysWhichMethodFoundThePlan) {
    NoProgress progress;
    const auto problem = long_problem(10, 5);
    for (const auto choice : {Choice::automatic, Choice::simplex, Choice::interior_point}) {
        const auto solution = solve(problem, {.choice = choice, .with_duals = true}, progress);
        ASSERT_TRUE(solution);
        EXPECT_EQ(solution->status, Status::optimal);
        EXPECT_EQ(solution->method, choice == Choice::interior_point ? Method::interior_point : Method::simplex);
        EXPECT_NEAR(solution->objective, 10 * (2 * 1 + 3 * 3), 1e-7);
        EXPECT_NEAR(solution->bound, solution->objective, 1e-7);
        ASSERT_EQ(solution->row_duals.size(), 11U);
        EXPECT_NEAR(solution->row_duals[0], -3, 1e-7);  // written as -cheap - dear <= -need
        EXPECT_NEAR(solution->row_duals[10], -2, 1e-7);
        EXPECT_NEAR(solution->column_duals[0], 0, 1e-7);
    }
}

TEST(Solve, TakesTheInteriorPointForLargeProblems) {
    NoProgress progress;
    const auto solution = solve(long_problem(5000, 5), {}, progress);
    ASSERT_TRUE(solution);
    EXPECT_EQ(solution->method, Method::interior_point);
    EXPECT_NEAR(solution->objective, 5000 * 11, 1e-3);
    EXPECT_TRUE(solution->row_duals.empty());
}

TEST(Solve, NamesConflictsOfLargeProblemsToo) {
    NoProgress progress;
    const auto solution = solve(long_problem(5000, 20), {}, progress);
    ASSERT_TRUE(solution);
    EXPECT_EQ(solution->status, Status::infeasible);
    EXPECT_EQ(solution->method, Method::simplex);
    ASSERT_TRUE(solution->interior_point.has_value());
    EXPECT_NE(*solution->interior_point, InteriorPointEnd::converged);
    EXPECT_FALSE(solution->conflicting.empty());
}

TEST(Solve, TriesNothingElseWhereTheInteriorPointIsAskedFor) {
    NoProgress progress;
    const auto solution = solve(long_problem(10, 20), {.choice = Choice::interior_point}, progress);
    ASSERT_TRUE(solution);
    EXPECT_EQ(solution->status, Status::no_solution);
    EXPECT_TRUE(solution->values.empty());
}

TEST(Solve, StopsWhenCancelled) {
    Problem problem;
    const auto limit = problem.limit({"limit", "限值"});
    const auto x = problem.variable(Power(0), Power(1), PowerPrice(-1));
    problem.require(2.0 * x <= Power(1), limit, 0);
    NoProgress progress;
    progress.cancel();
    const auto solution = solve(problem, {}, progress);
    ASSERT_FALSE(solution);
    EXPECT_EQ(solution.error().code, ErrorCode::cancelled);
}

}  // namespace
}  // namespace loadstar::solver
