#include "solver/tree_search.hpp"

#include <cmath>
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

TEST(TreeSearch, FindsAPlanAndABoundAroundTheCheapest) {
    NoProgress progress;
    int plans = 0;
    for (unsigned seed = 1; seed <= 200; ++seed) {
        const RandomCover cover(seed);
        const auto found = tree_search(cover.problem, {}, progress).value();
        const double cheapest = cover.cheapest();
        if (!found) continue;
        ++plans;
        ASSERT_TRUE(cover.covers(found->values)) << seed;
        EXPECT_NEAR(found->objective, cover.price(found->values), 1e-9) << seed;
        EXPECT_LE(found->bound, cheapest + 1e-9) << seed;
        EXPECT_GE(found->objective, cheapest - 1e-9) << seed;
        EXPECT_NEAR(found->gap, (found->objective - found->bound) / found->objective, 1e-12) << seed;
    }
    EXPECT_GT(plans, 190);
}

TEST(TreeSearch, ProvesTheCheapest) {
    NoProgress progress;
    for (unsigned seed = 1; seed <= 200; ++seed) {
        const RandomCover cover(seed);
        const auto found = tree_search(cover.problem, {.mip_gap = 1e-4}, progress).value();
        const double cheapest = cover.cheapest();
        ASSERT_EQ(found.has_value(), cheapest < infinity) << seed;
        if (!found) continue;
        EXPECT_NEAR(found->objective, cheapest, 1.01e-4 * cheapest) << seed;
        EXPECT_LE(found->gap, 1e-4) << seed;
    }
}

/// Offers of some amount each at a price and a rest at a higher one meet a need; beside them a long row of slots that
/// need nothing, so that the interior point method solves the relaxations.
struct Offers {
    static constexpr int choices = 7, slots = 4000;
    std::vector<double> amounts, prices;
    double need, dear = 1.9;

    explicit Offers(unsigned seed) {
        std::mt19937 random(seed);
        const auto number = [&random] { return std::uniform_real_distribution<double>(1, 9)(random); };
        for (int i = 0; i < choices; ++i) {
            amounts.push_back(number());
            prices.push_back(amounts.back() * (1 + number() / 9));
        }
        need = 2 + 2 * number();
    }
    [[nodiscard]] Problem problem() const {
        Problem problem;
        const auto kind = problem.limit({"need", "需求"});
        for (const double price : prices) problem.binary(Money(price));
        const auto rest = problem.variable(Energy(0), Energy(100), EnergyPrice(dear));
        for (std::size_t i = 0; i < choices; ++i) problem.add_entry({static_cast<std::int32_t>(i), amounts[i]});
        problem.add_entry({rest.column, 1});
        problem.end_row(need, infinity, {kind, 0});
        auto before = problem.variable(Energy(0), Energy(5), EnergyPrice(0.01));
        for (int slot = 1; slot <= slots; ++slot) {
            const auto level = problem.variable(Energy(0), Energy(5), EnergyPrice(0.01));
            problem.require(level - before >= Energy(-1), kind, slot);
            before = level;
        }
        return problem;
    }
    [[nodiscard]] double cheapest() const {
        double best = infinity;
        for (unsigned taken = 0; taken < 1U << choices; ++taken) {
            double cost = 0;
            double rest = need;
            for (std::size_t i = 0; i < choices; ++i) {
                if ((taken >> i & 1U) == 0) continue;
                cost += prices[i];
                rest -= amounts[i];
            }
            best = std::min(best, cost + dear * std::max(0.0, rest));
        }
        return best;
    }
};

TEST(TreeSearch, ProvesTheCheapestOfFewChoicesOfALargeProblem) {
    NoProgress progress;
    for (unsigned seed = 1; seed <= 15; ++seed) {
        const Offers offers(seed);
        const auto found = tree_search(offers.problem(), {}, progress).value();
        ASSERT_TRUE(found) << seed;
        EXPECT_NEAR(found->objective, offers.cheapest(), 1e-4) << seed;
        EXPECT_LE(found->objective - found->bound, 2e-6 * found->objective) << seed;
        for (std::size_t i = 0; i < Offers::choices; ++i) EXPECT_EQ(found->values[i], std::round(found->values[i]));
    }
}

TEST(TreeSearch, IsWhereBranchAndBoundStartsFrom) {
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

TEST(TreeSearch, IsEnoughWithinTheGapThatIsAskedFor) {
    NoProgress progress;
    int enough = 0;
    for (unsigned seed = 1; seed <= 50; ++seed) {
        const RandomCover cover(seed);
        const auto solution = solve(cover.problem, {.mip_gap = 0.2}, progress).value();
        if (solution.method != Method::tree_search) continue;
        ++enough;
        EXPECT_LE(solution.gap, 0.2);
        EXPECT_LE(solution.objective, cover.cheapest() * 1.25 + 1e-9);
    }
    EXPECT_GT(enough, 10);
}

TEST(TreeSearch, FindsNothingWhereThereIsNothing) {
    Problem problem;
    const auto need = problem.limit({"need", "需要"});
    const auto x = problem.binary(Money(1));
    problem.require(2.0 * x >= 3.0, need, 0);
    NoProgress progress;
    EXPECT_FALSE(tree_search(problem, {}, progress).value().has_value());
    EXPECT_EQ(solve(problem, {}, progress).value().status, Status::infeasible);
}

TEST(TreeSearch, StopsWhenCancelled) {
    const RandomCover cover(1);
    NoProgress progress;
    progress.cancel();
    const auto stopped = tree_search(cover.problem, {}, progress);
    ASSERT_FALSE(stopped);
    EXPECT_EQ(stopped.error().code, ErrorCode::cancelled);
}

}  // namespace
}  // namespace loadstar::solver
