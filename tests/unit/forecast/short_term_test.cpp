#include "forecast/short_term.hpp"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "forecast/short_term_score.hpp"
#include "support/plant_series.hpp"

namespace loadstar::forecast {
namespace {

constexpr TreeSettings small_trees{.trees = 20, .leaves = 7, .least_rows = 30, .rate = 0.2};
constexpr ShortTermSettings small{.steps = 2, .trees = {.median = small_trees, .mean = small_trees}};

features::TargetHistory plant(int days) {
    return test_support::history_of({.zone = "UTC", .days = days, .step = hours(1), .noise = 15, .level = [](int day) {
                                         return 1 + 0.3 * std::sin(day * 0.7);
                                     }});
}

features::DayGrid grid_of(const features::TargetHistory& history) {
    return features::DayGrid(features::Known(history, history.target.axis.end()));
}

ShortTermModel fitted(const features::DayGrid& grid, int end) {
    NoProgress progress;
    ShortTermModel model(small);
    EXPECT_TRUE(model.fit(grid, end, progress));
    return model;
}

std::vector<ShortTermForecast> forecast(const ShortTermModel& model, const features::DayGrid& grid, IssueSpan issues) {
    NoProgress progress;
    return model.forecast(grid, issues, progress).value();
}

TEST(ShortTerm, BeatsPersistenceAndTheWeekBeforeAndKeepsItsPromise) {
    const auto grid = grid_of(plant(130));
    const auto scored = score(
        forecast(fitted(grid, 100), grid, {.from = {.day = 100, .slot = 0}, .to = {.day = 129, .slot = 23}}), grid);
    const auto& ours = scored.rows.back();
    EXPECT_EQ(ours.method, "short_term");
    for (const auto& row : scored.rows) {
        if (row.method != "persistence" && row.method != "seasonal_week") continue;
        EXPECT_LT(ours.all.mean_absolute, 0.7 * row.all.mean_absolute) << row.method;
        EXPECT_LT(ours.all.root_mean_square, 0.7 * row.all.root_mean_square) << row.method;
    }
    EXPECT_EQ(ours.by_step.size(), 2U);
    EXPECT_NEAR(scored.coverage80, 0.8, 0.08);
}

TEST(ShortTerm, QuantilesNeverCross) {
    const auto grid = grid_of(plant(105));
    const auto forecasts =
        forecast(fitted(grid, 100), grid, {.from = {.day = 100, .slot = 0}, .to = {.day = 105, .slot = 0}});
    ASSERT_EQ(forecasts.size(), 5U * 24U);
    for (const auto& one : forecasts) {
        for (const auto& slot : one.quantiles) EXPECT_TRUE(std::is_sorted(slot.begin(), slot.end()));
    }
}

TEST(ShortTerm, PredictsTheHoursAfterTheLastOneThatIsKnown) {
    const auto history = plant(110);
    const auto until = history.target.axis.slot_start(104 * 24 + 23);
    const features::DayGrid live(features::Known(history, until));
    const auto model = fitted(live, 100);
    const auto forecasts = forecast(model, live, {.from = live.end(), .to = live.moved(live.end(), 1)});
    ASSERT_EQ(forecasts.size(), 1U);
    const auto grid = grid_of(history);
    const auto later = forecast(model, grid, {.from = {.day = 103, .slot = 0}, .to = {.day = 106, .slot = 0}});
    EXPECT_EQ(forecasts[0].end, (features::Cell{.day = 104, .slot = 23}));
    EXPECT_EQ(forecasts[0].quantiles, later[47].quantiles);
    EXPECT_EQ(forecasts[0].mean, later[47].mean);
}

TEST(ShortTerm, LaterReadingsChangeNothing) {
    const auto history = plant(110);
    const auto other = test_support::with_another_future(history, history.target.axis.slot_start(103 * 24 + 5));
    const features::Cell end{.day = 103, .slot = 5};
    std::vector<std::vector<ShortTermForecast>> forecasts;
    for (const auto* one : {&history, &other}) {
        const auto grid = grid_of(*one);
        forecasts.push_back(forecast(fitted(grid, 100), grid, {.from = end, .to = grid.moved(end, 1)}));
    }
    EXPECT_EQ(forecasts[0][0].quantiles, forecasts[1][0].quantiles);
    EXPECT_EQ(forecasts[0][0].mean, forecasts[1][0].mean);
    EXPECT_EQ(forecasts[0][0].members, forecasts[1][0].members);
}

TEST(ShortTerm, StaysUnreadyOnNineWeeks) {
    const auto grid = grid_of(plant(70));
    const auto model = fitted(grid, 63);
    EXPECT_FALSE(model.ready());
    EXPECT_TRUE(forecast(model, grid, {.from = {.day = 63, .slot = 0}, .to = {.day = 64, .slot = 0}}).empty());
}

TEST(ShortTerm, StopsWhenCancelled) {
    const auto grid = grid_of(plant(110));
    NoProgress progress;
    progress.cancel();
    ShortTermModel model(small);
    const auto refused = model.fit(grid, 100, progress);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::cancelled);
    EXPECT_FALSE(model.ready());
}

}  // namespace
}  // namespace loadstar::forecast
