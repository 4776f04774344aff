#include "forecast/contest.hpp"

#include <gtest/gtest.h>

#include "support/plant_series.hpp"

namespace loadstar::forecast {
namespace {

features::DayGrid grid_of(const test_support::MadeUpPlant& plant) {
    const auto history = test_support::history_of(plant);
    return features::DayGrid(features::Known(history, history.target.axis.end()));
}

Contest contest_of(const features::DayGrid& grid, const char* champion, const char* challenger) {
    NoProgress quiet;
    const auto reigning = find_method(champion).value().make();
    const DaySpan weeks{.from = grid.end().day - 28, .to = grid.end().day};
    FeatureTable table(grid, rule_of({}, grid), {});
    return hold_contest(table, *reigning, find_method(challenger).value(), weeks, quiet).value();
}

// Sundays follow Saturdays badly, and Mondays Sundays: who repeats the week wins.
TEST(Contest, TheBetterForecasterOfTheWeeksWins) {
    const auto grid = grid_of({.days = 90, .noise = 10});
    const auto contest = contest_of(grid, "seasonal_day", "seasonal_week");
    EXPECT_TRUE(contest.won());
    EXPECT_LT(contest.challenger.score->crps, contest.champion.score->crps);
    EXPECT_EQ(contest.challenger.score->days, 28);
    EXPECT_NE(contest.verdict().en.find("the challenger wins: CRPS"), std::string::npos);
    EXPECT_FALSE(contest_of(grid, "seasonal_week", "seasonal_day").won());
}

TEST(Contest, WhoIsAsGoodAsTheChampionDoesNotReplaceIt) {
    const auto grid = grid_of({.days = 90, .noise = 10});
    const auto contest = contest_of(grid, "seasonal_week", "seasonal_week");
    EXPECT_FALSE(contest.won());
    EXPECT_EQ(contest.verdict().en.rfind("the champion stays", 0), 0U);
}

TEST(Contest, ChallengersLearnOnlyFromDaysKnownBeforeTheWeeks) {
    const auto grid = grid_of({.days = 90, .noise = 10});
    const auto contest = contest_of(grid, "seasonal_day", "seasonal_week");
    EXPECT_EQ(contest.weeks.from, 62);
    EXPECT_EQ(contest.trained_to, 61);  // on the morning of day 61, day 60 is the last that is whole
}

TEST(Contest, WithTooLittleHistoryNobodyCanChallenge) {
    const auto grid = grid_of({.days = 30});
    const auto contest = contest_of(grid, "seasonal_day", "seasonal_mean3");
    EXPECT_FALSE(contest.won());
    EXPECT_FALSE(contest.challenger.score.has_value());
    EXPECT_EQ(contest.verdict().en, "too little history for seasonal_mean3 before these weeks");
}

}  // namespace
}  // namespace loadstar::forecast
