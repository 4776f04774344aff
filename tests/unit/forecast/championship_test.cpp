#include "forecast/championship.hpp"

#include <gtest/gtest.h>

#include "support/plant_series.hpp"

namespace loadstar::forecast {
namespace {

Championship championship_on(const features::TargetHistory& history, const char* champion, const char* challenger) {
    const features::DayGrid grid(features::Known(history, history.target.axis.end()));
    FeatureTable table(grid, rule_of({}, grid), {});
    NoProgress quiet;
    return roll_championship(table,
                             {.champion = find_method(champion).value(),
                              .challenger = find_method(challenger).value(),
                              .span = {.from = 80, .to = 130, .refit_days = 28}},
                             quiet)
        .value();
}

TEST(Championship, TheBetterMethodTakesOverAndIsNamedDayByDay) {
    const auto history = test_support::history_of({.days = 130, .noise = 10});
    const auto rolled = championship_on(history, "seasonal_day", "seasonal_week");
    ASSERT_EQ(rolled.refits.size(), 2U);
    EXPECT_EQ(rolled.refits[0].day, 80);
    EXPECT_EQ(rolled.refits[1].day, 108);
    EXPECT_TRUE(rolled.refits[0].contest.won());
    EXPECT_FALSE(rolled.refits[1].contest.won());  // the same method again is no better
    ASSERT_TRUE(rolled.record.holds(129));
    EXPECT_EQ(rolled.methods.size(), rolled.record.days.size());
    EXPECT_EQ(rolled.methods.back(), "seasonal_week");
}

TEST(Championship, AWorseMethodNeverServes) {
    const auto history = test_support::history_of({.days = 130, .noise = 10});
    const auto rolled = championship_on(history, "seasonal_week", "seasonal_day");
    for (const auto& method : rolled.methods) EXPECT_EQ(method, "seasonal_week");
}

TEST(Championship, ContestsEndBeforeTheFirstDayTheyDecideAbout) {
    const auto history = test_support::history_of({.days = 130, .noise = 10});
    for (const auto& refit : championship_on(history, "seasonal_day", "seasonal_week").refits) {
        EXPECT_EQ(refit.contest.weeks.to, refit.day - 1);  // the morning before, yesterday is known whole
        EXPECT_LT(refit.contest.trained_to, refit.contest.weeks.from);
    }
}

TEST(Championship, ChangingTheFutureChangesNoForecastMadeBefore) {
    const auto history = test_support::history_of({.days = 130, .noise = 30});
    const features::DayGrid grid(features::Known(history, history.target.axis.end()));
    const auto other = test_support::with_another_future(history, history.zone.start_of_day(grid.day(119)));
    const auto rolled = championship_on(history, "seasonal_mean3", "ridge");
    const auto same = championship_on(other, "seasonal_mean3", "ridge");
    for (int day = 80; day <= 119; ++day) EXPECT_EQ(rolled.record.at(day), same.record.at(day)) << day;
    EXPECT_NE(rolled.record.at(125), same.record.at(125));
}

}  // namespace
}  // namespace loadstar::forecast
