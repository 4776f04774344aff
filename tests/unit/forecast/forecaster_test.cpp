#include "forecast/forecaster.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "support/plant_series.hpp"

namespace loadstar::forecast {
namespace {

using test_support::history_of;

Instant at(const char* text) { return parse_instant(text).value(); }

Query query_of(const features::TargetHistory& history, const char* day, int scenarios = 0) {
    const auto local = parse_day(day).value();
    return {
        .issued_at = issue_of(local, 600, history.zone), .axis = axis_of_day(local, history), .scenarios = scenarios};
}

TEST(SeasonalForecaster, RepeatsTheWorkingDayAndNamesItself) {
    const auto history = history_of({.days = 60, .noise = 5});
    const auto forecast = SeasonalForecaster().predict(history, query_of(history, "2024-02-15", 10)).value();
    EXPECT_EQ(forecast.method, "seasonal_mean3");
    EXPECT_EQ(forecast.unit, "kW");
    EXPECT_EQ(forecast.note, Text{});
    ASSERT_EQ(forecast.quantiles.size(), 96U);
    EXPECT_NEAR(forecast.median(48), 400, 15);
    EXPECT_NEAR(forecast.median(4), 100, 15);
    ASSERT_EQ(forecast.maximum.size(), static_cast<std::size_t>(level_count));
    EXPECT_GT(forecast.maximum[median_level], forecast.median(48));
    ASSERT_EQ(forecast.scenarios.size(), 10U);
    EXPECT_EQ(forecast.scenarios[0].size(), 96U);
}

TEST(SeasonalForecaster, FallsBackOnThreeDaysOfHistoryAndSaysWhy) {
    const auto history = history_of({.days = 3, .noise = 5});
    const auto forecast = SeasonalForecaster().predict(history, query_of(history, "2024-01-04")).value();
    EXPECT_EQ(forecast.method, "seasonal_day");
    EXPECT_FALSE(forecast.note.en.empty());
    EXPECT_FALSE(forecast.note.zh.empty());
    EXPECT_LT(forecast.quantiles[48].front(), forecast.quantiles[48].back());
}

TEST(SeasonalForecaster, RefusesWithoutAWholeDay) {
    const auto history = history_of({.days = 1});
    const auto forecast = SeasonalForecaster().predict(history, query_of(history, "2024-01-02"));
    ASSERT_FALSE(forecast);
    EXPECT_EQ(forecast.error().code, ErrorCode::not_found);
    EXPECT_EQ(forecast.error().where, "load");
}

TEST(SeasonalForecaster, RefusesAHorizonBeforeItsIssueOrOfAnotherStep) {
    const auto history = history_of({.days = 30});
    auto query = query_of(history, "2024-01-20");
    query.issued_at = query.axis.start + minutes(15);
    EXPECT_EQ(SeasonalForecaster().predict(history, query).error().code, ErrorCode::out_of_range);
    query = query_of(history, "2024-01-20");
    query.axis.step = minutes(30);
    EXPECT_EQ(SeasonalForecaster().predict(history, query).error().code, ErrorCode::invalid_argument);
}

TEST(SeasonalForecaster, PredictsTheRestOfTodayAndAWeek) {
    const auto history = history_of({.days = 60, .noise = 5});
    const Query query{.issued_at = at("2024-02-15T02:00:00Z"),
                      .axis = {.start = at("2024-02-15T02:00:00Z"), .step = minutes(15), .slots = 7 * 96},
                      .scenarios = 5};
    const auto forecast = SeasonalForecaster().predict(history, query).value();
    EXPECT_NEAR(forecast.median(8), 400, 15);           // Thursday noon
    EXPECT_NEAR(forecast.median(2 * 96 + 8), 100, 15);  // Saturday noon
    EXPECT_EQ(forecast.scenarios.front().size(), 7U * 96);
}

TEST(RollForecasts, GiveDaysOf92And100QuarterHoursAtClockChanges) {
    const auto history = history_of({.zone = "Europe/Berlin", .first_day = "2024-03-01", .days = 40, .noise = 5});
    NoProgress progress;
    const auto forecasts =
        roll_forecasts(SeasonalForecaster(), history,
                       {.from = parse_day("2024-03-30").value(), .to = parse_day("2024-04-02").value()}, progress)
            .value();
    ASSERT_EQ(forecasts.size(), 3U);
    EXPECT_EQ(forecasts[1].axis.slots, 92);
    EXPECT_EQ(forecasts[1].quantiles.size(), 92U);
    EXPECT_EQ(forecasts[1].issued_at, at("2024-03-30T09:00:00Z"));
    EXPECT_EQ(axis_of_day(parse_day("2024-10-27").value(), history).slots, 100);
    EXPECT_NEAR(forecasts[2].median(48), 400, 20);
}

TEST(RollForecasts, StopWhenCancelled) {
    const auto history = history_of({.days = 40});
    NoProgress progress;
    progress.cancel();
    const auto stopped =
        roll_forecasts(SeasonalForecaster(), history,
                       {.from = parse_day("2024-02-01").value(), .to = parse_day("2024-02-03").value()}, progress);
    EXPECT_EQ(stopped.error().code, ErrorCode::cancelled);
}

/// Every step, zone and latency: forecasts are proper, and no later reading changes a bit of them.
class AnyPlant : public testing::TestWithParam<std::tuple<int, std::string, int>> {};

TEST_P(AnyPlant, NeitherCrossesNorLooksAhead) {
    const auto [step, zone, latency] = GetParam();
    auto history =
        history_of({.zone = zone, .first_day = "2024-03-01", .days = 40, .step = minutes(step), .noise = 80});
    history.latency = minutes(latency);
    for (int slot = 0; slot < history.target.size(); slot += 37) history.target.clear(slot, Reason::missing);
    const auto query = query_of(history, "2024-03-31", 8);
    const auto forecast = SeasonalForecaster().predict(history, query).value();
    for (const auto& slot : forecast.quantiles) {
        EXPECT_TRUE(std::is_sorted(slot.begin(), slot.end()));
        EXPECT_GE(slot.front(), 0);
    }
    const auto changed = test_support::with_another_future(history, query.issued_at - history.latency);
    const auto same = SeasonalForecaster().predict(changed, query).value();
    EXPECT_EQ(forecast.quantiles, same.quantiles);
    EXPECT_EQ(forecast.scenarios, same.scenarios);
    EXPECT_EQ(forecast.maximum, same.maximum);
}

INSTANTIATE_TEST_SUITE_P(Steps, AnyPlant,
                         testing::Combine(testing::Values(5, 15, 60),
                                          testing::Values(std::string("Europe/Berlin"), std::string("Asia/Kolkata")),
                                          testing::Values(0, 90)));

}  // namespace
}  // namespace loadstar::forecast
