#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "advise/topics.hpp"
#include "support/advice_evidence.hpp"

namespace loadstar::advise {
namespace {

using test_support::billed_again;
using test_support::MadeUpEvidence;
using testing::HasSubstr;

/// 1.0 from 08:00 to 12:00, else 0.5.
Contract two_bands() {
    auto contract = test_support::flat_contract(1);
    contract.bands.rules = {{.band = "peak", .windows = {{8 * 60, 12 * 60}}}};
    contract.bands.otherwise = "flat";
    contract.energy = {{.line = "energy",
                        .name = "Energy",
                        .source = PriceSource::band_prices,
                        .band_prices = {{"peak", 1}, {"flat", Decimal(1) / 2}}}};
    return contract;
}

Finding examined(MadeUpEvidence& evidence) {
    NoProgress progress;
    return examine_load_shift(*evidence, progress).value();
}

double pump_kw(const CivilTime& at) { return at.hour == 10 ? 40 : 0; }

// By hand: the pump takes 40 kWh at 10:00 each day and may run from 08:00 to 20:00: 40 x 0.5 x 31 x 12 = 7,440 a year.
TEST(LoadShift, ADeclaredLoadMovesToTheCheapHoursOfItsWindow) {
    MadeUpEvidence evidence(
        {.contract = two_bands(), .months = 1, .load = [](const CivilTime& at) { return 100 + pump_kw(at); }});
    evidence.plant().shiftable_loads = {{.id = "pump",
                                         .energy_per_day = Energy(40),
                                         .max_power = Power(40),
                                         .window = {.from_minute = 8 * 60, .to_minute = 20 * 60},
                                         .series = "power"}};
    evidence->meters = {{.id = "pump", .name = "Pump", .power = evidence.power(pump_kw)}};
    const auto finding = examined(evidence);
    ASSERT_EQ(finding.verdict, Verdict::advised);
    const auto& advice = finding.advice.front();
    EXPECT_NEAR(advice.saving.cost->value(), 7440, 0.01);
    EXPECT_NEAR(advice.saving.energy->value(), 0, 1e-6);
    EXPECT_NEAR(billed_again(*evidence, advice), advice.saving.cost->value(), 0.01);
    EXPECT_THAT(advice.text.en, HasSubstr("0.500 CNY for each kWh moved"));
}

// Ids of the plant file and of the contract are for the two of them; a sentence calls things as people do.
TEST(LoadShift, SpeaksOfLoadsAndBandsAsPeopleDo) {
    MadeUpEvidence evidence(
        {.contract = two_bands(), .months = 1, .load = [](const CivilTime& at) { return 100 + pump_kw(at); }});
    evidence.plant().meters = {{.id = "ww", .name = "Waste water treatment", .series = "ww.power"}};
    evidence.plant().shiftable_loads = {{.id = "ww",
                                         .energy_per_day = Energy(40),
                                         .max_power = Power(40),
                                         .window = {.from_minute = 8 * 60, .to_minute = 20 * 60},
                                         .series = "ww.power"}};
    const auto advice = examined(evidence).advice.front();
    EXPECT_THAT(advice.text.en, HasSubstr("Moving Waste water treatment to cheaper hours"));
    EXPECT_THAT(advice.text.zh, HasSubstr("将废水处理移到"));
    EXPECT_THAT(advice.evidence.front().en, HasSubstr("flat 0.5"));
    EXPECT_THAT(advice.evidence.front().zh, HasSubstr("平段 0.5"));
}

// The peak of the period stays where it was, though all of the pump would fit into one cheap hour of a flat load.
TEST(LoadShift, NeverRaisesTheMaximumDemand) {
    MadeUpEvidence evidence(
        {.contract = two_bands(), .months = 1, .load = [](const CivilTime& at) { return 100 + pump_kw(at); }});
    evidence.plant().shiftable_loads = {{.id = "pump",
                                         .energy_per_day = Energy(40),
                                         .max_power = Power(400),
                                         .window = {.from_minute = 8 * 60, .to_minute = 20 * 60},
                                         .series = "power"}};
    evidence->meters = {{.id = "pump", .name = "Pump", .power = evidence.power(pump_kw)}};
    const auto advice = examined(evidence).advice.front();
    for (const double kwh : advice.followed->periods.front().metered.imported.values) EXPECT_LE(kwh, 35 + 1e-9);
}

/// Three of four weeks work 100 kW from 08:00 to 16:00, the fourth from 12:00 to 20:00; 300 kW at 13:00 on the first of
/// each month leave room below the maximum demand.
double weekly_kw(const CivilTime& at) {
    if (at.day == 1 && at.hour == 13) return 300;
    const int week = days_between(parse_day("2024-12-30").value(), at.date()) / 7;
    const int start = week % 4 == 3 ? 12 : 8;
    return at.hour >= start && at.hour < start + 8 ? 100 : 0;
}

// By hand: the best tenth of weeks has no dear energy, so all of a typical day's 400 kWh can move, at 0.5 each.
TEST(LoadShift, WithoutDeclaredLoadsThePlantsOwnWeeksShowWhatCanMove) {
    int typical_days = 0;
    for (auto day = parse_day("2025-01-01").value(); day < parse_day("2025-05-01").value(); day = add_days(day, 1))
        typical_days += days_between(parse_day("2024-12-30").value(), day) / 7 % 4 == 3 ? 0 : 1;
    MadeUpEvidence evidence({.contract = two_bands(), .months = 4, .load = weekly_kw});
    const auto finding = examined(evidence);
    ASSERT_EQ(finding.verdict, Verdict::advised);
    const auto& advice = finding.advice.front();
    EXPECT_EQ(advice.confidence, Confidence::low);
    EXPECT_THAT(advice.evidence.at(1).en, HasSubstr("no shiftable load is declared"));
    EXPECT_NEAR(advice.saving.cost->value(), 3 * typical_days * 400 * 0.5, 0.1);
    EXPECT_NEAR(billed_again(*evidence, advice), advice.saving.cost->value(), 0.01);
}

TEST(LoadShift, OnePriceAtAllHoursIsFine) {
    MadeUpEvidence evidence({.contract = test_support::flat_contract(1), .months = 1});
    EXPECT_EQ(examined(evidence).verdict, Verdict::fine);
}

}  // namespace
}  // namespace loadstar::advise
