#include "tariff/blocks.hpp"

#include <gtest/gtest.h>

#include "support/bill_of_load.hpp"
#include "tariff/cost.hpp"

namespace loadstar::tariff {
namespace {

using test_support::bills_of;
using test_support::decimal;
using test_support::line_amount;
using test_support::load_kw;
using test_support::local_days;

Contract in_tiers(EnergyTiers tiers) {
    Contract contract;
    contract.id = "c";
    contract.energy = {{.line = "energy", .source = PriceSource::tiers, .tiers = std::move(tiers)}};
    return contract;
}

/// 100 kW through January and February 2026: 74,400 and 67,200 kWh.
const auto two_months = [] { return local_days("2026-01-01", "2026-03-01", hours(1)); };
Series flat(const CompileInput& input, double kw = 100) {
    return load_kw(input.axis, [kw](int) { return kw; });
}

TEST(Blocks, TheTiersOfABillingPeriodStartAnewWithEach) {
    const auto input = two_months();
    const auto contract = in_tiers({.steps = {{0, decimal("0.10")}, {50'000, decimal("0.08")}}});
    const auto bills = bills_of(contract, input, {.imported = flat(input)});
    EXPECT_EQ(bills[0].total, decimal("6952"));  // 50,000 x 0.10 + 24,400 x 0.08
    EXPECT_EQ(bills[1].total, decimal("6376"));
    EXPECT_EQ(*bills[0].lines.front().quantity, Decimal(74'400));
}

TEST(Blocks, TheTiersOfADayStartAnewWithEachLocalDay) {
    const auto input = local_days("2026-03-01", "2026-04-01", hours(1), "Europe/Berlin");
    const auto contract = in_tiers({.steps = {{0, 1}, {2350, 2}}, .per = TierBasis::day});
    // 30 days of 24 hours and one of 23: 2,400 kWh and 2,300 kWh
    EXPECT_EQ(bills_of(contract, input, {.imported = flat(input)}).front().total, Decimal(30 * 2450 + 2300));
}

TEST(Blocks, TheTiersOfAYearGoOnFromPeriodToPeriod) {
    auto input = two_months();
    const auto contract = in_tiers({.steps = {{0, 3}, {100'000, 1}}, .per = TierBasis::year});
    auto bills = bills_of(contract, input, {.imported = flat(input)});
    EXPECT_EQ(bills[0].total, Decimal(74'400 * 3));
    EXPECT_EQ(bills[1].total, Decimal(25'600 * 3 + 41'600));
    input.incurred.counted_quantity["energy"] = 90'000;  // a year that started earlier
    bills = bills_of(contract, input, {.imported = flat(input)});
    EXPECT_EQ(bills[0].total, Decimal(10'000 * 3 + 64'400));
}

TEST(Blocks, HoursOfUseFollowTheBilledDemandOfTheirPeriod) {
    const auto input = two_months();
    auto contract = in_tiers(
        {.steps = {{0, decimal("0.2")}, {300, decimal("0.1")}}, .per = TierBasis::demand, .demand_line = "demand"});
    contract.demands = {{.rate = 0, .interval = hours(1), .minimum_kw = 150}};
    const auto bills = bills_of(contract, input, {.imported = flat(input)});
    EXPECT_EQ(line_amount(bills[0], "energy"), decimal("11940"));  // 45,000 x 0.2 + 29,400 x 0.1
}

TEST(Blocks, APriceForTheWholeQuantityIsThatOfTheTierReached) {
    const auto input = two_months();
    const auto contract = in_tiers({.steps = {{0, decimal("0.10")}, {70'000, decimal("0.05")}}, .whole = true});
    const auto bills = bills_of(contract, input, {.imported = flat(input)});
    EXPECT_EQ(bills[0].total, Decimal(3720));
    EXPECT_EQ(bills[1].total, Decimal(6720));
}

TEST(Blocks, AnAgreedQuantityChoosesTheTierOfALevy) {
    const auto input = two_months();
    const auto contract = in_tiers(
        {.steps = {{0, decimal("0.02")}, {10'000'000, decimal("0.01")}}, .per = TierBasis::year, .agreed = 12'000'000});
    EXPECT_EQ(bills_of(contract, input, {.imported = flat(input)})[0].total, Decimal(744));
}

TEST(Blocks, TiersOfOneBandCountItsEnergyOnly) {
    const auto input = two_months();
    auto contract = in_tiers({.steps = {{0, 1}, {5000, 2}}});
    contract.bands.rules = {{.band = "peak", .windows = {{.from_minute = 8 * 60, .to_minute = 10 * 60}}}};
    contract.bands.otherwise = "flat";
    contract.energy.front().window.bands = {"peak"};
    contract.energy.push_back({.line = "rest", .price = 3, .window = {.bands = {"flat"}}});
    const auto bill = bills_of(contract, input, {.imported = flat(input)}).front();
    EXPECT_EQ(line_amount(bill, "energy"), Decimal(5000 + 1200 * 2));  // 31 days x 200 kWh
    EXPECT_EQ(line_amount(bill, "rest"), Decimal((74'400 - 6200) * 3));
}

TEST(Blocks, SeveralSuppliersShareTheEnergy) {
    const auto input = two_months();
    auto contract = in_tiers({.steps = {{0, 2}, {20'000, 1}}});
    contract.energy.front().share_percent = 40;
    contract.energy.push_back({.line = "other", .price = 1, .share_percent = 60});
    const auto bill = bills_of(contract, input, {.imported = flat(input)}).front();
    EXPECT_EQ(line_amount(bill, "energy"), Decimal(20'000 * 2 + 9760));
    EXPECT_EQ(line_amount(bill, "other"), Decimal(44'640));
}

TEST(Blocks, HoursOfUseOfALineThatMeasuresNoDemandAreAnError) {
    auto contract = in_tiers({.steps = {{0, 2}}, .per = TierBasis::demand, .demand_line = "demand"});
    const auto terms = compile(contract, two_months());
    ASSERT_FALSE(terms);
    EXPECT_EQ(terms.error().code, ErrorCode::invalid_input);
    EXPECT_EQ(terms.error().message, "line energy counts hours of use of demand, which measures no demand in 2026-01");
}

TEST(Blocks, PlanTermsCostWhatTheBillSaysForEveryKindOfTier) {
    const auto input = two_months();
    for (const auto per : {TierBasis::period, TierBasis::day, TierBasis::year, TierBasis::demand}) {
        EnergyTiers tiers{.steps = {{0, decimal("0.2")}, {260, decimal("0.1")}}, .per = per, .demand_line = "demand"};
        auto contract = in_tiers(tiers);
        contract.demands = {{.rate = 5, .interval = hours(1)}};
        contract.taxes = {{.line = "vat", .percent = 19}};
        contract.amount_digits = 6;
        const auto terms = compile(contract, input).value();
        Decimal billed;
        const auto bills = bill(terms, {.imported = flat(input)}).value();
        for (const auto& one : bills) billed += one.total;
        double planned = 0;
        const std::vector<double> kw(static_cast<std::size_t>(input.axis.slots), 100);
        for (const auto& line : line_costs(plan_terms(terms, {}), kw)) planned += line.amount;
        EXPECT_NEAR(planned, billed.to_double(), 1e-3);
    }
}

}  // namespace
}  // namespace loadstar::tariff
