#include "forecast/seasonal.hpp"

#include <gtest/gtest.h>

#include "forecast/residual_bands.hpp"
#include "support/plant_series.hpp"

namespace loadstar::forecast {
namespace {

/// Every slot of day d holds d; 2024-01-01 is a Monday.
features::DayGrid grid_of_day_numbers(int days) {
    auto history = test_support::history_of({.zone = "UTC", .days = days, .step = hours(1)});
    for (int slot = 0; slot < history.target.size(); ++slot) history.target.set(slot, slot / 24);
    return features::DayGrid(features::Known(history, history.target.axis.end()));
}

DayPoints predict(SeasonalKind kind, const features::DayGrid& grid, const IssueRule& rule, int day) {
    FeatureTable table(grid, rule, {});
    return Seasonal(kind).predict(table, day);
}

constexpr IssueRule ten_on_the_day_before{.lead = 1, .slot = 10};

TEST(Seasonal, DayTakesTheLastKnownValueOfEachSlot) {
    const auto grid = grid_of_day_numbers(20);
    const auto points = predict(SeasonalKind::day, grid, ten_on_the_day_before, 15);
    EXPECT_EQ(points[9], 14);   // this morning
    EXPECT_EQ(points[10], 13);  // not known yet today
}

TEST(Seasonal, WeekGoesBackTwoWeeksWhenOneIsNotKnownYet) {
    const auto grid = grid_of_day_numbers(30);
    EXPECT_EQ(predict(SeasonalKind::week, grid, {.lead = 1, .slot = 0}, 21)[0], 14);
    EXPECT_EQ(predict(SeasonalKind::week, grid, {.lead = 7, .slot = 0}, 21)[0], 7);
}

TEST(Seasonal, TypeRepeatsTheLastDayOfTheSameType) {
    const auto grid = grid_of_day_numbers(30);
    EXPECT_EQ(predict(SeasonalKind::type, grid, ten_on_the_day_before, 21)[0], 18);        // Monday from Friday
    EXPECT_EQ(predict(SeasonalKind::type, grid, ten_on_the_day_before, 19)[0], 12);        // Saturday from Saturday
    EXPECT_EQ(predict(SeasonalKind::mean3_type, grid, ten_on_the_day_before, 21)[0], 17);  // 16, 17, 18
}

TEST(Seasonal, IsNotReadyBeforeItsPastExists) {
    const auto grid = grid_of_day_numbers(10);
    const FeatureTable table(grid, {.lead = 1, .slot = 0}, {});
    EXPECT_TRUE(Seasonal(SeasonalKind::day).ready(table, 3));
    EXPECT_FALSE(Seasonal(SeasonalKind::week).ready(table, 3));
    EXPECT_FALSE(Seasonal(SeasonalKind::mean3_type).ready(table, 3));
}

TEST(ResidualBands, CoverTheErrorsThatWereMade) {
    const auto history = test_support::history_of({.zone = "UTC", .days = 100, .step = hours(1), .noise = 10});
    const features::DayGrid grid(features::Known(history, history.target.axis.end()));
    const auto& rule = ten_on_the_day_before;
    Seasonal method(SeasonalKind::mean3_type);
    FeatureTable table(grid, rule, {});
    const auto record = with_residual_bands(roll(method, table, {.from = 30, .to = 100}), grid, rule);
    int inside = 0;
    int all = 0;
    for (int day = 80; day < 100; ++day) {
        for (int slot = 0; slot < 24; ++slot) {
            const auto& quantiles = record.at(day)[static_cast<std::size_t>(slot)];
            const double outcome = grid.value({.day = day, .slot = slot});
            inside += outcome >= quantiles.front() && outcome <= quantiles.back() ? 1 : 0;
            ++all;
        }
    }
    EXPECT_NEAR(static_cast<double>(inside) / all, 0.8, 0.06);
}

}  // namespace
}  // namespace loadstar::forecast
