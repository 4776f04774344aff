// Lines beside energy and demand: minimum bill, credits, net metering, reactive energy, take-or-pay, hours of use.
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

/// 0.1 per kWh; 100 kW through March 2026 are 74,400 kWh and 7,440.
Contract plain() {
    Contract contract;
    contract.id = "c";
    contract.energy = {{.line = "energy", .price = decimal("0.1")}};
    return contract;
}
CompileInput march() { return local_days("2026-03-01", "2026-04-01", hours(1)); }
Series flat(const CompileInput& input, const char* unit = "kWh", double kw = 100) {
    return load_kw(
        input.axis, [kw](int) { return kw; }, unit);
}

TEST(Minimum, WhatIsMissingToTheMinimumIsALineOfItsOwn) {
    auto contract = plain();
    contract.fixed = {{.line = "metering", .amount = 60}};
    contract.minimum = MinimumBill{.amount = 10'000};
    auto bill = bills_of(contract, march(), {.imported = flat(march())}).front();
    EXPECT_EQ(line_amount(bill, "minimum"), Decimal(2500));
    contract.minimum->basis = {.kind = LineSelection::Kind::listed, .lines = {"energy"}};
    bill = bills_of(contract, march(), {.imported = flat(march())}).front();
    EXPECT_EQ(line_amount(bill, "minimum"), Decimal(2560));
    contract.minimum->amount = 7440;
    EXPECT_EQ(bills_of(contract, march(), {.imported = flat(march())}).front().lines.size(), 2U);
}

TEST(Credits, AreFixedAmountsAndPercentagesBelowZero) {
    auto contract = plain();
    contract.fixed = {{.line = "credit", .amount = -40}};
    contract.taxes = {{.line = "loyalty", .percent = -5}};
    EXPECT_EQ(bills_of(contract, march(), {.imported = flat(march())}).front().total, decimal("7030"));
}

TEST(NetMetering, FeedingInIsSetAgainstDrawingWithinBandAndPeriod) {
    auto contract = plain();
    contract.bands.rules = {{.band = "day", .windows = {{.from_minute = 6 * 60, .to_minute = 18 * 60}}}};
    contract.bands.otherwise = "night";
    contract.energy.push_back({.line = "levy", .price = decimal("0.01")});
    contract.net_metering = NetMetering{.surplus_price = decimal("0.03"),
                                        .basis = {.kind = LineSelection::Kind::all_except, .lines = {"levy"}}};
    const auto input = march();
    const auto load = load_kw(input.axis, [](int slot) { return slot % 24 == 12 ? 0.0 : 100.0; });
    const auto fed = load_kw(input.axis, [](int slot) { return slot % 24 == 12 ? 500.0 : 0.0; });
    const auto bill = bills_of(contract, input, {.imported = load, .exported = fed}).front();
    // by day 31 x (1,100 - 500) remain, by night 31 x 1,200; the levy counts all that is drawn
    EXPECT_EQ(line_amount(bill, "energy"), decimal("5580"));
    EXPECT_EQ(line_amount(bill, "levy"), decimal("713"));
    EXPECT_EQ(line_amount(bill, "net_surplus"), Decimal(0));
    const auto sunny = load_kw(input.axis, [](int slot) { return slot % 24 == 12 ? 2000.0 : 0.0; });
    const auto surplus = bills_of(contract, input, {.imported = load, .exported = sunny}).front();
    EXPECT_EQ(line_amount(surplus, "energy"), decimal("3720"));
    EXPECT_EQ(line_amount(surplus, "net_surplus"), decimal("-837"));  // 31 x 900 x 0.03
}

TEST(Reactive, OnlyWhatPassesTheFreeShareIsPaid) {
    auto contract = plain();
    contract.reactive = {{.price = decimal("0.02"), .free_share = decimal("0.4843")}};
    const auto input = march();
    auto bill = bills_of(contract, input, {.imported = flat(input), .reactive_lagging = flat(input, "kvarh", 60)});
    EXPECT_EQ(line_amount(bill.front(), "reactive"), decimal("172.16"));  // (44,640 - 36,031.92) x 0.02
    bill = bills_of(contract, input, {.imported = flat(input), .reactive_lagging = flat(input, "kvarh", 40)});
    EXPECT_EQ(line_amount(bill.front(), "reactive"), Decimal(0));
}

TEST(Reactive, BandsAndDirectionsAreCountedApart) {
    auto contract = plain();
    contract.bands.rules = {{.band = "day", .windows = {{.from_minute = 6 * 60, .to_minute = 18 * 60}}}};
    contract.bands.otherwise = "night";
    contract.reactive = {
        {.line = "lagging_day", .price = 1, .free_share = decimal("0.5"), .window = {.bands = {"day"}}},
        {.line = "leading_night", .flow = ReactiveFlow::leading, .price = 1, .window = {.bands = {"night"}}}};
    const auto input = march();
    const auto bill = bills_of(contract, input,
                               {.imported = flat(input),
                                .reactive_lagging = flat(input, "kvarh", 60),
                                .reactive_leading = flat(input, "kvarh", 5)})
                          .front();
    EXPECT_EQ(line_amount(bill, "lagging_day"), Decimal(31 * 12 * 10));
    EXPECT_EQ(line_amount(bill, "leading_night"), Decimal(31 * 12 * 5));
}

TEST(TakeOrPay, WhatIsNotTakenIsPaid) {
    auto contract = plain();
    contract.unit = "m3";
    contract.take_or_pay = {{.quantity = 80'000, .price = decimal("0.07")}};
    const auto input = march();
    EXPECT_EQ(line_amount(bills_of(contract, input, {.imported = flat(input, "m3")}).front(), "take_or_pay"),
              Decimal(392));
    EXPECT_EQ(line_amount(bills_of(contract, input, {.imported = flat(input, "m3", 120)}).front(), "take_or_pay"),
              Decimal(0));
}

TEST(TakeOrPay, TheQuantityOfAYearIsDueWithItsLastPeriod) {
    auto contract = plain();
    contract.take_or_pay = {{.quantity = 1'000'000, .price = decimal("0.05"), .per_year = true, .first_month = 4}};
    auto input = local_days("2026-02-01", "2026-05-01", hours(1));
    input.incurred.counted_quantity["take_or_pay"] = 700'000;
    const auto bills = bills_of(contract, input, {.imported = flat(input)});
    EXPECT_EQ(bills[0].lines.size(), 1U);
    EXPECT_EQ(line_amount(bills[1], "take_or_pay"), decimal("7920"));  // 700,000 + 67,200 + 74,400 were taken
    EXPECT_EQ(bills[2].lines.size(), 1U);                              // the next year has begun
}

// StromNEV, sec. 17: below 2,500 hours of use a low demand and a high energy price, above them the reverse; sec. 19(2):
// from 7,000 hours on a share of the network charge remains.
TEST(UseHours, ChooseTheNetworkPricesAndTheRelief) {
    auto contract = plain();
    contract.demands = {{.line = "network", .rate = 2, .interval = hours(1), .use_hours = {.below = 2500}},
                        {.line = "network_high", .rate = 10, .interval = hours(1), .use_hours = {.from = 2500}}};
    contract.taxes = {{.line = "relief",
                       .percent = -80,
                       .basis = {.kind = LineSelection::Kind::listed, .lines = {"network", "network_high"}},
                       .use_hours = {.from = 7000}}};
    const auto total = [&](int use_hours) {
        contract.use_hours = use_hours;
        return bills_of(contract, march(), {.imported = flat(march())}).front().total;
    };
    EXPECT_EQ(total(2499), Decimal(7440 + 200));
    EXPECT_EQ(total(2500), Decimal(7440 + 1000));
    EXPECT_EQ(total(7000), Decimal(7440 + 200));  // 1,000 less 80 %
}

TEST(PlanTerms, ValueEnergyFedInUnderNetMeteringAtWhatItSaves) {
    auto contract = plain();
    contract.taxes = {{.line = "vat", .percent = 10}};
    contract.net_metering = NetMetering{};
    const auto terms = plan_terms(compile(contract, march()).value(), {});
    ASSERT_EQ(terms.energy.size(), 2U);
    EXPECT_TRUE(terms.energy[1].is_export);
    EXPECT_EQ(terms.energy[1].price[0], decimal("0.11"));
}

}  // namespace
}  // namespace loadstar::tariff
