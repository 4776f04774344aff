#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "advise/topics.hpp"
#include "support/advice_evidence.hpp"

namespace loadstar::advise {
namespace {

using test_support::billed_again;
using test_support::MadeUpEvidence;
using testing::Contains;
using testing::Field;
using testing::HasSubstr;

/// 100 kW, 200 kW from 10:00 to 11:00 on the tenth of each month, and 150 kW from 14:00 to 15:00 every day.
double spiky(const CivilTime& at) {
    if (at.day == 10 && at.hour == 10) return 200;
    return at.hour == 14 ? 150 : 100;
}

Contract by_actual_demand() {
    auto contract = test_support::flat_contract(1);
    contract.demands = {{.mode = DemandMode::actual, .rate = 40}};
    return contract;
}

Finding examined(MadeUpEvidence& evidence) {
    NoProgress progress;
    return examine_coincident_peaks(*evidence, progress).value();
}

// By hand: the hour at 200 kW falls to the next level, 150 kW: 50 kW x 40 x 12 = 24,000 a year, energy unchanged.
TEST(CoincidentPeaks, AnHourAMonthCutToTheLevelOfTheRestSavesItsDemand) {
    MadeUpEvidence evidence({.contract = by_actual_demand(), .load = spiky});
    const auto finding = examined(evidence);
    ASSERT_EQ(finding.verdict, Verdict::advised);
    const auto& advice = finding.advice.front();
    EXPECT_NEAR(advice.saving.cost->value(), 24000, 0.01);
    EXPECT_NEAR(advice.saving.energy->value(), 0, 1e-6);
    EXPECT_NEAR(billed_again(*evidence, advice), advice.saving.cost->value(), 0.01);
    EXPECT_EQ(advice.confidence, Confidence::low);  // nothing is measured behind the meter
    EXPECT_THAT(advice.evidence.front().en, HasSubstr("2025-01-10 10:00: 200.0 kW, 50.0 kW above"));
}

TEST(CoincidentPeaks, EquipmentThatRoseTogetherIsNamed) {
    MadeUpEvidence evidence({.contract = by_actual_demand(), .load = spiky});
    const auto half = [](const CivilTime& at) { return (spiky(at) - 100) / 2; };
    evidence->meters = {{.id = "oven", .name = "Chiller", .power = evidence.power(half)},
                        {.id = "press", .name = "Press", .power = evidence.power(half)},
                        {.id = "light", .name = "Light", .power = evidence.power([](const auto&) { return 100.0; })}};
    const auto finding = examined(evidence);
    ASSERT_EQ(finding.verdict, Verdict::advised);
    const auto& advice = finding.advice.front();
    EXPECT_EQ(advice.confidence, Confidence::medium);
    EXPECT_THAT(advice.evidence.front().en, HasSubstr("Chiller +50 kW, Press +50 kW"));
    EXPECT_THAT(advice.evidence.front().zh, HasSubstr("冷水机组 +50 kW、Press +50 kW"));
    EXPECT_THAT(advice.evidence, Contains(Field(&Text::en, HasSubstr("at least two loads rose together"))));
    EXPECT_THAT(advice.evidence, Not(Contains(Field(&Text::en, HasSubstr("Light")))));
}

TEST(CoincidentPeaks, AFlatLoadIsFine) {
    MadeUpEvidence evidence({.contract = by_actual_demand(), .months = 2});
    EXPECT_EQ(examined(evidence).verdict, Verdict::fine);
}

// Below 105 % of the contract a lower peak saves nothing, and nothing is advised.
TEST(CoincidentPeaks, PeaksInsideTheContractAreFine) {
    auto contract = test_support::flat_contract(1);
    contract.demands = {{.mode = DemandMode::contract, .rate = 40, .contract_kw = 300}};
    MadeUpEvidence evidence({.contract = contract, .months = 2, .load = spiky});
    EXPECT_EQ(examined(evidence).verdict, Verdict::fine);
}

}  // namespace
}  // namespace loadstar::advise
