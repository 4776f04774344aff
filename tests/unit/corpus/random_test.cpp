#include "corpus/random.hpp"

#include <algorithm>
#include <numeric>

#include <gtest/gtest.h>

#include "corpus/row.hpp"

namespace loadstar::corpus {
namespace {

constexpr int draws = 200000;

template <class Draw>
Values drawn(Draw draw) {
    Values values(draws);
    for (auto& value : values) value = draw();
    return values;
}

TEST(Random, NormalNumbersHaveTheMomentsAndTheTailsOfTheirDistribution) {
    Random random(1);
    const auto values = drawn([&] { return random.normal(); });
    const auto spread = spread_of(values);
    EXPECT_NEAR(spread.mean, 0, 0.01);
    EXPECT_NEAR(spread.deviation, 1, 0.01);
    const auto beyond = [&](double limit) {
        return static_cast<double>(std::ranges::count_if(values, [&](double x) { return x > limit; })) / draws;
    };
    EXPECT_NEAR(beyond(1), 0.1587, 0.004);
    EXPECT_NEAR(beyond(2), 0.0228, 0.002);
    EXPECT_NEAR(beyond(3.5), 0.000233, 0.00015);  // where the tail of the ziggurat begins
}

TEST(Random, OtherDistributionsHaveTheDeviationsThatTheyPromise) {
    Random random(2);
    EXPECT_NEAR(spread_of(drawn([&] { return random.laplace(); })).deviation, 1, 0.02);
    EXPECT_NEAR(spread_of(drawn([&] { return random.student(6); })).deviation, 1, 0.03);
    EXPECT_NEAR(spread_of(drawn([&] { return random.exponential(); })).mean, 1, 0.02);
    EXPECT_NEAR(spread_of(drawn([&] { return random.gamma(0.5); })).mean, 0.5, 0.02);
    EXPECT_NEAR(spread_of(drawn([&] { return random.gamma(3); })).deviation, std::sqrt(3.0), 0.03);
}

TEST(Random, WholeNumbersComeFromBothEnds) {
    Random random(3);
    std::array<int, 4> seen{};
    for (int i = 0; i < 1000; ++i) ++seen.at(static_cast<std::size_t>(random.integer(0, 3)));
    for (const int count : seen) EXPECT_GT(count, 150);
}

TEST(Random, SharesArePositiveAndSumToOne) {
    Random random(4);
    const auto shares = random.shares(3, 1.5);
    EXPECT_NEAR(std::accumulate(shares.begin(), shares.end(), 0.0), 1, 1e-12);
    for (const double share : shares) EXPECT_GT(share, 0);
}

TEST(Random, WeightsOfZeroAreNeverDrawn) {
    Random random(5);
    for (int i = 0; i < 1000; ++i) EXPECT_EQ(random.weighted(std::array{0.0, 1.0, 0.0}), 1U);
}

}  // namespace
}  // namespace loadstar::corpus
