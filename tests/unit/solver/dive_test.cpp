#include "solver/dive.hpp"

#include <random>

#include <gtest/gtest.h>

namespace loadstar::solver {
namespace {

/// Machines that are bought whole and must cover random needs; small enough to try every choice.
struct RandomCover {
    static constexpr int machines = 6, most = 2;
    Problem problem;
    std::vector<double> prices;
    std::vector<std::vector<double>> gives;
    std::vector<double> needs;

    explicit RandomCover(unsigned seed) {
        std::mt19937 random(seed);
        const auto number = [&](double low, double high) {
            return std::uniform_real_distribution<double>(low, high)(random);
        };
        const auto need = problem.limit({"need", "需要"});
        for (int i = 0; i < machines; ++i) {
            prices.push_back(number(1, 5));
            problem.whole(most, Money(prices.back()));
        }
        for (int row = 0; row < 4; ++row) {
            gives.emplace_back();
            for (int i = 0; i < machines; ++i) gives.back().push_back(number(0, 3));
            needs.push_back(number(2, 8));
            for (int i = 0; i < machines; ++i) problem.add_entry({i, gives.back()[static_cast<std::size_t>(i)]});
            problem.end_row(needs.back(), infinity, {need, row});
        }
    }

    [[nodiscard]] bool covers(const std::vector<double>& counts) const {
        for (std::size_t row = 0; row < needs.size(); ++row) {
            double given = 0;
            for (std::size_t i = 0; i < counts.size(); ++i) given += gives[row][i] * counts[i];
            if (given < needs[row] - 1e-6) return false;
        }
        return true;
    }
    [[nodiscard]] double price(const std::vector<double>& counts) const {
        double sum = 0;
        for (std::size_t i = 0; i < counts.size(); ++i) sum += prices[i] * counts[i];
        return sum;
    }
    /// By trying every choice; infinite where none covers.
    [[nodiscard]] double cheapest() const {
        double best = infinity;
        std::vector<double> counts(machines, 0.0);
        for (int choice = 0; choice < 729; ++choice) {  // 3 to the power of 6
            int rest = choice;
            for (auto& count : counts) {
                count = rest % (most + 1);
                rest /= most + 1;
            }
            if (covers(counts)) best = std::min(best, price(counts));
        }
        return best;
    }
};

TEST(Dive, FindsAPlanAndABoundAroundTheCheapest) {
    NoProgress progress;
    int found = 0;
    for (unsigned seed = 1; seed <= 200; ++seed) {
        const RandomCover cover(seed);
        const auto rounded = dive(cover.problem, {}, progress).value();
        const double cheapest = cover.cheapest();
        if (!rounded) continue;
        ++found;
        ASSERT_TRUE(cover.covers(rounded->values)) << seed;
        EXPECT_NEAR(rounded->objective, cover.price(rounded->values), 1e-9) << seed;
        EXPECT_LE(rounded->bound, cheapest + 1e-9) << seed;
        EXPECT_GE(rounded->objective, cheapest - 1e-9) << seed;
        EXPECT_NEAR(rounded->gap, (rounded->objective - rounded->bound) / rounded->objective, 1e-12) << seed;
    }
    EXPECT_GT(found, 190);
}

TEST(Dive, IsWhereBranchAndBoundStartsFrom) {
    NoProgress progress;
    for (unsigned seed = 1; seed <= 200; ++seed) {
        const RandomCover cover(seed);
        const auto solution = solve(cover.problem, {}, progress).value();
        const double cheapest = cover.cheapest();
        EXPECT_EQ(solution.status == Status::optimal, cheapest < infinity) << seed;
        if (cheapest < infinity) {
            EXPECT_NEAR(solution.objective, cheapest, 1e-5 * cheapest) << seed;
        }
    }
}

TEST(Dive, IsEnoughWithinTheGapThatIsAskedFor) {
    NoProgress progress;
    int enough = 0;
    for (unsigned seed = 1; seed <= 50; ++seed) {
        const RandomCover cover(seed);
        const auto solution = solve(cover.problem, {.mip_gap = 0.2}, progress).value();
        if (solution.method != Method::rounding) continue;
        ++enough;
        EXPECT_LE(solution.gap, 0.2);
        EXPECT_LE(solution.objective, cover.cheapest() * 1.25 + 1e-9);
    }
    EXPECT_GT(enough, 10);
}

TEST(Dive, FindsNothingWhereThereIsNothing) {
    Problem problem;
    const auto need = problem.limit({"need", "需要"});
    const auto x = problem.binary(Money(1));
    problem.require(2.0 * x >= 3.0, need, 0);
    NoProgress progress;
    EXPECT_FALSE(dive(problem, {}, progress).value().has_value());
    EXPECT_EQ(solve(problem, {}, progress).value().status, Status::infeasible);
}

TEST(Dive, StopsWhenCancelled) {
    const RandomCover cover(1);
    NoProgress progress;
    progress.cancel();
    const auto stopped = dive(cover.problem, {}, progress);
    ASSERT_FALSE(stopped);
    EXPECT_EQ(stopped.error().code, ErrorCode::cancelled);
}

}  // namespace
}  // namespace loadstar::solver
