#include "forecast/score.hpp"

#include <gtest/gtest.h>

#include "support/plant_series.hpp"

namespace loadstar::forecast {
namespace {

/// Hourly days whose outcomes are 10 on every slot.
features::DayGrid grid_of_tens() {
    auto history = test_support::history_of({.zone = "UTC", .days = 10, .step = hours(1)});
    for (int slot = 0; slot < history.target.size(); ++slot) history.target.set(slot, 10);
    return features::DayGrid(features::Known(history, history.target.axis.end()));
}

QuantileRecord record_of(const std::array<double, level_count>& quantiles) {
    return {.from = 8, .days = {DayQuantiles(24, quantiles)}};
}

TEST(Score, OfAPerfectForecastIsZeroWithFullCoverage) {
    const auto grid = grid_of_tens();
    std::array<double, level_count> exact{};
    exact.fill(10);
    const auto result = score(record_of(exact), grid, {.from = 8, .to = 9}, 2.0);
    EXPECT_EQ(result.slots, 24);
    EXPECT_DOUBLE_EQ(result.crps, 0);
    EXPECT_DOUBLE_EQ(result.wape, 0);
    EXPECT_DOUBLE_EQ(result.coverage80, 1);
}

// By hand: quantiles 2, 3, ... 10 at levels .1 ... .9 and an outcome of 10. Pinball = level x (10 - quantile):
// .1x8 + .2x7 + .3x6 + .4x5 + .5x4 + .6x3 + .7x2 + .8x1 + 0 = 12; CRPS = 2 x 12 / 9 / 10.
TEST(Score, MatchesAHandCalculation) {
    const auto grid = grid_of_tens();
    const auto result = score(record_of({2, 3, 4, 5, 6, 7, 8, 9, 10}), grid, {.from = 8, .to = 9}, 2.0);
    EXPECT_NEAR(result.crps, 24.0 / 90, 1e-12);
    EXPECT_NEAR(result.wape, 0.4, 1e-12);
    EXPECT_NEAR(result.mase.value(), 2.0, 1e-12);
    EXPECT_NEAR(result.width80, 0.8, 1e-12);
    EXPECT_NEAR(result.peak_error, 0.4, 1e-12);
    EXPECT_DOUBLE_EQ(result.coverage80, 1);
}

TEST(Score, HasNoMaseWhereEveryWeekWasTheSame) {
    const auto grid = grid_of_tens();
    EXPECT_FALSE(score(record_of({2, 3, 4, 5, 6, 7, 8, 9, 10}), grid, {.from = 8, .to = 9}, 0).mase.has_value());
}

// By hand: interval 12 ... 20 misses 10 by 2; score = 8 + 2/0.2 x 2 = 28, over an outcome of 10.
TEST(Score, PunishesAMissedIntervalByTenTimesTheMiss) {
    const auto grid = grid_of_tens();
    const auto result = score(record_of({12, 13, 14, 15, 16, 17, 18, 19, 20}), grid, {.from = 8, .to = 9}, 2.0);
    EXPECT_NEAR(result.winkler80, 2.8, 1e-12);
    EXPECT_DOUBLE_EQ(result.coverage80, 0);
}

TEST(WeeklyScale, IsTheMeanDifferenceToTheWeekBefore) {
    auto history = test_support::history_of({.zone = "UTC", .days = 10, .step = hours(1)});
    for (int slot = 0; slot < history.target.size(); ++slot) history.target.set(slot, slot / 24);
    const features::DayGrid grid(features::Known(history, history.target.axis.end()));
    EXPECT_NEAR(weekly_scale(grid, 10), 7.0, 1e-12);
}

}  // namespace
}  // namespace loadstar::forecast
