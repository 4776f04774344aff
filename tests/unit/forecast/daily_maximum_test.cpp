#include "forecast/daily_maximum.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "support/plant_series.hpp"

namespace loadstar::forecast {
namespace {

constexpr IssueRule ten_on_the_day_before{.lead = 1, .slot = 10};
constexpr double peak = 900;

/// 100 kW all day but for one hour of 900 kW that comes at another time each day.
features::DayGrid plant_with_roaming_peak(int days) {
    auto history =
        test_support::history_of({.zone = "UTC", .days = days, .step = hours(1), .level = [](int) { return 0; }});
    for (int day = 0; day < days; ++day) {
        for (int hour = 0; hour < 24; ++hour) {
            history.target.set(day * 24 + hour, hour == 7 * day % 24 ? peak : 100);
        }
    }
    return features::DayGrid(features::Known(history, history.target.axis.end()));
}

/// A good median of the hours, which knows nothing of the peak.
QuantileRecord flat_forecasts(int from, int to) {
    DayQuantiles flat(24);
    for (auto& slot : flat) slot.fill(100);
    return {.from = from, .days = std::vector<DayQuantiles>(static_cast<std::size_t>(to - from), flat)};
}

TEST(DailyMaximum, FindsAPeakThatNoHourForetells) {
    const auto grid = plant_with_roaming_peak(90);
    const FeatureTable table(grid, ten_on_the_day_before, {});
    const auto past = flat_forecasts(30, 80);
    const auto maximum = daily_maximum(past.at(79), past, table, 81);
    ASSERT_TRUE(maximum);
    EXPECT_TRUE(std::is_sorted(maximum->begin(), maximum->end()));
    EXPECT_NEAR((*maximum)[median_level], peak, 1);
}

TEST(DailyMaximum, SaysNothingFromLessThanTwoWeeks) {
    const auto grid = plant_with_roaming_peak(90);
    const FeatureTable table(grid, ten_on_the_day_before, {});
    const auto past = flat_forecasts(68, 80);
    EXPECT_FALSE(daily_maximum(past.at(79), past, table, 81));
}

TEST(DailyMaximum, CoversNoiseAsOftenAsItsLevelsSay) {
    const auto history = test_support::history_of({.zone = "UTC", .days = 250, .step = hours(1), .noise = 40});
    const features::DayGrid grid(features::Known(history, history.target.axis.end()));
    const FeatureTable table(grid, ten_on_the_day_before, {});
    const auto past = flat_forecasts(40, 250);
    int inside = 0;
    for (int day = 150; day < 250; ++day) {
        double largest = 0;
        for (int slot = 0; slot < 24; ++slot) largest = std::max(largest, grid.value({.day = day, .slot = slot}));
        const auto maximum = daily_maximum(past.at(day), past, table, day);
        inside += largest >= maximum->front() && largest <= maximum->back() ? 1 : 0;
    }
    EXPECT_NEAR(inside / 100.0, 0.8, 0.12);
}

}  // namespace
}  // namespace loadstar::forecast
