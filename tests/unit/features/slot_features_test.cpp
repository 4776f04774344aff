#include "features/slot_features.hpp"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "support/plant_series.hpp"

namespace loadstar::features {
namespace {

/// Every slot of day d holds d, in hours; 2024-01-01 is a Monday.
DayGrid grid_of_day_numbers(int days) {
    auto history = test_support::history_of({.zone = "UTC", .days = days, .step = hours(1)});
    for (int slot = 0; slot < history.target.size(); ++slot) history.target.set(slot, slot / 24);
    return DayGrid(Known(history, history.target.axis.end()));
}

double value_of(const FeatureRows& rows, const std::string& name, std::size_t slot) {
    const auto found = std::find(rows.names.begin(), rows.names.end(), name);
    if (found == rows.names.end()) throw std::out_of_range(name);
    return rows.row(slot)[found - rows.names.begin()];
}

TEST(SlotFeatures, AreWhatWasKnownAtTenOnTheDayBefore) {
    const auto grid = grid_of_day_numbers(60);
    const int monday = 42;
    const auto rows = slot_features(Seen(grid, {.day = monday - 1, .slot = 10}), monday, {});
    ASSERT_EQ(rows.rows(), 24U);
    EXPECT_EQ(value_of(rows, "weekday", 0), 0);
    EXPECT_EQ(value_of(rows, "hour", 17), 17);
    EXPECT_EQ(value_of(rows, "rest_before", 0), 2);             // the weekend
    EXPECT_EQ(value_of(rows, "type_1", 0), monday - 3);         // Friday
    EXPECT_DOUBLE_EQ(value_of(rows, "type_3", 0), monday - 4);  // Wednesday to Friday
    EXPECT_EQ(value_of(rows, "week_1", 0), monday - 7);
    EXPECT_EQ(value_of(rows, "weeks_low", 0), monday - 28);
    EXPECT_EQ(value_of(rows, "latest", 9), monday - 1);   // this morning
    EXPECT_EQ(value_of(rows, "latest", 10), monday - 2);  // not known yet today
    EXPECT_EQ(value_of(rows, "last", 23), monday - 1);
    EXPECT_DOUBLE_EQ(value_of(rows, "week_level", 0), monday - 5);  // mean of the seven days up to Saturday
}

TEST(SlotFeatures, TellHowFarTheMorningIsFromUsual) {
    auto history = test_support::history_of({.zone = "UTC", .days = 50, .step = hours(1)});
    const int today = 43;  // a Tuesday
    for (int hour = 0; hour < 10; ++hour) {
        const int slot = today * 24 + hour;
        history.target.set(slot, *history.target.at(slot) + 30);
    }
    const DayGrid grid(Known(history, history.target.axis.end()));
    const auto rows = slot_features(Seen(grid, {.day = today, .slot = 10}), today + 1, {});
    EXPECT_DOUBLE_EQ(value_of(rows, "morning_departure", 0), 30);
    EXPECT_DOUBLE_EQ(value_of(rows, "type_3_adjusted", 12), 430);
}

TEST(SlotFeatures, HoldASeasonOnlyWhenAskedTo) {
    const auto grid = grid_of_day_numbers(60);
    const Seen seen(grid, {.day = 40, .slot = 0});
    EXPECT_EQ(slot_features(seen, 41, {.season = true}).width(), slot_features(seen, 41, {}).width() + 2);
}

/// Steps from five minutes to a whole day: complete, finite, and blind to what came later.
class AnyStep : public testing::TestWithParam<int> {};

TEST_P(AnyStep, FeaturesAreFiniteAndDoNotLookAhead) {
    const auto step = minutes(GetParam());
    const auto history = test_support::history_of({.days = 50, .step = step, .noise = 30});
    const auto other = test_support::with_another_future(history, history.target.axis.start + hours(24) * 45);
    const DayGrid grid(Known(history, history.target.axis.end()));
    const DayGrid changed(Known(other, other.target.axis.end()));
    const auto rows = slot_features(Seen(grid, {.day = 45, .slot = 0}), 45, {});
    EXPECT_EQ(rows.rows(), static_cast<std::size_t>(hours(24) / step));
    EXPECT_TRUE(std::all_of(rows.values.begin(), rows.values.end(), [](double value) { return std::isfinite(value); }));
    EXPECT_EQ(rows.values, slot_features(Seen(changed, {.day = 45, .slot = 0}), 45, {}).values);
    EXPECT_NE(grid.value({.day = 45, .slot = 0}), changed.value({.day = 45, .slot = 0}));
}

INSTANTIATE_TEST_SUITE_P(Steps, AnyStep, testing::Values(5, 15, 60, 240, 1440));

TEST(AlikeDays, AreTheLatestOfAnyTypeWhenNoneIsOfTheSame) {
    const auto grid = grid_of_day_numbers(10);
    EXPECT_EQ(alike_days(Seen(grid, {.day = 4, .slot = 0}), 5, 3), (std::vector<int>{3, 2, 1}));  // no Saturday yet
    EXPECT_EQ(alike_days(Seen(grid, {.day = 8, .slot = 0}), 12, 3), (std::vector<int>{5}));
}

}  // namespace
}  // namespace loadstar::features
