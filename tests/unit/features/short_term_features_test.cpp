#include "features/short_term_features.hpp"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "support/plant_series.hpp"

namespace loadstar::features {
namespace {

DayGrid grid_of(const TargetHistory& history) { return DayGrid(Known(history, history.target.axis.end())); }

double value_of(const std::vector<Feature>& features, const std::string& name) {
    const auto found =
        std::find_if(features.begin(), features.end(), [&](const Feature& one) { return one.name == name; });
    if (found == features.end()) throw std::out_of_range(name);
    return found->value;
}

std::vector<double> values_of(const std::vector<Feature>& features) {
    std::vector<double> values;
    for (const auto& feature : features) values.push_back(feature.value);
    return values;
}

TEST(ShortTermFeatures, AreWhatWasKnownBeforeTheShiftStarts) {
    const auto grid = grid_of(test_support::history_of({.zone = "UTC", .days = 40}));  // from Monday, quarter-hours
    ShortTermFeatures features(grid);
    const int wednesday = 30;
    const auto found = features.at({.day = wednesday, .slot = 31}, 3);  // 07:45 for 08:30
    EXPECT_EQ(value_of(found, "slot"), 34);
    EXPECT_EQ(value_of(found, "slot_of_hour"), 2);
    EXPECT_EQ(value_of(found, "weekday"), 2);
    EXPECT_EQ(value_of(found, "last_1"), 100);
    EXPECT_EQ(value_of(found, "unchanged"), (6 + 8) * 4 - 1);  // since 18:00 of the day before
    EXPECT_EQ(value_of(found, "type_3"), 400);
    EXPECT_EQ(value_of(found, "type_3_change"), 300);
    EXPECT_EQ(value_of(found, "type_3_moved"), 400);
    EXPECT_EQ(value_of(found, "type_3_departure"), 0);
    EXPECT_EQ(value_of(found, "week_1"), 400);
    EXPECT_EQ(value_of(found, "high_day"), 400);
}

TEST(ShortTermFeatures, ReachAcrossMidnightIntoTheNextDay) {
    const auto grid = grid_of(test_support::history_of({.zone = "UTC", .days = 40}));
    ShortTermFeatures features(grid);
    const int friday = 32;
    const auto found = features.at({.day = friday, .slot = 94}, 7);  // 23:30 for 01:15 of Saturday
    EXPECT_EQ(value_of(found, "slot"), 5);
    EXPECT_EQ(value_of(found, "weekday"), 5);
    EXPECT_EQ(value_of(found, "type_before"), static_cast<double>(DayType::working));
}

TEST(ShortTermFeatures, TellHowFarThePresentIsFromUsual) {
    auto history = test_support::history_of({.zone = "UTC", .days = 40});
    const int wednesday = 30;
    for (int slot = 0; slot < 4; ++slot) history.target.set(wednesday * 96 + slot, 150.0);
    const auto grid = grid_of(history);
    const auto found = ShortTermFeatures(grid).at({.day = wednesday, .slot = 4}, 0);
    EXPECT_EQ(value_of(found, "type_3_departure"), 50);
    EXPECT_EQ(value_of(found, "departure_hour"), 50);
    EXPECT_EQ(value_of(found, "change_hour"), 50);
    EXPECT_EQ(value_of(found, "unchanged"), 4);
}

/// Steps from five minutes to a whole day: finite, the same names, and blind to what came later.
class ShortTermStep : public testing::TestWithParam<int> {};

TEST_P(ShortTermStep, FeaturesAreFiniteAndDoNotLookAhead) {
    const auto step = minutes(GetParam());
    const auto history = test_support::history_of({.zone = "UTC", .days = 40, .step = step, .noise = 30});
    const int slots = static_cast<int>(hours(24) / step);
    const Cell end{.day = 30, .slot = slots / 2};
    const auto other =
        test_support::with_another_future(history, history.target.axis.slot_start(end.day * slots + end.slot));
    const auto grid = grid_of(history);
    const auto changed = grid_of(other);
    for (int ahead = 0; ahead < std::min(slots, 8); ++ahead) {
        const auto values = values_of(ShortTermFeatures(grid).at(end, ahead));
        EXPECT_TRUE(std::all_of(values.begin(), values.end(), [](double value) { return std::isfinite(value); }));
        EXPECT_EQ(values, values_of(ShortTermFeatures(changed).at(end, ahead)));
    }
    EXPECT_NE(grid.value(end), changed.value(end));
}

INSTANTIATE_TEST_SUITE_P(Steps, ShortTermStep, testing::Values(5, 15, 60, 240, 1440));

}  // namespace
}  // namespace loadstar::features
