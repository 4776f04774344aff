#include "service/plan.hpp"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "support/roof_and_battery.hpp"
#include "support/stored_plant.hpp"

namespace loadstar::service {
namespace {

using testing::HasSubstr;

const auto roof_and_battery = std::string(test_support::roof_and_battery) + R"(level_series = "level"
[[source.files.column]]
column = "level"
series = "level"
kind = "state"
unit = "%"
)";

class StoppedClock final : public Clock {
  public:
    explicit StoppedClock(Instant now) : now_(now) {}
    [[nodiscard]] Instant now() const override { return now_; }

  private:
    Instant now_;
};

const auto zone = TimeZone::find("Asia/Shanghai").value();
const auto first = zone.start_of_day(parse_day("2026-03-02").value());

/// Six weeks of a works behind a meter that also sees the sun on its roof.
class PlanOfComingDays : public testing::Test {
  protected:
    static constexpr int days = 42;
    PlanOfComingDays() : PlanOfComingDays(roof_and_battery) {}
    explicit PlanOfComingDays(const std::string& plant) : plant_(plant), clock_(first + hours(24 * (days + 1))) {}

    /// @param last_day  load of the last day as a multiple of the usual
    void store(double last_day) {
        std::vector<double> load;
        std::vector<double> roof;
        for (int slot = 0; slot < 96 * days; ++slot) {
            const int hour = slot % 96 / 4;
            const double sun = hour >= 9 && hour < 15 ? 40 : 0;
            const double works = hour >= 8 && hour < 18 ? 200 + 7 * (slot / 96 % 5) : 80;
            roof.push_back(sun);
            load.push_back((works - sun) * (slot >= 96 * (days - 1) ? last_day : 1));
        }
        plant_.store({.id = "load", .kind = SeriesKind::mean_power, .unit = "kW"}, first, load);
        plant_.store({.id = "roof", .kind = SeriesKind::mean_power, .unit = "kW"}, first, roof);
        plant_.store({.id = "level", .kind = SeriesKind::state, .unit = "%"}, first + hours(24 * days - 1),
                     std::vector<double>{60, 70});
    }
    Session open() { return Session::open(plant_.folder(), historian::OpenMode::read, clock_).value(); }
    PlanReport plan(const PlanChoice& choice) {
        auto session = open();
        NoProgress progress;
        return plan_days(session, choice, progress).value();
    }

    test_support::StoredPlant plant_;
    StoppedClock clock_;
};

TEST_F(PlanOfComingDays, StartsTheDayAfterTheLastReadingOnForecasts) {
    store(1);
    const auto report = plan({});
    EXPECT_EQ(report.foresight, Foresight::forecast);
    EXPECT_EQ(report.plan.axis.start, first + hours(24 * days));
    EXPECT_EQ(report.plan.axis.slots, 96);
    ASSERT_EQ(report.bases.size(), 2U);
    for (const auto& basis : report.bases) EXPECT_EQ(basis.issued_at, first + hours(24 * days)) << basis.series;
    EXPECT_GT(report.plan.cost_before, report.plan.cost_after);
    EXPECT_NEAR(report.plan.load_kw[40], report.plan.import_before_kw[40] + 40, 1e-6);  // ten o'clock: sun apart
}

TEST_F(PlanOfComingDays, StartsFromTheMeasuredLevelAndSaysSo) {
    store(1);
    const auto report = plan({});
    ASSERT_EQ(report.levels.size(), 1U);
    EXPECT_EQ(report.levels[0].origin, Origin::readings);
    EXPECT_DOUBLE_EQ(report.levels[0].level.value(), 70);
    EXPECT_DOUBLE_EQ(report.plan.assets[0].level_kwh.front(), 70);
    const auto json = to_json(report);
    EXPECT_EQ(json["start_state"]["levels"][0]["from"], "readings");
    EXPECT_EQ(json["foresight"], "forecast");
}

TEST_F(PlanOfComingDays, StartsFromThePlantFileWhereNoLevelWasRead) {
    store(1);
    const auto report = plan({.from = parse_day("2026-03-30").value()});
    EXPECT_EQ(report.levels[0].origin, Origin::plant_file);
    EXPECT_DOUBLE_EQ(report.levels[0].level.value(), 50);
}

TEST_F(PlanOfComingDays, SeesNothingOfTheDaysThatArePlanned) {
    store(3);
    const auto last = parse_day("2026-04-12").value();
    const auto expected = plan({.from = last});
    const auto happened = plan({.from = last, .foresight = Foresight::perfect});
    EXPECT_EQ(expected.bases[0].issued_at, zone.start_of_day(last));
    EXPECT_LT(expected.plan.load_kw[40], 300);
    EXPECT_GT(happened.plan.load_kw[40], 450);
}

const auto foretold_roof = roof_and_battery + R"([[source.files.column]]
column = "sun"
series = "roof.foretold"
kind = "mean_power"
unit = "kW"
forecast_of = "roof"
)";

