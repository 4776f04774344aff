#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "advise/topics.hpp"
#include "support/advice_evidence.hpp"

namespace loadstar::advise {
namespace {

using test_support::billed_again;
using test_support::MadeUpEvidence;
using testing::HasSubstr;

bool weekend(const CivilTime& at) { return weekday_from_monday(at.date()) >= 5; }

/// 400 kW from 08:00 to 18:00 on working days, else 20 kW; but 50 kW in the nights and weekends of even days.
double forgotten(const CivilTime& at) {
    if (!weekend(at) && at.hour >= 8 && at.hour < 18) return 400;
    return at.day % 2 == 0 ? 50 : 20;
}

Finding examined(MadeUpEvidence& evidence) {
    NoProgress progress;
    return examine_base_load(*evidence, progress).value();
}

// By hand, January to March 2025: even days have 15 + 14 + 15 = 44. Working ones of them stand still for 14 h, the
// others for 24 h: 30 kW too much each.
TEST(BaseLoad, HoursAboveTheBestTenthAreTheSaving) {
    int working = 0;
    int resting = 0;
    for (auto day = parse_day("2025-01-01").value(); day < parse_day("2025-04-01").value(); day = add_days(day, 1)) {
        if (static_cast<unsigned>(day.day()) % 2 != 0) continue;
        ++(weekday_from_monday(day) < 5 ? working : resting);
    }
    const double kwh = 30.0 * (14 * working + 24 * resting);
    MadeUpEvidence evidence({.contract = test_support::flat_contract(2), .months = 3, .load = forgotten});
    const auto finding = examined(evidence);
    ASSERT_EQ(finding.verdict, Verdict::advised);
    const auto& advice = finding.advice.front();
    EXPECT_NEAR(advice.saving.energy->value(), 4 * kwh, 1e-3);
    EXPECT_NEAR(advice.saving.cost->value(), 4 * 2 * kwh, 0.1);
    EXPECT_NEAR(advice.saving.carbon->value(), 4 * 0.5 * kwh, 1e-3);
    EXPECT_NEAR(billed_again(*evidence, advice), advice.saving.cost->value(), 0.01);
    EXPECT_THAT(advice.evidence.front().en, HasSubstr("lowest tenth of the weeks around it 20.0 to 20.0 kW"));
}

TEST(BaseLoad, NightsWithProductionAreLeftOut) {
    const auto load = [](const CivilTime& at) {
        if (!weekend(at) && at.hour >= 8 && at.hour < 18) return 400.0;
        return at.day == 14 ? 300.0 : 20.0;
    };
    MadeUpEvidence evidence({.contract = test_support::flat_contract(2), .months = 3, .load = load});
    EXPECT_EQ(examined(evidence).verdict, Verdict::fine);
}

TEST(BaseLoad, APlantThatNeverStandsStillIsNotExamined) {
    MadeUpEvidence evidence({.contract = test_support::flat_contract(2), .months = 1});
    EXPECT_EQ(examined(evidence).verdict, Verdict::not_examined);
}

TEST(BaseLoad, WithoutAContractEnergyIsToldAndNoMoney) {
    MadeUpEvidence evidence({.contract = test_support::flat_contract(2), .months = 3, .load = forgotten});
    evidence->billed.reset();
    evidence->emission.reset();
    const auto finding = examined(evidence);
    ASSERT_EQ(finding.verdict, Verdict::advised);
    EXPECT_GT(finding.advice.front().saving.energy->value(), 0);
    EXPECT_FALSE(finding.advice.front().saving.cost);
    EXPECT_FALSE(finding.advice.front().saving.carbon);
}

}  // namespace
}  // namespace loadstar::advise
