#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "advise/topics.hpp"
#include "support/advice_evidence.hpp"

namespace loadstar::advise {
namespace {

using test_support::AdvicePlant;
using test_support::billed_again;
using test_support::MadeUpEvidence;
using testing::HasSubstr;

/// 100 kW always, and one quarter-hour of a given power at 10:00 on the tenth of each month.
test_support::LoadShape with_peaks(std::vector<double> monthly_kw) {
    return [peaks = std::move(monthly_kw)](const CivilTime& at) {
        const bool peak = at.day == 10 && at.hour == 10 && at.minute == 0;
        return peak ? peaks.at(at.month - 1) : 100.0;
    };
}

Contract contracted(int kw) {
    auto contract = test_support::flat_contract(1);
    contract.demands = {{.mode = DemandMode::contract, .rate = 40, .contract_kw = kw}};
    return contract;
}

Finding examined(MadeUpEvidence& evidence) {
    NoProgress progress;
    return examine_contract_demand(*evidence, progress).value();
}

// By hand: maxima 420, 525 and 630 kW, 40 per kW. With 500 kW: 20,000 + 20,000 + (20,000 + 105 x 80 = 28,400), 68,400.
// Below 400 kW every month is surcharged; candidates are 400, 500 and 600 kW:
// 400: 16,000 + (16,000 + 105 x 80) + (16,000 + 210 x 80) = 73,200; 600: 72,000. So 500 is best.
TEST(ContractDemand, TheBestOfThreeMonthsIsFoundToBeRight) {
    MadeUpEvidence evidence({.contract = contracted(500), .months = 3, .load = with_peaks({420, 525, 630})});
    const auto finding = examined(evidence);
    EXPECT_EQ(finding.verdict, Verdict::fine);
    EXPECT_THAT(finding.remark.en, HasSubstr("a contracted demand of 500 kW is right"));
}

// By hand: with 800 kW 3 x 32,000 = 96,000, with 500 kW 68,400: 27,600 in three months, 110,400 a year.
TEST(ContractDemand, TooHighAContractIsLoweredToTheOptimum) {
    MadeUpEvidence evidence({.contract = contracted(800), .months = 3, .load = with_peaks({420, 525, 630})});
    const auto finding = examined(evidence);
    ASSERT_EQ(finding.verdict, Verdict::advised);
    const auto& advice = finding.advice.front();
    EXPECT_EQ(advice.title.en, "Contract 500 kW instead of 800 kW");
    EXPECT_EQ(advice.title.zh, "核定需量由 800 kW 调整为 500 kW");
    EXPECT_NEAR(advice.saving.cost->value(), 110400, 0.01);
    EXPECT_NEAR(advice.saving.energy->value(), 0, 1e-9);
    EXPECT_NEAR(billed_again(*evidence, advice), advice.saving.cost->value(), 0.01);
    EXPECT_THAT(advice.text.en, HasSubstr("too high"));
}

// By hand: with 300 kW 12,000 x 3 + 80 x (105 + 210 + 315) = 86,400; with 500 kW 68,400: 18,000, 72,000 a year.
TEST(ContractDemand, TooLowAContractIsRaised) {
    MadeUpEvidence evidence({.contract = contracted(300), .months = 3, .load = with_peaks({420, 525, 630})});
    const auto finding = examined(evidence);
    ASSERT_EQ(finding.verdict, Verdict::advised);
    const auto& advice = finding.advice.front();
    EXPECT_NEAR(advice.saving.cost->value(), 72000, 0.01);
    EXPECT_THAT(advice.text.en, HasSubstr("too low: the maximum demand passed the free 315 kW in 3 of 3 months"));
    EXPECT_THAT(advice.evidence.front().en, HasSubstr("2025-02: maximum demand 525.00 kW; the bill falls from"));
}

// By hand: transformers of 2,000 kVA allow 800 kW at least, so nothing below can be advised.
TEST(ContractDemand, TheFloorOfTheCapacityIsKept) {
    auto contract = contracted(1000);
    contract.demands.front().capacity_kva = 2000;
    MadeUpEvidence evidence({.contract = contract, .months = 3, .load = with_peaks({420, 525, 630})});
    const auto finding = examined(evidence);
    ASSERT_EQ(finding.verdict, Verdict::advised);
    EXPECT_EQ(finding.advice.front().title.en, "Contract 800 kW instead of 1000 kW");
}

// By hand: by actual demand 40 x (420 + 525 + 630) = 63,000 instead of 68,400; by 1,000 kVA at 20 60,000.
TEST(ContractDemand, OfferedModesAreCompared) {
    auto contract = contracted(500);
    contract.demands.front().choices = {DemandMode::actual};
    MadeUpEvidence by_actual({.contract = contract, .months = 3, .load = with_peaks({420, 525, 630})});
    const auto first = examined(by_actual);
    ASSERT_EQ(first.verdict, Verdict::advised);
    EXPECT_EQ(first.advice.front().title.en,
              "Have demand billed by the actual maximum demand instead of a contracted demand of 500 kW");
    EXPECT_NEAR(first.advice.front().saving.cost->value(), 4 * 5400, 0.01);

    contract.demands.front().choices = {DemandMode::actual, DemandMode::capacity};
    contract.demands.front().capacity_kva = 1000;
    contract.demands.front().other_rate = 20;
    MadeUpEvidence by_capacity({.contract = contract, .months = 3, .load = with_peaks({420, 525, 630})});
    const auto second = examined(by_capacity);
    ASSERT_EQ(second.verdict, Verdict::advised);
    EXPECT_NEAR(second.advice.front().saving.cost->value(), 4 * 8400, 0.01);
    EXPECT_NEAR(billed_again(*by_capacity, second.advice.front()), 4 * 8400, 0.01);
}

TEST(ContractDemand, AModeNobodyOffersIsNotAdvised) {
    MadeUpEvidence evidence({.contract = contracted(500), .months = 3, .load = with_peaks({420, 525, 630})});
    EXPECT_EQ(examined(evidence).verdict, Verdict::fine);  // by actual demand it would be cheaper
}

TEST(ContractDemand, WithoutAContractItIsNotExamined) {
    MadeUpEvidence evidence({.contract = contracted(500), .months = 1, .load = with_peaks({420})});
    evidence->billed.reset();
    evidence->not_billed = {.en = "no contract", .zh = "无合同"};
    const auto finding = examined(evidence);
    EXPECT_EQ(finding.verdict, Verdict::not_examined);
    EXPECT_EQ(finding.remark.en, "no contract");
}

TEST(ContractDemand, ThreeMonthsAloneLowerTheConfidence) {
    MadeUpEvidence quarter({.contract = contracted(800), .months = 3, .load = with_peaks({420, 525, 630})});
    EXPECT_EQ(examined(quarter).advice.front().confidence, Confidence::medium);
    MadeUpEvidence month({.contract = contracted(800), .months = 1, .load = with_peaks({420})});
    const auto finding = examined(month);
    EXPECT_EQ(finding.advice.front().confidence, Confidence::low);
    EXPECT_THAT(finding.advice.front().confidence_reason.en, HasSubstr("1 billing period measured"));
}

}  // namespace
}  // namespace loadstar::advise
