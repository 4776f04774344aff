#include "solver/session.hpp"

#include <array>

#include <gtest/gtest.h>

namespace loadstar::solver {
namespace {

/// Two sources for one need: columns 0 and 1, row 0.
Problem two_sources() {
    Problem problem;
    const auto demand = problem.limit({"demand", "需求"});
    const auto cheap = problem.variable(Power(0), Power(6), PowerPrice(1));
    const auto dear = problem.variable(Power(0), Power(20), PowerPrice(3));
    problem.require(cheap + dear == Power(10), demand, 0);
    return problem;
}

double objective(Session& session) {
    NoProgress progress;
    const auto solution = session.solve({}, progress).value();
    EXPECT_EQ(solution.status, Status::optimal);
    EXPECT_NEAR(solution.bound, solution.objective, 1e-9);
    return solution.objective;
}

TEST(Session, FollowsCostsBoundsAndSides) {
    auto session = Session::open(two_sources()).value();
    EXPECT_NEAR(objective(session), 6 + 4 * 3, 1e-9);
    session.set_costs(1, std::array{2.0});
    EXPECT_NEAR(objective(session), 6 + 4 * 2, 1e-9);
    session.set_column_bounds(0, std::array{0.0, 0.0}, std::array{3.0, 20.0});
    EXPECT_NEAR(objective(session), 3 + 7 * 2, 1e-9);
    session.set_row_bounds(0, std::array{4.0}, std::array{5.0});
    EXPECT_NEAR(objective(session), 3 + 1 * 2, 1e-9);
    EXPECT_EQ(session.problem().row_upper[0], 5);
    EXPECT_EQ(session.solves_from_nothing(), 0);
}

TEST(Session, FindsAPlanAgainAfterThereWasNone) {
    auto session = Session::open(two_sources()).value();
    NoProgress progress;
    session.set_row_bounds(0, std::array{40.0}, std::array{40.0});
    const auto none = session.solve({}, progress).value();
    EXPECT_EQ(none.status, Status::infeasible);
    EXPECT_EQ(session.solves_from_nothing(), 1);
    session.set_row_bounds(0, std::array{10.0}, std::array{10.0});
    EXPECT_NEAR(objective(session), 18, 1e-9);
}

TEST(Session, TakesNoYesOrNo) {
    Problem problem;
    problem.binary(Money(1));
    const auto session = Session::open(std::move(problem));
    ASSERT_FALSE(session);
    EXPECT_EQ(session.error().code, ErrorCode::invalid_argument);
    EXPECT_EQ(session.error().message, "a session takes no yes-or-no columns");
}

TEST(Session, StopsWhenCancelled) {
    auto session = Session::open(two_sources()).value();
    NoProgress progress;
    progress.cancel();
    const auto solution = session.solve({}, progress);
    ASSERT_FALSE(solution);
    EXPECT_EQ(solution.error().code, ErrorCode::cancelled);
}

}  // namespace
}  // namespace loadstar::solver
