#include "solver/session.hpp"

#include <array>
#include <cmath>

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

/// A store between a price that swings and a need of one each slot: columns bought, then levels; rows of the store.
/// Slots from `now` on, the level at which they start.
struct SwingingPrice {
    static constexpr std::int32_t slots = 48;
    std::int32_t now = 0;
    double level = 5;

    [[nodiscard]] std::vector<double> prices() const {
        std::vector<double> prices;
        for (std::int32_t t = now; t < now + slots; ++t) prices.push_back(2 + std::sin(0.7 * t) + 0.001 * (t % 7));
        return prices;
    }
    [[nodiscard]] Problem problem() const {
        Problem problem;
        const auto store = problem.limit({"store", "储能"});
        std::vector<Variable<Energy>> bought, levels;
        for (const double price : prices())
            bought.push_back(problem.variable(Energy(0), Energy(4), EnergyPrice(price)));
        for (std::int32_t t = 0; t < slots; ++t) levels.push_back(problem.variable(Energy(0), Energy(10)));
        for (std::size_t t = 0; t < slots; ++t) {
            if (t == 0)
                problem.require(levels[t] - bought[t] == Energy(level - 1), store, 0);
            else
                problem.require(levels[t] - levels[t - 1] - bought[t] == Energy(-1), store, static_cast<int>(t));
        }
        return problem;
    }
};

TEST(Session, MayGiveUpAboveTheCutoffAndGoesOnFromThere) {
    auto session = Session::open(SwingingPrice().problem()).value();
    const double all = objective(session);
    // Half of what was bought at a time: dearer hours have to do as well.
    session.set_column_bounds(0, std::vector(SwingingPrice::slots, 0.0), std::vector(SwingingPrice::slots, 2.0));
    NoProgress progress;
    const auto cut = session.solve({.cutoff = all}, progress).value();
    EXPECT_TRUE(cut.status == Status::above_cutoff || cut.objective > all + 1);  // small problems may reach their end
    const double half = objective(session);
    EXPECT_GT(half, all + 1);
    EXPECT_NEAR(session.solve({.cutoff = half + 1}, progress).value().objective, half, 1e-9);
    EXPECT_EQ(session.solves_from_nothing(), 0);
}

TEST(Session, AdvancesToWhatANewModelFinds) {
    SwingingPrice plant;
    auto session = Session::open(plant.problem()).value();
    constexpr std::array columns = {SlotRun{0, SwingingPrice::slots},
                                    SlotRun{SwingingPrice::slots, SwingingPrice::slots}};
    constexpr std::array rows = {SlotRun{0, SwingingPrice::slots}};
    NoProgress progress;
    for (int hour = 0; hour < 60; ++hour) {
        const auto plan = session.solve({}, progress).value();
        const auto anew = solve(plant.problem(), {.choice = Choice::simplex}, progress).value();
        ASSERT_EQ(plan.status, Status::optimal) << hour;
        EXPECT_NEAR(plan.objective, anew.objective, 1e-9) << hour;
        plant.level = plan.values[SwingingPrice::slots];
        ++plant.now;
        session.advance(columns, rows, 1);
        session.set_costs(0, plant.prices());
        session.set_row_bounds(0, std::array{plant.level - 1}, std::array{plant.level - 1});
    }
    EXPECT_EQ(session.solves_from_nothing(), 0);
}

TEST(Session, AdvancesBeforeAnySolveAndPastItsEnd) {
    auto session = Session::open(two_sources()).value();
    constexpr std::array columns = {SlotRun{0, 2}};
    session.advance(columns, {}, 1);
    EXPECT_NEAR(objective(session), 18, 1e-9);
    session.advance(columns, {}, 5);
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
