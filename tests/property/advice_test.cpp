// What must hold for every contract and every load: advice saves what billing again says, says so in both languages,
// and scales with the prices.
#include <random>
#include <set>

#include <gtest/gtest.h>

#include "advise/examine.hpp"
#include "support/advice_evidence.hpp"

namespace loadstar::advise {
namespace {

using test_support::AdvicePlant;
using test_support::billed_again;
using test_support::MadeUpEvidence;

constexpr unsigned seeds = 4;

/// Draws a plant of two months: bands, contracted demand, power factor, a noisy shift with forgotten nights.
class Draw {
  public:
    explicit Draw(unsigned seed) : seed_(seed), random_(seed) {}

    int integer(int from, int to) { return std::uniform_int_distribution(from, to)(random_); }

    Contract contract() {
        auto contract = test_support::flat_contract(Decimal(integer(10, 40)) / 100);
        contract.bands.rules = {{.band = "peak", .windows = {{9 * 60, 12 * 60}}},
                                {.band = "valley", .windows = {{22 * 60, 7 * 60}}}};
        contract.bands.otherwise = "flat";
        contract.bands.factors = {{"peak", Decimal(17) / 10}, {"flat", 1}, {"valley", Decimal(4) / 10}};
        contract.energy.front().source = PriceSource::floating;
        contract.demands = {{.mode = DemandMode::contract, .rate = integer(20, 60), .contract_kw = integer(300, 900)}};
        if (integer(0, 1) == 1) contract.demands.front().choices = {DemandMode::actual};
        contract.power_factor = standard_power_factor_rule(Decimal(9) / 10);
        contract.taxes = {{.line = "vat", .percent = integer(0, 19)}};
        return contract;
    }

    /// The same value for the same instant, whoever asks.
    double noise(const CivilTime& at, double most) const {
        const auto days = static_cast<unsigned>(days_between(parse_day("2025-01-01").value(), at.date()));
        std::mt19937 random(seed_ * 100003U + days * 1009U + static_cast<unsigned>(at.minute_of_day()));
        return std::uniform_real_distribution(0.0, most)(random);
    }

    AdvicePlant plant() {
        const double base = integer(20, 80);
        const double busy = integer(300, 600);
        const auto load = [this, base, busy](const CivilTime& at) {
            const bool works = weekday_from_monday(at.date()) < 5 && at.hour >= 8 && at.hour < 18;
            const double forgotten = at.day % 3 == 0 ? 15 : 0;
            return works ? busy + noise(at, 200) : base + forgotten + noise(at, 5);
        };
        return {.contract = contract(),
                .months = 2,
                .load = load,
                .lagging_kvar = [load](const CivilTime& at) { return 0.7 * load(at); },
                .leading_kvar = [](const CivilTime& at) { return at.hour == 12 ? 30.0 : 0.0; }};
    }

  private:
    unsigned seed_;
    std::mt19937 random_;
};

class AdviceProperty : public testing::TestWithParam<unsigned> {
  protected:
    void SetUp() override {
        evidence->studied_batteries = {{.id = "studied",
                                        .max_charge = Power(50),
                                        .max_discharge = Power(50),
                                        .capacity = Energy(100),
                                        .charge_efficiency = 0.95,
                                        .discharge_efficiency = 0.95,
                                        .capital_cost = Money(1000),
                                        .exists = false}};
        evidence.plant().grids = {{.id = "main", .carrier = "electricity"}};
    }
    Draw draw{GetParam()};
    MadeUpEvidence evidence{draw.plant()};
    NoProgress progress;
};
INSTANTIATE_TEST_SUITE_P(Seeds, AdviceProperty, testing::Range(0U, seeds));

TEST_P(AdviceProperty, BillingAgainWithTheAdviceFollowedGivesTheSavingTold) {
    const auto examination = examine(*evidence, progress).value();
    std::set<std::string> ids;
    for (const auto* advice : examination.ranked()) {
        EXPECT_TRUE(ids.insert(advice->id).second) << advice->id;
        EXPECT_GT(advice->saving.cost->value(), 0) << advice->id;
        EXPECT_NEAR(billed_again(*evidence, *advice), advice->saving.cost->value(), 0.01) << advice->id;
        for (const auto* text : {&advice->title, &advice->text, &advice->confidence_reason, &advice->how_computed}) {
            EXPECT_FALSE(text->en.empty()) << advice->id;
            EXPECT_FALSE(text->zh.empty()) << advice->id;
        }
        EXPECT_FALSE(advice->evidence.empty()) << advice->id;
    }
    EXPECT_FALSE(ids.empty());
    EXPECT_EQ(examination.findings.size(), 7U);
    for (const auto& finding : examination.findings) {
        EXPECT_EQ(finding.verdict == Verdict::advised, !finding.advice.empty()) << finding.topic;
        EXPECT_TRUE(finding.verdict == Verdict::advised || !finding.remark.en.empty()) << finding.topic;
        EXPECT_TRUE(finding.verdict == Verdict::advised || !finding.remark.zh.empty()) << finding.topic;
    }
    if (examination.together) {
        EXPECT_GT(examination.together->saving.cost->value(), 0);
    }
}

// Money with ten times the prices is ten times the money; what is advised does not change.
TEST_P(AdviceProperty, TenfoldPricesMakeTenfoldSavings) {
    auto plant = draw.plant();
    MadeUpEvidence cheap(plant);
    plant.contract.energy.front().price = plant.contract.energy.front().price * 10;
    plant.contract.demands.front().rate = plant.contract.demands.front().rate * 10;
    MadeUpEvidence dear(plant);
    for (auto* one : {&dear, &cheap}) one->plant().batteries = {{.id = "built"}};  // so that none is studied
    const auto examined_dear = examine(*dear, progress).value();
    const auto examined_cheap = examine(*cheap, progress).value();
    const auto tenfold = examined_dear.ranked();
    const auto onefold = examined_cheap.ranked();
    ASSERT_EQ(tenfold.size(), onefold.size());
    for (std::size_t i = 0; i < onefold.size(); ++i) {
        EXPECT_EQ(tenfold[i]->id, onefold[i]->id);
        EXPECT_NEAR(tenfold[i]->saving.cost->value(), 10 * onefold[i]->saving.cost->value(), 5);  // lines are rounded
    }
}

}  // namespace
}  // namespace loadstar::advise
