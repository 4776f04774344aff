#include "historian/records.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "historian/database.hpp"
#include "historian/migrations.hpp"
#include "support/temporary_folder.hpp"

namespace loadstar::historian {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr Instant start(hours(24 * 17600));

struct Records : testing::Test {
    TemporaryFolder folder;
    std::filesystem::path path = folder.path() / "loadstar.db";
    Historian historian = Historian::open(path, OpenMode::write, start).value();
};

ForecastRecord forecast(const char* target, int day, const char* method = "ridge") {
    return {.target = target,
            .issued_at = start + hours(24 * day),
            .method = method,
            .axis = {.start = start + hours(24 * (day + 1)), .step = minutes(15), .slots = 96},
            .payload = "{\"day\":" + std::to_string(day) + "}"};
}

PlanRecord plan(const char* origin, int day, double cost) {
    return {.origin = origin,
            .issued_at = start + hours(24 * day),
            .axis = {.start = start + hours(24 * day), .step = minutes(60), .slots = 24},
            .cost = Money(cost),
            .payload = "{}"};
}

LocalDay day(unsigned number) {
    return LocalDay(std::chrono::year(2018), std::chrono::month(3), std::chrono::day(number));
}

TEST_F(Records, ForecastsComeBackByTargetAndMomentOfIssue) {
    ASSERT_TRUE(
        put_forecasts(historian, {forecast("load", 2), forecast("load", 0), forecast("load", 1), forecast("gas", 1)}));
    EXPECT_THAT(forecasts(historian, "load", start, start + hours(48)).value(),
                ElementsAre(forecast("load", 0), forecast("load", 1)));
    EXPECT_EQ(newest_forecast(historian, "load").value(), forecast("load", 2));
    EXPECT_EQ(newest_forecast(historian, "water").value(), std::nullopt);
    EXPECT_THAT(newest_forecasts(historian).value(), ElementsAre(forecast("gas", 1), forecast("load", 2)));
}

TEST_F(Records, AForecastIssuedTwiceByOneMethodIsKeptOnce) {
    auto again = forecast("load", 0);
    again.payload = "{\"better\":true}";
    ASSERT_TRUE(put_forecasts(historian, {forecast("load", 0)}));
    ASSERT_TRUE(put_forecasts(historian, {again, forecast("load", 0, "naive")}));
    EXPECT_THAT(forecasts(historian, "load", Instant::min(), Instant::max()).value(),
                ElementsAre(forecast("load", 0, "naive"), again));
}

TEST_F(Records, OneForecastThatCannotBeStoredLeavesNoneOfThem) {
    ASSERT_TRUE(
        historian.database().run("CREATE TRIGGER full BEFORE INSERT ON forecasts WHEN NEW.target = 'gas' BEGIN "
                                 "SELECT raise(ABORT, 'no'); END"));
    EXPECT_FALSE(put_forecasts(historian, {forecast("load", 0), forecast("gas", 0)}));
    EXPECT_THAT(newest_forecasts(historian).value(), IsEmpty());
}

TEST_F(Records, PlansComeBackAndTheLastIssuedIsTheNewest) {
    ASSERT_TRUE(put_plans(historian, {plan("main", 1, 20), plan("main", 0, 10), plan("hall", 0, 5)}));
    ASSERT_TRUE(put_plans(historian, {plan("main", 1, 19)}));
    EXPECT_THAT(plans(historian, "main", start, start + hours(25)).value(),
                ElementsAre(plan("main", 0, 10), plan("main", 1, 19)));
    EXPECT_EQ(newest_plan(historian, "main").value(), plan("main", 1, 19));
    EXPECT_EQ(newest_plan(historian, "cellar").value(), std::nullopt);
    EXPECT_THAT(newest_plans(historian).value(), ElementsAre(plan("hall", 0, 5), plan("main", 1, 19)));
}

TEST_F(Records, WhatWasMeasuredMayComeAfterWhatWasPromised) {
    const OutcomeRecord promised{.origin = "replay", .day = day(6), .promised = Money(100), .payload = "{}"};
    ASSERT_TRUE(put_outcomes(historian, {promised}));
    EXPECT_THAT(outcomes(historian, "replay", day(1), day(31)).value(), ElementsAre(promised));
    auto measured = promised;
    measured.measured = Money(104);
    measured.without_plan = Money(120);
    ASSERT_TRUE(put_outcomes(historian, {measured}));
    ASSERT_TRUE(put_outcomes(historian, {promised}));
    EXPECT_THAT(outcomes(historian, "replay", day(6), day(6)).value(), ElementsAre(measured));
    EXPECT_THAT(outcomes(historian, "replay", day(7), day(31)).value(), IsEmpty());
}

TEST_F(Records, TheTotalsOfTheLedgerCompareOnlyDaysThatAreMeasured) {
    EXPECT_THAT(outcome_totals(historian).value(), IsEmpty());
    ASSERT_TRUE(put_outcomes(historian, {{.origin = "replay",
                                          .day = day(6),
                                          .promised = Money(10),
                                          .measured = Money(11),
                                          .without_plan = Money(15),
                                          .payload = "{}"},
                                         {.origin = "replay", .day = day(8), .promised = Money(20), .payload = "{}"}}));
    EXPECT_THAT(outcome_totals(historian).value(), ElementsAre(OutcomeTotals{.origin = "replay",
                                                                             .first = day(6),
                                                                             .last = day(8),
                                                                             .days = 2,
                                                                             .measured_days = 1,
                                                                             .promised = Money(10),
                                                                             .measured = Money(11),
                                                                             .without_plan = Money(15)}));
}

TEST_F(Records, NewAdviceTakesThePlaceOfTheOld) {
    const AdviceRecord shift{.id = "shift",
                             .issued_at = start,
                             .kind = "shift",
                             .saving_per_year = Money(10),
                             .energy_saving_per_year = Energy(0),
                             .carbon_saving_per_year = Carbon(1),
                             .payload = "{}"};
    auto base = shift;
    base.id = "base";
    base.saving_per_year = Money(50);
    const FindingRecord old{.kind = "advise", .origin = "gas", .issued_at = start, .payload = "{}"};
    const FindingRecord newer{.kind = "advise", .origin = "main", .issued_at = start, .payload = "[]"};
    ASSERT_TRUE(replace_advice(historian, {old, {shift, base}}));
    EXPECT_THAT(advice(historian).value(), ElementsAre(base, shift));
    EXPECT_EQ(replace_advice(historian, {newer, {shift, shift}}).error().code, ErrorCode::already_exists);
    EXPECT_THAT(advice(historian).value(), SizeIs(2));
    EXPECT_THAT(findings(historian, "advise").value(), ElementsAre(old));
    ASSERT_TRUE(replace_advice(historian, {newer, {shift}}));
    EXPECT_THAT(advice(historian).value(), ElementsAre(shift));
    EXPECT_THAT(findings(historian, "advise").value(), ElementsAre(newer));
}

TEST_F(Records, OneFindingIsKeptPerKindAndOrigin) {
    const FindingRecord first{.kind = "backtest", .origin = "load", .issued_at = start, .payload = "{}"};
    auto again = first;
    again.issued_at = start + hours(1);
    auto other = first;
    other.origin = "gas";
    ASSERT_TRUE(put_findings(historian, {first, other}));
    ASSERT_TRUE(put_findings(historian, {again}));
    EXPECT_THAT(findings(historian, "backtest").value(), ElementsAre(other, again));
    EXPECT_THAT(findings(historian, "replay").value(), SizeIs(0));
}

TEST_F(Records, AHistorianOpenedForReadingTakesNothing) {
    auto reader = Historian::open(path, OpenMode::read, start).value();
    EXPECT_EQ(put_forecasts(reader, {forecast("load", 0)}).error().code, ErrorCode::permission_denied);
    EXPECT_EQ(put_plans(reader, {plan("main", 0, 1)}).error().code, ErrorCode::permission_denied);
    EXPECT_EQ(put_outcomes(reader, {}).error().code, ErrorCode::permission_denied);
    EXPECT_EQ(put_findings(reader, {}).error().code, ErrorCode::permission_denied);
    EXPECT_EQ(replace_advice(reader, {}).error().code, ErrorCode::permission_denied);
}

TEST(RecordsOfOldHistorians, SurviveTheUpdateToTheNewestVersion) {
    const TemporaryFolder folder;
    const auto path = folder.path() / "loadstar.db";
    {
        auto database = Database::open(path, Access::write).value();
        ASSERT_TRUE(migrate(database, migrations().first(1)));
        ASSERT_TRUE(database.run("INSERT INTO plans VALUES ('main', 1, 0, 900000, 96, 12.5, '{}')"));
    }
    EXPECT_EQ(Historian::open(path, OpenMode::read, start).error().code, ErrorCode::unsupported_version);
    auto historian = Historian::open(path, OpenMode::write, start).value();
    EXPECT_EQ(newest_plan(historian, "main").value()->cost, Money(12.5));
}

}  // namespace
}  // namespace loadstar::historian
