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
