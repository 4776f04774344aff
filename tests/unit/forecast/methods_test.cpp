#include "forecast/methods.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "forecast/forecaster.hpp"
#include "support/fake_network.hpp"
#include "support/plant_series.hpp"

namespace loadstar::forecast {
namespace {

features::DayGrid whole_grid(const features::TargetHistory& history) {
    return features::DayGrid(features::Known(history, history.target.axis.end() + history.latency));
}

TEST(RuleOf, MorningOfTheDayBeforeIsOneDayAheadAtItsSlot) {
    const auto grid = whole_grid(test_support::history_of({.days = 5}));
    EXPECT_EQ(rule_of({.issue_minute = 10 * 60}, grid), (IssueRule{.lead = 1, .slot = 40}));
    EXPECT_EQ(rule_of({.issue_minute = 0}, grid), (IssueRule{.lead = 1, .slot = 0}));
    EXPECT_EQ(rule_of({.days_ahead = 3, .issue_minute = 10 * 60}, grid), (IssueRule{.lead = 3, .slot = 40}));
}

TEST(RuleOf, LatencyTakesAwayWhatHasNotArrived) {
    const auto grid = whole_grid(test_support::history_of({.days = 5}));
    EXPECT_EQ(rule_of({.issue_minute = 10 * 60, .latency = minutes(10)}, grid), (IssueRule{.lead = 1, .slot = 39}));
    EXPECT_EQ(rule_of({.issue_minute = 10 * 60, .latency = hours(12)}, grid), (IssueRule{.lead = 2, .slot = 88}));
}

// A backtest that knows more than a live forecast would flatter; one that knows less would slander.
TEST(Methods, ForecastPastDaysAsTheForecasterWouldHave) {
    const auto history = test_support::history_of({.days = 80, .noise = 30});
    const auto grid = whole_grid(history);
    NoProgress quiet;
    FeatureTable table(grid, rule_of({}, grid), {});
    const auto method = find_method("seasonal_mean3").value();
    const auto record = roll(method, table, {.from = 70, .to = 80, .refit_days = 4}, quiet).value();
    for (int day = 70; day < 80; ++day) {
        const auto live = SeasonalForecaster().predict(
            history,
            {.issued_at = issue_of(grid.day(day), 10 * 60, history.zone), .axis = axis_of_day(grid.day(day), history)});
        ASSERT_TRUE(live) << to_string(live.error());
        for (std::size_t slot = 0; slot < 96; ++slot) {
            for (std::size_t level = 0; level < levels.size(); ++level)
                ASSERT_NEAR(record.at(day)[slot][level], live->quantiles[slot][level], 1e-9) << day << " " << slot;
        }
    }
}

TEST(Methods, ChangingTheFutureChangesNoForecastMadeBefore) {
    const auto history = test_support::history_of({.days = 120, .step = hours(1), .noise = 30});
    const auto issued_at = issue_of(add_days(parse_day("2024-01-01").value(), 110), 10 * 60, history.zone);
    const auto other = test_support::with_another_future(history, issued_at);
    NoProgress quiet;
    for (const auto& one : methods(test_support::fake_network())) {
        const auto grid = whole_grid(history);
        const auto other_grid = whole_grid(other);
        const RollingSpan span{.from = 109, .to = 111};
        FeatureTable table(grid, rule_of({}, grid), {});
        FeatureTable other_table(other_grid, rule_of({}, grid), {});
        const auto record = roll(one, table, span, quiet).value();
        const auto same = roll(one, other_table, span, quiet).value();
        ASSERT_TRUE(record.holds(110)) << one.name;
        EXPECT_EQ(record.at(110), same.at(110)) << one.name;
    }
}

TEST(Methods, LeaveOutDaysForWhichTooLittleWasKnown) {
    const auto history = test_support::history_of({.days = 20});
    const auto grid = whole_grid(history);
    NoProgress quiet;
    FeatureTable table(grid, rule_of({}, grid), {});
    const auto record = roll(find_method("seasonal_week").value(), table, {.from = 0, .to = 20}, quiet).value();
    EXPECT_EQ(record.from, 7);
    EXPECT_EQ(record.to(), 20);
}

TEST(Methods, StopWhenAsked) {
    const auto history = test_support::history_of({.days = 40});
    const auto grid = whole_grid(history);
    NoProgress stopped;
    stopped.cancel();
    for (const auto& one : methods(test_support::fake_network())) {
        FeatureTable table(grid, rule_of({}, grid), {});
        const auto record = roll(one, table, {.from = 30, .to = 40}, stopped);
        ASSERT_FALSE(record) << one.name;
        EXPECT_EQ(record.error().code, ErrorCode::cancelled);
    }
}

TEST(Methods, WithoutANetworkThereAreNoneThatAskOne) {
    EXPECT_EQ(find_method("network").error().code, ErrorCode::not_found);
    EXPECT_TRUE(find_method("network", test_support::fake_network()));
    EXPECT_EQ(methods().size() + 2, methods(test_support::fake_network()).size());
    EXPECT_EQ(tuned_methods({}).size(), 0U);
    EXPECT_EQ(tuned_methods(test_support::fake_network()).size(), 2U);
}

TEST(Methods, AnUnknownNameIsAnErrorWithTheNearestKnownOne) {
    const auto found = find_method("seasonal_weak");
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().code, ErrorCode::not_found);
    EXPECT_EQ(found.error().hint, "did you mean seasonal_week?");
}

}  // namespace
}  // namespace loadstar::forecast
