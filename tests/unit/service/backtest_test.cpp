#include "service/backtest.hpp"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "support/forecast_plant.hpp"
#include "support/plant_series.hpp"
#include "support/stored_plant.hpp"

namespace loadstar::service {
namespace {

using testing::HasSubstr;

class Backtest : public testing::Test {
  protected:
    void store(const test_support::MadeUpPlant& plant) {
        const auto history = test_support::history_of(plant);
        plant_.store(history.target.info, history.target.axis.start, history.target.values);
    }
    Result<BacktestReport> run(const BacktestChoice& choice) {
        auto session = Session::open(plant_.folder(), historian::OpenMode::read, clock_);
        return backtest(session.value(), choice, quiet_);
    }
    test_support::StoredPlant plant_{test_support::forecast_plant};
    FixedClock clock_{parse_instant("2024-06-01T00:00:00Z").value()};
    NoProgress quiet_;
};

const BacktestRow& row_of(const TargetBacktest& target, const std::string& method) {
    return *std::ranges::find_if(target.rows, [&](const BacktestRow& row) { return row.method == method; });
}

// By hand, for a week of working days with 400 kW from 08:00 to 18:00 and 100 kW else. The last known day is d-1 before
// 10:00 and d-2 after it, so points miss 300 kW: Monday in 40 quarter-hours, Tuesday and Sunday in 32, Saturday in 40.
// Of the past errors, the median is 0 on working days; on the weekend -300 from 10:00, where both days miss, and -150
// before, where one of two does. Left are 300 x (40 + 32) on Monday and Tuesday, 150 x 8 on Saturday, and on Sunday
// 100 x 8, for a load is never below zero. The week's outcomes sum to 5 x 21600 + 2 x 9600.
TEST_F(Backtest, OfRepeatingTheDayMatchesAHandCalculation) {
    store({.days = 98});
    const auto report = run({.first = parse_day("2024-04-01").value(), .last = parse_day("2024-04-07").value()});
    ASSERT_TRUE(report) << to_string(report.error());
    const auto& row = row_of(report->targets.at(0), "seasonal_day");
    EXPECT_EQ(row.score.slots, 7 * 96);
    EXPECT_NEAR(row.score.wape, 23600.0 / 127200.0, 1e-12);
}

TEST_F(Backtest, APlantThatRepeatsItsWeekIsForecastWithoutError) {
    store({.days = 98});
    const auto report = run({});
    ASSERT_TRUE(report) << to_string(report.error());
    const auto& target = report->targets.at(0);
    EXPECT_EQ(target.first, parse_day("2024-03-20").value());  // the last 19 of 98 days
    EXPECT_EQ(target.last, parse_day("2024-04-07").value());
    EXPECT_NEAR(row_of(target, "seasonal_week").score.crps, 0, 1e-12);
    EXPECT_NEAR(row_of(target, "seasonal_week").score.coverage80, 1, 1e-12);
    EXPECT_LE(target.rows.front().score.crps, target.rows.back().score.crps);
}

TEST_F(Backtest, QuartersOfTheDayAddUpToTheWhole) {
    store({.days = 70, .noise = 30});
    const auto report = run({});
    ASSERT_TRUE(report) << to_string(report.error());
    const auto& target = report->targets.at(0);
    ASSERT_EQ(target.horizons.size(), 4U);
    EXPECT_EQ(target.horizons.front().from, hours(14));
    EXPECT_EQ(target.horizons.back().to, hours(38));
    for (const auto& row : target.rows) {
        int slots = 0;
        double inside = 0;
        for (const auto& part : row.by_horizon) {
            slots += part.slots;
            inside += part.coverage80 * part.slots;
        }
        EXPECT_EQ(slots, row.score.slots);
        EXPECT_NEAR(inside, row.score.coverage80 * row.score.slots, 1e-6);
    }
}

// The state of the plant this morning is worth something: who gets it a day late forecasts worse.
TEST_F(Backtest, LatencyCostsAccuracyWhenLevelsDrift) {
    store({.days = 70, .level = [](int day) { return 1 + 0.02 * day; }});
    const auto prompt = run({.latency = minutes(0)});
    const auto late = run({.latency = hours(24)});
    ASSERT_TRUE(prompt && late);
    EXPECT_GT(row_of(late->targets.at(0), "seasonal_type").score.wape,
              row_of(prompt->targets.at(0), "seasonal_type").score.wape);
}

TEST_F(Backtest, AMethodThatCannotForecastAllDaysIsNamedWithTheReason) {
    store({.days = 15});
    const auto report = run({.first = parse_day("2024-01-06").value()});
    ASSERT_TRUE(report) << to_string(report.error());
    const auto& target = report->targets.at(0);
    const auto omitted =
        std::ranges::find_if(target.omitted, [](const BacktestOmission& one) { return one.method == "seasonal_week"; });
    ASSERT_NE(omitted, target.omitted.end());
    EXPECT_THAT(omitted->why.en, HasSubstr("too little history before 2024-01-08"));
}

TEST_F(Backtest, DaysThatAreNotStoredAreAnError) {
    store({.days = 15});
    const auto report = run({.first = parse_day("2024-01-10").value(), .last = parse_day("2024-02-01").value()});
    ASSERT_FALSE(report);
    EXPECT_EQ(report.error().code, ErrorCode::out_of_range);
    EXPECT_THAT(report.error().message, HasSubstr("between 2024-01-01 and 2024-01-15"));
}

TEST_F(Backtest, JsonNamesIssueTimeMethodsAndHorizons) {
    store({.days = 40});
    const auto report = run({.issue_minute = 12 * 60, .latency = minutes(30)});
    ASSERT_TRUE(report) << to_string(report.error());
    const auto json = to_json(*report);
    EXPECT_EQ(json["schema"], "loadstar.backtest/1");
    const auto& target = json["targets"][0];
    EXPECT_EQ(target["issue_minute"], 720);
    EXPECT_EQ(target["latency_minutes"], 30);
    EXPECT_EQ(target["methods"][0]["horizons"].size(), 4U);
    EXPECT_EQ(target["methods"][0]["horizons"][0]["from_hours"], 12);
    EXPECT_TRUE(target["methods"][0].contains("peak_error_percent"));
}

}  // namespace
}  // namespace loadstar::service
