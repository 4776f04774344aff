#include "forecast/recalibration.hpp"

#include <gtest/gtest.h>

#include "forecast/scenarios.hpp"
#include "forecast/score.hpp"
#include "support/plant_series.hpp"

namespace loadstar::forecast {
namespace {

constexpr IssueRule ten_on_the_day_before{.lead = 1, .slot = 10};
constexpr int days = 120;
constexpr double noise = 20;

/// 1000 kW and normal noise, hour by hour.
features::DayGrid flat_plant() {
    auto history = test_support::history_of(
        {.zone = "UTC", .days = days, .step = hours(1), .noise = noise, .level = [](int) { return 10; }});
    const auto plain =
        test_support::history_of({.zone = "UTC", .days = days, .step = hours(1), .level = [](int) { return 10; }});
    for (int slot = 0; slot < history.target.size(); ++slot) {
        history.target.set(slot, 1000 + *history.target.at(slot) - *plain.target.at(slot));
    }
    return features::DayGrid(features::Known(history, history.target.axis.end()));
}

/// The same normal distribution for every slot: `shift` off, and `width` times as wide as the noise.
QuantileRecord forecast_of(double shift, double width) {
    constexpr std::array<double, level_count> standard{-1.2816, -0.8416, -0.5244, -0.2533, 0,
                                                       0.2533,  0.5244,  0.8416,  1.2816};
    std::array<double, level_count> quantiles{};
    for (std::size_t level = 0; level < quantiles.size(); ++level) {
        quantiles[level] = 1000 + shift + width * noise * standard[level];
    }
    return {.from = 0, .days = std::vector<DayQuantiles>(days, DayQuantiles(24, quantiles))};
}

double coverage_of(const QuantileRecord& record, const features::DayGrid& grid) {
    const auto moved = recalibrated(record, grid, ten_on_the_day_before);
    return score(moved, grid, {.from = 60, .to = days}, 1).coverage80;
}

TEST(Recalibration, LeavesAnHonestForecastAlone) {
    EXPECT_NEAR(coverage_of(forecast_of(0, 1), flat_plant()), 0.8, 0.02);
}

// Without it, the interval at half the width covers 48 %, at twice the width 99 %, and off by one deviation 60 %.
TEST(Recalibration, WidensNarrowsAndMovesWhatLatelyMissed) {
    const auto grid = flat_plant();
    EXPECT_NEAR(coverage_of(forecast_of(0, 0.5), grid), 0.8, 0.04);
    EXPECT_LT(coverage_of(forecast_of(0, 2), grid), 0.93);
    EXPECT_NEAR(coverage_of(forecast_of(noise, 1), grid), 0.8, 0.04);
}

TEST(Recalibration, DoesNothingWithoutAPast) {
    const auto grid = flat_plant();
    const auto record = forecast_of(5, 0.5);
    const auto moved = recalibrated(record, grid, ten_on_the_day_before);
    for (std::size_t level = 0; level < level_count; ++level) {
        EXPECT_NEAR(moved.at(1)[7][level], record.at(1)[7][level], 1e-9);
    }
}

TEST(Recalibration, KnowsNothingOfTheDayOfIssueItself) {
    const auto grid = flat_plant();
    auto record = forecast_of(0, 1);
    const auto moved = recalibrated(record, grid, ten_on_the_day_before).at(80);
    for (auto& slot : record.days[79]) slot.fill(0);  // its outcome is not whole when day 80 is predicted
    EXPECT_EQ(recalibrated(record, grid, ten_on_the_day_before).at(80), moved);
}

TEST(Standing, ContinuesBeyondTheLevelsAndHalvesTies) {
    constexpr std::array<double, level_count> quantiles{0, 0, 0, 3, 4, 5, 6, 7, 9};
    EXPECT_DOUBLE_EQ(standing_of(0, quantiles), 0.2);
    EXPECT_DOUBLE_EQ(standing_of(3.5, quantiles), 0.45);
    EXPECT_DOUBLE_EQ(standing_of(11, quantiles), 1.0);
    EXPECT_DOUBLE_EQ(standing_of(13, quantiles), 1.1);
    EXPECT_DOUBLE_EQ(probability_of(13, quantiles), 1.0);
}

}  // namespace
}  // namespace loadstar::forecast