/// The same works, with a forecast of its roof from elsewhere.
class PlanWithForetoldSun : public PlanOfComingDays {
  protected:
    PlanWithForetoldSun() : PlanOfComingDays(foretold_roof) { store(1); }

    /// From the first hour of the planned day on, 11 kW.
    PlanReport plan_with(int hours_foretold, const PlanChoice& choice) {
        plant_.store({.id = "roof.foretold", .kind = SeriesKind::mean_power, .unit = "kW"}, first + hours(24 * days),
                     std::vector<double>(static_cast<std::size_t>(4 * hours_foretold), 11.0));
        return plan(choice);
    }
    static const plan::AssetPlan& roof(const PlanReport& report) {
        return *std::ranges::find(report.plan.assets, "photovoltaic", &plan::AssetPlan::kind);
    }
};

TEST_F(PlanWithForetoldSun, TakesTheForecastFromElsewhere) {
    const auto report = plan_with(24, {});
    for (const double kw : roof(report).before_kw) EXPECT_NEAR(kw, -11, 1e-9);
    EXPECT_EQ(report.bases[1].method, "foretold");
    EXPECT_EQ(report.bases[1].note.en, "foretold by roof.foretold");
    EXPECT_FALSE(report.bases[1].issued_at.has_value());
}

TEST_F(PlanWithForetoldSun, PredictsTheSlotsThatItDoesNotReach) {
    const auto report = plan_with(10, {});
    EXPECT_NEAR(roof(report).before_kw[39], -11, 1e-9);
    EXPECT_NEAR(roof(report).before_kw[40], -40, 1e-6);  // ten o'clock, as on all days before
    EXPECT_NE(report.bases[1].method, "foretold");
    EXPECT_THAT(report.bases[1].note.en, HasSubstr("40 of 96 slots foretold by roof.foretold"));
}

TEST_F(PlanWithForetoldSun, KnowsBetterWhatHappened) {
    const auto last = parse_day("2026-04-12").value();
    const auto report = plan_with(24, {.from = last, .foresight = Foresight::perfect});
    EXPECT_NEAR(roof(report).before_kw[40], -40, 1e-9);
}

TEST_F(PlanOfComingDays, PlansAgainstScenariosOfTheLoad) {
    store(1);
    const auto report = plan({.scenarios = 6});
    EXPECT_EQ(report.scenarios, 6);
    EXPECT_EQ(report.plan.outcome, plan::Outcome::optimal);
}

TEST_F(PlanOfComingDays, WhatIsKnownHasNoScenarios) {
    store(1);
    auto session = open();
    NoProgress progress;
    const auto refused = plan_days(
        session, {.from = parse_day("2026-04-12").value(), .foresight = Foresight::perfect, .scenarios = 5}, progress);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::invalid_input);
    EXPECT_THAT(refused.error().hint, HasSubstr("--perfect"));
}

}  // namespace
}  // namespace loadstar::service
