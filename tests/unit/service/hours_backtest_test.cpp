#include "service/hours_backtest.hpp"

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

class HoursBacktest : public testing::Test {
  protected:
    void store(const test_support::MadeUpPlant& plant) {
        const auto history = test_support::history_of(plant);
        plant_.store(history.target.info, history.target.axis.start, history.target.values);
    }
    Result<HoursBacktestReport> run(const HoursBacktestChoice& choice) {
        auto session = Session::open(plant_.folder(), historian::OpenMode::read, clock_);
        return backtest_hours(session.value(), choice, quiet_);
    }
    test_support::StoredPlant plant_{test_support::forecast_plant};
    FixedClock clock_{parse_instant("2024-06-01T00:00:00Z").value()};
    NoProgress quiet_;
};

// By hand: 100 kW by night, 400 kW from 08:00 to 18:00 on a working day. In quarter-hours, persistence misses 300 kW
// when the change lies between issue and target: at 1, 2, 3 and 4 issues for steps 1 to 4, twice a day. The last three
// issues of the day, whose slots reach past it, are left out.
TEST_F(HoursBacktest, OfPersistenceMatchesAHandCalculation) {
    store({.days = 98});
    const auto report =
        run({.days = {.first = parse_day("2024-04-01").value(), .last = parse_day("2024-04-01").value()},
             .hours_ahead = 1});
    ASSERT_TRUE(report) << to_string(report.error());
    ASSERT_EQ(report->targets.size(), 1U);
    const auto& target = report->targets[0];
    EXPECT_EQ(target.issues, 96 - 3);
    const auto& persistence = target.score.rows.front();
    EXPECT_EQ(persistence.method, "persistence");
    ASSERT_EQ(persistence.by_step.size(), 4U);
    for (int step = 0; step < 4; ++step) {
        EXPECT_NEAR(persistence.by_step[static_cast<std::size_t>(step)].mean_absolute, 300.0 * 2 * (step + 1) / 93,
                    1e-9);
    }
    EXPECT_LT(target.score.rows.back().all.mean_absolute, 0.2 * persistence.all.mean_absolute);
}

TEST_F(HoursBacktest, ATargetWithTooLittleHistoryIsNamedWithTheReason) {
    store({.days = 30});
    const auto report = run({});
    ASSERT_TRUE(report) << to_string(report.error());
    EXPECT_TRUE(report->targets.empty());
    ASSERT_EQ(report->omitted.size(), 1U);
    EXPECT_THAT(report->omitted[0].why.en, HasSubstr("too little history before 2024-01-25"));
    EXPECT_EQ(to_json(*report)["schema"], "loadstar.backtest_hours/1");
}

TEST_F(HoursBacktest, DaysThatAreNotStoredAreAnError) {
    store({.days = 15});
    const auto report = run({.days = {.last = parse_day("2024-02-01").value()}});
    ASSERT_FALSE(report);
    EXPECT_EQ(report.error().code, ErrorCode::out_of_range);
}

}  // namespace
}  // namespace loadstar::service
