#include "forecast/blend.hpp"

#include <numeric>

#include <gtest/gtest.h>

#include "support/plant_series.hpp"

namespace loadstar::forecast {
namespace {

features::DayGrid noisy_plant(int days) {
    const auto history = test_support::history_of({.zone = "UTC", .days = days, .step = hours(1), .noise = 20});
    return features::DayGrid(features::Known(history, history.target.axis.end()));
}

/// Says the outcome plus `error`, with quantiles `spread` apart.
Member member(const std::string& name, const features::DayGrid& grid, double error, double spread) {
    Member result{.name = name};
    for (int day = 0; day < grid.end().day; ++day) {
        DayQuantiles quantiles(static_cast<std::size_t>(grid.slots()));
        for (int slot = 0; slot < grid.slots(); ++slot) {
            const double middle = grid.value({.day = day, .slot = slot}) + error;
            for (int level = 0; level < level_count; ++level) {
                quantiles[static_cast<std::size_t>(slot)][static_cast<std::size_t>(level)] =
                    middle + spread * (level - median_level);
            }
        }
        result.record.days.push_back(std::move(quantiles));
    }
    return result;
}

TEST(Blend, LeansOnTheMemberThatWasRight) {
    const auto grid = noisy_plant(40);
    const auto weights =
        fit_blend({member("right", grid, 0, 1), member("high", grid, 80, 1)}, grid, {.from = 0, .to = 30});
    for (const auto& bucket : weights.by_bucket) EXPECT_GT(bucket[0], 0.9);
}

TEST(Blend, TakesErrorsThatCancelInHalves) {
    const auto grid = noisy_plant(40);
    const std::vector<Member> members{member("low", grid, -40, 1), member("high", grid, 40, 1)};
    const auto weights = fit_blend(members, grid, {.from = 0, .to = 30});
    for (const auto& bucket : weights.by_bucket) EXPECT_NEAR(bucket[0], 0.5, 0.05);
    const auto mixed = blend(members, weights, 35);
    EXPECT_NEAR(mixed[12][median_level], grid.value({.day = 35, .slot = 12}), 4);
}

TEST(Blend, TreatsEqualsAlikeAndHasNoFavouriteWithoutDays) {
    const auto grid = noisy_plant(40);
    const std::vector<Member> twins{member("one", grid, 10, 5), member("two", grid, 10, 5)};
    EXPECT_DOUBLE_EQ(fit_blend(twins, grid, {.from = 0, .to = 30}).by_bucket[0][0], 0.5);
    const std::vector<Member> others{member("right", grid, 0, 1), member("high", grid, 80, 1)};
    EXPECT_DOUBLE_EQ(fit_blend(others, grid, {.from = 30, .to = 30}).by_bucket[0][0], 0.5);
}

TEST(Blend, BeginsWithTheSharesOfItsMembersAndLetsDaysOverruleThem) {
    const auto grid = noisy_plant(40);
    std::vector<Member> members{member("one", grid, 10, 5), member("two", grid, 10, 5), member("three", grid, 10, 5)};
    members[2].share = 2;
    EXPECT_DOUBLE_EQ(fit_blend(members, grid, {.from = 30, .to = 30}).by_bucket[0][2], 0.5);
    EXPECT_NEAR(fit_blend(members, grid, {.from = 0, .to = 30}).by_bucket[0][2], 0.5, 1e-9);
    members[2] = member("wrong", grid, 200, 1);
    members[2].share = 2;
    for (const auto& bucket : fit_blend(members, grid, {.from = 0, .to = 30}).by_bucket) EXPECT_LT(bucket[2], 0.1);
}

TEST(Blend, WeightsOfEachBucketAddUpToOne) {
    const auto grid = noisy_plant(40);
    const auto weights =
        fit_blend({member("a", grid, 5, 3), member("b", grid, -20, 9), member("c", grid, 2, 30)}, grid, {.to = 40});
    ASSERT_EQ(weights.by_bucket.size(), 4U);
    for (const auto& bucket : weights.by_bucket) {
        EXPECT_NEAR(std::accumulate(bucket.begin(), bucket.end(), 0.0), 1, 1e-12);
    }
}

}  // namespace
}  // namespace loadstar::forecast
