#include "forecast/stack_model.hpp"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "forecast/residual_bands.hpp"
#include "forecast/seasonal.hpp"
#include "support/plant_series.hpp"

namespace loadstar::forecast {
namespace {

constexpr IssueRule ten_on_the_day_before{.lead = 1, .slot = 10};
const StackSettings small{.trees = {.trees = 20, .leaves = 7, .least_rows = 30, .rate = 0.2}};

features::TargetHistory plant(int days, const std::function<double(int)>& level) {
    return test_support::history_of({.zone = "UTC", .days = days, .step = hours(1), .noise = 15, .level = level});
}

double wandering(int day) { return 1 + 0.3 * std::sin(day * 0.7) + 0.1 * std::sin(day * 2.3); }

features::DayGrid grid_of(const features::TargetHistory& history) {
    return features::DayGrid(features::Known(history, history.target.axis.end()));
}

std::unique_ptr<Model> fitted(FeatureTable& table, int end) {
    NoProgress progress;
    auto model = make_stack_model(small);
    EXPECT_TRUE(model->fit(table, end, progress));
    return model;
}

QuantileRecord forecast(const Model& model, FeatureTable& table, DaySpan days) {
    NoProgress progress;
    return model.forecast(table, days, progress).value();
}

TEST(Stack, BeatsLikeDaysWhereTheLevelWanders) {
    const auto grid = grid_of(plant(180, wandering));
    FeatureTable table(grid, ten_on_the_day_before, {});
    const DaySpan days{.from = 150, .to = 180};
    const auto stack = forecast(*fitted(table, 149), table, days);
    Seasonal like_days(SeasonalKind::mean3_type);
    const auto naive =
        with_residual_bands(roll(like_days, table, {.from = 60, .to = 180}), grid, ten_on_the_day_before);
    EXPECT_LT(score(stack, grid, days, 1).crps, 0.7 * score(naive, grid, days, 1).crps);
    for (const auto& day : stack.days) {
        for (const auto& slot : day) EXPECT_TRUE(std::is_sorted(slot.begin(), slot.end()));
    }
}

TEST(Stack, KeepsItsPromiseWhenTheLevelDrifts) {
    const auto grid = grid_of(plant(200, [](int day) { return 1 + std::max(0, day - 140) * 0.01; }));
    FeatureTable table(grid, ten_on_the_day_before, {});
    const DaySpan days{.from = 150, .to = 200};
    const auto scored = score(forecast(*fitted(table, 149), table, days), grid, days, 1);
    EXPECT_GT(scored.coverage80, 0.65);
    EXPECT_LT(scored.coverage80, 0.9);
}

TEST(Stack, IsTheSameAfterItWasStored) {
    const auto grid = grid_of(plant(140, wandering));
    FeatureTable table(grid, ten_on_the_day_before, {});
    const auto model = fitted(table, 120);
    const auto restored = make_stack_model({});
    ASSERT_TRUE(restored->restore(model->save()));
    const DaySpan days{.from = 125, .to = 130};
    EXPECT_EQ(forecast(*model, table, days).days, forecast(*restored, table, days).days);
}

TEST(Stack, DaysAreForecastTheSameAloneOrInARow) {
    const auto grid = grid_of(plant(140, wandering));
    FeatureTable table(grid, ten_on_the_day_before, {});
    const auto model = fitted(table, 120);
    const auto row = forecast(*model, table, {.from = 121, .to = 130});
    EXPECT_EQ(row.at(127), forecast(*model, table, {.from = 127, .to = 128}).at(127));
}

TEST(Stack, LaterReadingsChangeNothing) {
    const auto history = plant(140, wandering);
    const auto other = test_support::with_another_future(history, history.target.axis.start + hours(24 * 125 + 10));
    std::vector<QuantileRecord> records;
    for (const auto* one : {&history, &other}) {
        const auto grid = grid_of(*one);
        FeatureTable table(grid, ten_on_the_day_before, {});
        records.push_back(forecast(*fitted(table, 120), table, {.from = 126, .to = 127}));
    }
    EXPECT_EQ(records[0].days, records[1].days);
}

TEST(Stack, LeavesOutEveryDayWhenTheHistoryIsShort) {
    const auto grid = grid_of(plant(75, wandering));
    FeatureTable table(grid, ten_on_the_day_before, {});
    const auto record = forecast(*fitted(table, 70), table, {.from = 71, .to = 74});
    EXPECT_TRUE(record.days.empty());
    EXPECT_EQ(record.from, 74);
}

TEST(Stack, RefusesBytesThatAreNoStack) {
    const auto model = make_stack_model({});
    const auto refused = model->restore("anything");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::invalid_input);
}

TEST(Stack, StopsWhenCancelled) {
    const auto grid = grid_of(plant(140, wandering));
    FeatureTable table(grid, ten_on_the_day_before, {});
    NoProgress progress;
    progress.cancel();
    EXPECT_EQ(make_stack_model(small)->fit(table, 120, progress).error().code, ErrorCode::cancelled);
}

}  // namespace
}  // namespace loadstar::forecast
