#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "advise/topics.hpp"
#include "support/advice_evidence.hpp"

namespace loadstar::advise {
namespace {

using test_support::billed_again;
using test_support::MadeUpEvidence;
using testing::HasSubstr;

/// 0.2 from 00:00 to 12:00, 1.2 from 12:00 on.
Contract night_and_day() {
    auto contract = test_support::flat_contract(1);
    contract.bands.rules = {{.band = "cheap", .windows = {{0, 12 * 60}}}};
    contract.bands.otherwise = "dear";
    contract.energy = {{.line = "energy",
                        .name = "Energy",
                        .source = PriceSource::band_prices,
                        .band_prices = {{"cheap", Decimal(2) / 10}, {"dear", Decimal(12) / 10}}}};
    return contract;
}

Store lossless(std::optional<double> cost) {
    Store battery{.id = "studied",
                  .max_charge = Power(100),
                  .max_discharge = Power(100),
                  .capacity = Energy(100),
                  .exists = false};
    if (cost) battery.capital_cost = Money(*cost);
    return battery;
}

Finding examined(MadeUpEvidence& evidence) {
    evidence.plant().grids = {{.id = "main", .carrier = "electricity"}};
    NoProgress progress;
    return examine_battery(*evidence, progress).value();
}

// By hand, January: 100 kWh bought at 0.2 and used at 1.2 every day, but for the half that must be left at the end as
// it was found: 31 x 100 - 50 = 3,050; 70 % of it x 12 = 25,620 a year. 50,000 are back after 1.95 years; ten years at
// 8 % are worth 6.7101 x 25,620 - 50,000 = 121,912.
TEST(BatteryAdvice, ArbitrageBetweenBandsPaysForTheBattery) {
    MadeUpEvidence evidence({.contract = night_and_day(), .months = 1});
    evidence->studied_batteries = {lossless(50000)};
    const auto finding = examined(evidence);
    ASSERT_EQ(finding.verdict, Verdict::advised) << finding.remark.en;
    const auto& advice = finding.advice.front();
    EXPECT_NEAR(advice.saving.cost->value(), 25620, 0.01);
    EXPECT_NEAR(billed_again(*evidence, advice), advice.saving.cost->value(), 0.01);
    ASSERT_TRUE(advice.investment);
    EXPECT_NEAR(*advice.investment->payback_years, 50000.0 / 25620, 1e-3);
    EXPECT_NEAR(advice.investment->net_present_value->value(), 121912, 2);
}

// By hand: contracted demand is no matter here; 300 kW for two hours of the month at 40 per kW of actual demand are cut
// by 50 kW a full battery can hold for these hours: 2,000 a month, 70 % x 12 = 16,800 a year.
TEST(BatteryAdvice, ShavingTheDemandIsPlannedUnderTheContract) {
    auto contract = test_support::flat_contract(1);
    contract.demands = {{.mode = DemandMode::actual, .rate = 40}};
    const auto load = [](const CivilTime& at) { return at.day == 15 && at.hour >= 10 && at.hour < 12 ? 300.0 : 100.0; };
    MadeUpEvidence evidence({.contract = contract, .months = 1, .load = load});
    evidence->studied_batteries = {lossless(20000)};
    const auto finding = examined(evidence);
    ASSERT_EQ(finding.verdict, Verdict::advised) << finding.remark.en;
    EXPECT_NEAR(finding.advice.front().saving.cost->value(), 16800, 0.01);
}

TEST(BatteryAdvice, TooDearABatteryIsNotWorthItAndTheLimitIsTold) {
    MadeUpEvidence evidence({.contract = night_and_day(), .months = 1});
    evidence->studied_batteries = {lossless(500000)};
    const auto finding = examined(evidence);
    EXPECT_EQ(finding.verdict, Verdict::fine);
    // By hand: 6.7101 x 25,620 / 100 kWh.
    EXPECT_THAT(finding.remark.en, HasSubstr("is not worth it"));
    EXPECT_THAT(finding.remark.en, HasSubstr("less than 1,719 CNY per kWh"));
}

TEST(BatteryAdvice, WithoutAStudiedBatteryAStandardSizeIsToldWithItsBreakEven) {
    MadeUpEvidence evidence({.contract = night_and_day(), .months = 1});
    const auto finding = examined(evidence);
    EXPECT_EQ(finding.verdict, Verdict::fine);
    EXPECT_THAT(finding.remark.en, HasSubstr("A battery of 20 kW / 40 kWh would save about"));
}

TEST(BatteryAdvice, APlantThatHasOneIsNotExaminedForAnother) {
    MadeUpEvidence evidence({.contract = night_and_day(), .months = 1});
    auto built = lossless({});
    built.exists = true;
    evidence.plant().batteries = {built};
    EXPECT_EQ(examined(evidence).verdict, Verdict::not_examined);
}

}  // namespace
}  // namespace loadstar::advise
