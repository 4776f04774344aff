// Least quantities and amounts as a plan sees them, each case worked out by hand in its comment.
#include <gtest/gtest.h>

#include "support/bill_of_load.hpp"
#include "tariff/cost.hpp"
#include "tariff/history.hpp"

namespace loadstar::tariff {
namespace {

using test_support::bills_of;
using test_support::decimal;
using test_support::line_amount;
using test_support::load_kw;
using test_support::local_days;
using test_support::planned_line;
using test_support::steady;

Contract flat_price() {
    Contract contract;
    contract.id = "c";
    contract.energy = {{.line = "energy", .price = decimal("0.5")}};
    return contract;
}

// April has 720 h. At 100 kW 72,000 kWh are taken of 90,000: 18,000 lack, at 0.2 = 3,600 and with 10 % tax 3,960.
TEST(LeastQuantity, AWholeMonthLacksWhatItsBillSays) {
    auto contract = flat_price();
    contract.take_or_pay = {{.quantity = 90'000, .price = decimal("0.2")}};
    contract.taxes = {{.line = "vat", .percent = 10}};
    const auto input = local_days("2026-04-01", "2026-05-01", hours(1));
    const auto terms = compile(contract, input).value();
    const auto planned = plan_terms(terms, {.import_kw = steady(input, 100)});
    EXPECT_NEAR(planned_line(planned, "take_or_pay", steady(input, 100)), 3960, 1e-6);
    EXPECT_EQ(line_amount(bills_of(contract, input, {.imported = load_kw(input.axis, [](int) { return 100; })}).front(),
                          "take_or_pay"),
              Decimal(3600));
    EXPECT_NEAR(planned_line(planned, "take_or_pay", steady(input, 130)), 0, 1e-9);
}

// On 11 and 12 April 24,000 kWh were taken before (100 kW), 4,800 are on the axis at 100 kW, and 18 days are left: at
// the mean of 100 kW another 43,200. Of 80,000 kWh 8,000 lack. 10 kW more on the axis make 480 kWh less.
TEST(LeastQuantity, TheRestOfThePeriodGoesOnAsItWas) {
    auto contract = flat_price();
    contract.take_or_pay = {{.quantity = 80'000, .price = 1}};
    auto input = local_days("2026-04-11", "2026-04-13", hours(1));
    input.incurred.incurred_kwh = 24'000;
    input.incurred.counted_quantity["take_or_pay"] = 24'000;
    const auto planned = plan_terms(compile(contract, input).value(), {.import_kw = steady(input, 100)});
    EXPECT_NEAR(planned_line(planned, "take_or_pay", steady(input, 100)), 8000, 1e-6);
    EXPECT_NEAR(planned_line(planned, "take_or_pay", steady(input, 110)), 7520, 1e-6);
}

// A year from July: after September 100 h x 100 kW were counted, October draws 744 h x 100 kW, and the eight months to
// June are expected like October: 10,000 + 74,400 x 9 = 679,600 of 700,000.
TEST(LeastQuantity, AYearExpectsItsOtherMonthsLikeThePlannedOne) {
    auto contract = flat_price();
    contract.take_or_pay = {{.quantity = 700'000, .price = 1, .per_year = true, .first_month = 7}};
    auto input = local_days("2026-10-01", "2026-11-01", hours(1));
    input.incurred.counted_quantity["take_or_pay"] = 10'000;
    const auto planned = plan_terms(compile(contract, input).value(), {.import_kw = steady(input, 100)});
    EXPECT_NEAR(planned_line(planned, "take_or_pay", steady(input, 100)), 20'400, 1e-6);
}

// 720 h x 100 kW x 0.5 = 36,000, the demand 100 x 20 = 2,000, the customer 500: of 50,000 lack 11,500, taxed 12,650.
TEST(LeastAmount, AMinimumBillIsWhatItsBasisLacks) {
    auto contract = flat_price();
    contract.demands = {{.rate = 20}};
    contract.fixed = {{.line = "customer", .amount = 500}};
    contract.minimum = MinimumBill{.amount = 50'000};
    contract.taxes = {{.line = "vat", .percent = 10}};
    const auto input = local_days("2026-04-01", "2026-05-01", minutes(15));
    const auto terms = compile(contract, input).value();
    const auto planned = plan_terms(terms, {.import_kw = steady(input, 100)});
    EXPECT_NEAR(planned_line(planned, "minimum", steady(input, 100)), 12'650, 1e-6);
    EXPECT_NEAR(planned_line(planned, "minimum", steady(input, 200)), 0, 1e-9);
    const auto bill = bills_of(contract, input, {.imported = load_kw(input.axis, [](int) { return 100; })}).front();
    EXPECT_EQ(line_amount(bill, "minimum"), Decimal(11'500));
    double sum = 0;
    for (const auto& cost : line_costs(planned, steady(input, 100))) sum += cost.amount;
    EXPECT_NEAR(sum, bill.total.to_double(), 0.01);
}

// Ten days at 100 kW cost 12,000 and are carried; two more at 100 kW cost 2,400; the other 18 are expected at
// 14,400 / 12 x 18 = 21,600: of 40,000 lack 4,000.
TEST(LeastAmount, CountsWhatThePeriodCameToBeforeAndIsExpectedToComeTo) {
    auto contract = flat_price();
    contract.minimum = MinimumBill{.amount = 40'000};
    const auto first = local_days("2026-04-01", "2026-04-11", hours(1));
    auto input = local_days("2026-04-11", "2026-04-13", hours(1));
    input.incurred =
        state_after(compile(contract, first).value(), {}, {.imported = load_kw(first.axis, [](int) { return 100; })});
    EXPECT_EQ(input.incurred.billed.at("energy"), Decimal(12'000));
    const auto planned = plan_terms(compile(contract, input).value(), {.import_kw = steady(input, 100)});
    EXPECT_NEAR(planned_line(planned, "minimum", steady(input, 100)), 4000, 1e-6);
}

// 720 h: 100 kW and 60 kvar at tan phi 0.5 leave 43,200 - 36,000 = 7,200 kvarh at 0.1. 20 kW more free 7,200 more.
TEST(ReactiveEnergy, ActivePowerFreesReactiveEnergyThatIsGiven) {
    auto contract = flat_price();
    contract.reactive = {{.price = decimal("0.1"), .free_share = decimal("0.5")}};
    const auto input = local_days("2026-04-01", "2026-05-01", hours(1));
    const auto planned = plan_terms(compile(contract, input).value(),
                                    {.import_kw = steady(input, 100), .lagging_kvarh = steady(input, 60)});
    EXPECT_NEAR(planned_line(planned, "reactive", steady(input, 100)), 720, 1e-6);
    EXPECT_NEAR(planned_line(planned, "reactive", steady(input, 120)), 0, 1e-6);
    EXPECT_TRUE(planned.unplanned.empty());
}

TEST(ReactiveEnergy, WithoutReadingsItIsToldToBeUnplanned) {
    auto contract = flat_price();
    contract.reactive = {{.price = 1}};
    const auto input = local_days("2026-04-01", "2026-05-01", hours(1));
    const auto planned = plan_terms(compile(contract, input).value(), {.import_kw = steady(input, 100)});
    ASSERT_EQ(planned.unplanned.size(), 1U);
    EXPECT_EQ(planned.unplanned.front().line, "reactive");
    EXPECT_EQ(planned.unplanned.front().why.en, "the reactive energy of these days is not known");
}

TEST(LeastAmount, WhatAPlanCannotWriteIsToldWithItsReason) {
    const auto input = local_days("2026-04-01", "2026-05-01", hours(1));
    auto contract = flat_price();
    contract.minimum = MinimumBill{.amount = 1000};
    contract.power_factor = standard_power_factor_rule(decimal("0.90"));
    const auto why = [&input](const Contract& of) {
        return plan_terms(compile(of, input).value(), {}).unplanned.back().why.en;
    };
    EXPECT_EQ(why(contract), "its basis holds the power factor, which a plan does not decide");
    contract.power_factor.reset();
    contract.demands = {{.rate = 10, .interval = hours(1), .year = YearDemand{}}};
    EXPECT_EQ(why(contract), "its basis holds a demand of the year");
    contract.demands.clear();
    contract.taxes = {{.line = "vat", .percent = 10, .basis = {.lines = {"energy"}}}};
    EXPECT_EQ(why(contract), "it is taxed higher than lines of its basis");
}

}  // namespace
}  // namespace loadstar::tariff
