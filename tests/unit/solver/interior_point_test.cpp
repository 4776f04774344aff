#include "solver/interior_point.hpp"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

namespace loadstar::solver {
namespace {

/// A problem written as plain numbers.
struct Small {
    Problem problem;
    std::int32_t limit = problem.limit({"limit", "限值"});
    int rows = 0;

    std::int32_t column(double lower, double upper, double cost) {
        return problem.variable(Power(lower), Power(upper), PowerPrice(cost)).column;
    }
    void row(double lower, std::initializer_list<Entry> entries, double upper) {
        for (const auto entry : entries) problem.add_entry(entry);
        problem.end_row(lower, upper, {limit, rows++});
    }
    [[nodiscard]] InteriorPointResult solve() const {
        NoProgress progress;
        return interior_point(problem, {}, progress);
    }
    void last_resort(std::int32_t column) { problem.last_resort(solver::Variable<Power>{column}); }
    void expect_optimum(double objective) const {
        const auto result = solve();
        ASSERT_EQ(result.end, InteriorPointEnd::converged);
        EXPECT_NEAR(result.objective, objective, 1e-8 * std::max(1.0, std::abs(objective)));
        EXPECT_NEAR(result.bound, objective, 1e-8 * std::max(1.0, std::abs(objective)));
        EXPECT_LE(result.row_violation, 1e-9);
    }
};

TEST(InteriorPoint, TakesTheCheapSourceFirst) {
    Small small;
    const auto cheap = small.column(0, 6, 1);
    const auto dear = small.column(0, infinity, 3);
    small.row(10, {{cheap, 1}, {dear, 1}}, infinity);
    small.expect_optimum(18);
    const auto result = small.solve();
    EXPECT_EQ(result.values[0], 6);  // at its bound exactly, not close to it
    EXPECT_NEAR(result.values[1], 4, 1e-9);
    EXPECT_NEAR(result.row_duals[0], 3, 1e-8);
    EXPECT_NEAR(result.column_duals[0], -2, 1e-8);
    EXPECT_NEAR(result.column_duals[1], 0, 1e-8);
}

// What is missing at 10,000 a unit makes costs of one the last digits of what the solver sees.
TEST(InteriorPoint, LeavesOutALastResortThatNothingNeeds) {
    Small small;
    const auto source = small.column(0, 20, 1);
    const auto missing = small.column(0, infinity, 10000);
    small.row(10, {{source, 1}, {missing, 1}}, 10);
    small.last_resort(missing);
    small.expect_optimum(10);
    EXPECT_EQ(small.solve().values[1], 0);
    EXPECT_NEAR(small.solve().column_duals[1], 9999, 1e-6);
}

TEST(InteriorPoint, TakesALastResortWhereThereIsNoOtherWay) {
    Small small;
    const auto source = small.column(0, 6, 1);
    const auto missing = small.column(0, infinity, 10000);
    small.row(10, {{source, 1}, {missing, 1}}, 10);
    small.last_resort(missing);
    small.expect_optimum(6 + 4 * 10000);
}

TEST(InteriorPoint, TakesALastResortThatTurnsOutCheaper) {
    Small small;
    const auto source = small.column(0, 20, 3);
    const auto missing = small.column(0, infinity, 2);
    small.row(10, {{source, 1}, {missing, 1}}, 10);
    small.last_resort(missing);
    small.expect_optimum(20);
}

TEST(InteriorPoint, KeepsBothSidesOfARange) {
    Small small;
    const auto x = small.column(-5, 5, 1);
    const auto y = small.column(-5, 5, -1);
    small.row(-2, {{x, 1}, {y, 1}}, 3);
    small.row(-6, {{x, 1}, {y, -1}}, 8);
    small.expect_optimum(-6);
}

TEST(InteriorPoint, MovesAColumnWithoutBounds) {
    Small small;
    const auto open = small.column(-infinity, infinity, 2);
    const auto x = small.column(0, 4, 1);
    small.row(-7, {{open, 1}, {x, 1}}, -7);
    small.row(-9, {{open, 1}}, infinity);
    small.row(-infinity, {{open, 1}, {x, -3}}, 100);
    small.expect_optimum(-18 + 2);
}

TEST(InteriorPoint, LeavesFixedColumnsAndSaysWhatTheyCost) {
    Small small;
    const auto fixed = small.column(3, 3, 5);
    const auto x = small.column(0, 10, 1);
    const auto y = small.column(0, 10, 2);
    small.row(8, {{fixed, 1}, {x, 1}, {y, 1}}, 8);
    small.expect_optimum(15 + 5);
    EXPECT_EQ(small.solve().values[0], 3);
}

TEST(InteriorPoint, ReadsRowsOfOneColumnAsBounds) {
    Small small;
    const auto x = small.column(0, 10, 1);
    const auto y = small.column(0, 10, 3);
    small.row(4, {{x, 2}, {y, 1}}, infinity);
    small.row(-infinity, {{x, -2}}, -1);  // x >= 0.5
    small.row(-infinity, {{x, 2}}, 3);    // x <= 1.5
    small.row(-infinity, {}, 1);
    small.expect_optimum(1.5 + 3);
    const auto result = small.solve();
    EXPECT_NEAR(result.row_duals[0], 3, 1e-8);
    EXPECT_NEAR(result.row_duals[2], (1 - 3 * 2) / 2.0, 1e-8);  // the limit on x takes over its reduced cost
    EXPECT_NEAR(result.column_duals[0], 0, 1e-8);
}

TEST(InteriorPoint, SolvesWhatBoundsAloneDecide) {
    Small small;
    small.column(1, 4, 2);
    small.column(-3, 7, -1);
    small.column(-2, 2, 0);
    small.expect_optimum(2 - 7);
}

TEST(InteriorPoint, BearsDegenerateRowsAndRowsSaidTwice) {
    Small small;
    const auto x = small.column(0, 1, -1);
    const auto y = small.column(0, 1, -1);
    const auto z = small.column(0, 1, 0);
    small.row(1, {{x, 1}, {y, 1}, {z, 1}}, 1);
    small.row(1, {{x, 1}, {y, 1}, {z, 1}}, 1);
    small.row(-infinity, {{x, 1}, {y, 1}}, 1);
    small.row(2, {{x, 2}, {y, 2}, {z, 2}}, 2);
    small.expect_optimum(-1);
}

TEST(InteriorPoint, SharesCapacitiesAmongAllRows) {
    Small small;  // every column but the sources' reaches all rows, and one row holds only such columns
    const auto capacity = small.column(0, infinity, 50);
    const auto peak = small.column(0, infinity, 20);
    small.row(-infinity, {{capacity, 1}, {peak, -1}}, 1000);
    for (int slot = 0; slot < 60; ++slot) {
        const auto own = small.column(0, infinity, 0.1);
        const auto bought = small.column(0, infinity, 1);
        small.row(10 + slot % 7, {{own, 1}, {bought, 1}}, 10 + slot % 7);
        small.row(-infinity, {{own, 1}, {capacity, -1}}, 0);
        small.row(-infinity, {{bought, 1}, {peak, -1}}, 0);
    }
    double best = infinity;  // the cost of a capacity bends at whole numbers only
    for (int own = 0; own <= 16; ++own) {
        double cost = 50 * own + 20 * (16 - own);
        for (int slot = 0; slot < 60; ++slot) {
            const int need = 10 + slot % 7;
            cost += 0.1 * std::min(need, own) + std::max(0, need - own);
        }
        best = std::min(best, cost);
    }
    small.expect_optimum(best);
}

TEST(InteriorPoint, DoesNotCallAContradictionSolved) {
    Small rows;
    const auto x = rows.column(0, 100, 1);
    const auto y = rows.column(0, 100, 1);
    rows.row(50, {{x, 1}, {y, 1}}, infinity);
    rows.row(-infinity, {{x, 1}, {y, 1}}, 20);
    EXPECT_EQ(rows.solve().end, InteriorPointEnd::stalled);
    Small bounds;
    const auto z = bounds.column(0, 1, 1);
    bounds.row(2, {{z, 1}}, 3);
    EXPECT_EQ(bounds.solve().end, InteriorPointEnd::unsuitable);
}

TEST(InteriorPoint, DoesNotCallAnEndlessGainSolved) {
    Small small;
    const auto x = small.column(0, infinity, -1);
    const auto y = small.column(0, infinity, 0);
    small.row(0, {{x, 1}, {y, -1}}, 0);
    EXPECT_EQ(small.solve().end, InteriorPointEnd::stalled);
    Small alone;
    alone.column(0, infinity, -1);
    EXPECT_NE(alone.solve().end, InteriorPointEnd::converged);
}

TEST(InteriorPoint, LeavesYesOrNoToOthers) {
    Problem problem;
    problem.binary(Money(1));
    NoProgress progress;
    EXPECT_EQ(interior_point(problem, {}, progress).end, InteriorPointEnd::unsuitable);
}

TEST(InteriorPoint, DeclinesWhatWouldTakeTooLong) {
    Small small;
    std::vector<std::int32_t> columns;
    for (int j = 0; j < 12; ++j) columns.push_back(small.column(0, 10, 1 + j));
    for (int i = 0; i < 12; ++i)  // every row shares columns with every other
        for (int j = i + 1; j < 12; ++j) small.row(1, {{columns[i], 1}, {columns[j], 1}}, infinity);
    NoProgress progress;
    EXPECT_EQ(interior_point(small.problem, {}, progress).end, InteriorPointEnd::converged);
    EXPECT_EQ(interior_point(small.problem, {.work_limit = 100}, progress).end, InteriorPointEnd::unsuitable);
    EXPECT_EQ(interior_point(small.problem, {.entry_limit = 50}, progress).end, InteriorPointEnd::unsuitable);
}

TEST(InteriorPoint, StopsWhenCancelled) {
    Small small;
    const auto x = small.column(0, 6, 1);
    const auto y = small.column(0, infinity, 3);
    small.row(10, {{x, 1}, {y, 1}}, infinity);
    NoProgress progress;
    progress.cancel();
    EXPECT_EQ(interior_point(small.problem, {}, progress).end, InteriorPointEnd::cancelled);
}

}  // namespace
}  // namespace loadstar::solver
