#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "advise/topics.hpp"
#include "support/advice_evidence.hpp"

namespace loadstar::advise {
namespace {

using test_support::AdvicePlant;
using test_support::billed_again;
using test_support::LoadShape;
using test_support::MadeUpEvidence;
using testing::Contains;
using testing::Field;
using testing::HasSubstr;

LoadShape always(double value) {
    return [value](const CivilTime&) { return value; };
}

Contract adjusted() {
    auto contract = test_support::flat_contract(1);
    contract.power_factor = standard_power_factor_rule(Decimal(9) / 10);
    return contract;
}

/// January of 100 kW with reactive power.
AdvicePlant january(double lagging_kvar, double leading_kvar) {
    return {.contract = adjusted(),
            .months = 1,
            .lagging_kvar = always(lagging_kvar),
            .leading_kvar = always(leading_kvar)};
}

Finding examined(MadeUpEvidence& evidence) {
    NoProgress progress;
    return examine_power_factor(*evidence, progress).value();
}

// By hand: 75 kvar on 100 kW is 0.80, 5 % more; full correction brings the reward of 0.75 %. 95 % of these 5.75 points
// need 0.94, which 40 kvar reach (100 / sqrt(100² + 35²) = 0.9439): 5.6 % of 74,400 x 12 = 49,996.80.
TEST(PowerFactor, TheSmallestStageThatReachesNearlyAllOfTheSavingIsAdvised) {
    MadeUpEvidence evidence(january(75, 0));
    const auto finding = examined(evidence);
    ASSERT_EQ(finding.verdict, Verdict::advised);
    const auto& advice = finding.advice.front();
    EXPECT_EQ(advice.title.en, "Correct the power factor with 40 kvar");
    EXPECT_NEAR(advice.saving.cost->value(), 49996.80, 0.01);
    EXPECT_NEAR(billed_again(*evidence, advice), advice.saving.cost->value(), 0.01);
    EXPECT_THAT(advice.evidence, Contains(Field(&Text::en, HasSubstr("2025-01: power factor 0.80 -> 0.94"))));
}

// By hand: all of it leading, so that switching the capacitors off brings the whole 5.75 %: 51,336 a year.
TEST(PowerFactor, CapacitorsLeftOnAtLightLoadAreToBeSwitchedOff) {
    MadeUpEvidence evidence(january(0, 75));
    const auto finding = examined(evidence);
    ASSERT_EQ(finding.verdict, Verdict::advised);
    const auto& advice = finding.advice.front();
    EXPECT_EQ(advice.title.en, "Switch capacitors off at light load");
    EXPECT_NEAR(advice.saving.cost->value(), 51336, 0.01);
}

TEST(PowerFactor, AGoodOneIsFine) {
    MadeUpEvidence evidence(january(30, 0));  // 0.96: the reward is at its most
    const auto finding = examined(evidence);
    EXPECT_EQ(finding.verdict, Verdict::fine);
    EXPECT_THAT(finding.remark.en, HasSubstr("0.96"));
}

TEST(PowerFactor, WithoutAReactiveMeterItIsNotExamined) {
    MadeUpEvidence evidence({.contract = adjusted(), .months = 1});
    EXPECT_EQ(examined(evidence).verdict, Verdict::not_examined);
}

}  // namespace
}  // namespace loadstar::advise
