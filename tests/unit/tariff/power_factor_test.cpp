// The power factor as a plan sees it, each case worked out by hand in its comment.
#include <array>

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

/// 0.5 per kWh, 20 per kW, 500 a month, 10 % tax, the table of 1983 for 0.90 on all lines.
Contract adjusted() {
    Contract contract;
    contract.id = "c";
    contract.energy = {{.line = "energy", .price = decimal("0.5")}};
    contract.demands = {{.rate = 20}};
    contract.fixed = {{.line = "customer", .amount = 500}};
    contract.power_factor = standard_power_factor_rule(decimal("0.90"));
    contract.taxes = {{.line = "vat", .percent = 10}};
    return contract;
}

// April has 720 h. 100 kW and 50 kvar: 72,000 / sqrt(72,000² + 36,000²) = 0.894, 0.89, which costs 0.5 % of
// 36,000 + 2,000 + 500 = 192.50, with tax 211.75. 101 kW: 0.896, 0.90. 110 kW: 0.910, 0.91: 0.15 % of
// 39,600 + 2,200 + 500 are taken off, 63.45, with tax 69.795.
TEST(PowerFactorTerm, AWholeMonthIsAdjustedAsItsBill) {
    const auto contract = adjusted();
    const auto input = local_days("2026-04-01", "2026-05-01", minutes(15));
    const auto planned = plan_terms(compile(contract, input).value(),
                                    {.import_kw = steady(input, 100), .lagging_kvarh = steady(input, 12.5)});
    EXPECT_TRUE(planned.unplanned.empty());
    EXPECT_NEAR(planned_line(planned, "power_factor", steady(input, 100)), 211.75, 1e-6);
    EXPECT_NEAR(planned_line(planned, "power_factor", steady(input, 101)), 0, 1e-9);
    EXPECT_NEAR(planned_line(planned, "power_factor", steady(input, 110)), -69.795, 1e-6);
    const auto bill = bills_of(contract, input,
                               {.imported = load_kw(input.axis, [](int) { return 100; }),
                                .reactive_lagging = load_kw(
                                    input.axis, [](int) { return 50; }, "kvarh")})
                          .front();
    EXPECT_EQ(line_amount(bill, "power_factor"), decimal("192.5"));
    double sum = 0;
    for (const auto& cost : line_costs(planned, steady(input, 100))) sum += cost.amount;
    EXPECT_NEAR(sum, bill.total.to_double(), 0.01);
}

// Every load and kvarh is on the same step as on its bill, on either side of each boundary.
TEST(PowerFactorTerm, StepsBeginWhereTheBillRounds) {
    auto contract = adjusted();
    contract.taxes.clear();
    contract.demands[0].interval = hours(1);
    const auto input = local_days("2026-04-01", "2026-04-02", hours(1));
    contract.validity = {parse_day("2026-04-01").value(), parse_day("2026-04-01").value()};
    for (int kvar = 0; kvar <= 400; kvar += 3) {
        const auto bill = bills_of(contract, input,
                                   {.imported = load_kw(input.axis, [](int) { return 100; }),
                                    .reactive_lagging = load_kw(
                                        input.axis, [kvar](int) { return kvar; }, "kvarh"),
                                    .reactive_leading = load_kw(
                                        input.axis, [](int) { return 1; }, "kvarh")})
                              .front();
        const auto whole = plan_terms(
            compile(contract, input).value(),
            {.import_kw = steady(input, 100), .lagging_kvarh = steady(input, kvar), .leading_kvarh = steady(input, 1)});
        EXPECT_NEAR(planned_line(whole, "power_factor", steady(input, 100)),
                    line_amount(bill, "power_factor").to_double(), 0.006)
            << kvar;
    }
}

// 28 days at 100 kW and 50 kvar are carried, and the last two are planned: 72,000 kWh and 36,000 kvarh in all, 0.89:
// 0.5 % of 36,000 + 2,000 + 500, with tax 211.75. 12 kW more on the two days make 576 kWh: 72,576 / sqrt(72,576² +
// 36,000²) = 0.896: 0.90, without an adjustment.
TEST(PowerFactorTerm, CountsWhatThePeriodDrewBefore) {
    const auto contract = adjusted();
    const auto first = local_days("2026-04-01", "2026-04-29", minutes(15));
    auto input = local_days("2026-04-29", "2026-05-01", minutes(15));
    input.incurred = state_after(compile(contract, first).value(), {},
                                 {.imported = load_kw(first.axis, [](int) { return 100; }),
                                  .reactive_lagging = load_kw(
                                      first.axis, [](int) { return 50; }, "kvarh")});
    EXPECT_EQ(input.incurred.incurred_kvarh, Decimal(33'600));
    const auto planned = plan_terms(compile(contract, input).value(),
                                    {.import_kw = steady(input, 100), .lagging_kvarh = steady(input, 12.5)});
    EXPECT_NEAR(planned_line(planned, "power_factor", steady(input, 100)), 211.75, 1e-6);
    EXPECT_NEAR(planned_line(planned, "power_factor", steady(input, 112)), 0, 1e-9);
}

// The first day of May is planned too: its month goes on after the plan.
TEST(PowerFactorTerm, IsPlannedOfPeriodsThatEndWithThePlanOrBefore) {
    const auto input = local_days("2026-04-01", "2026-05-02", minutes(15));
    const auto planned = plan_terms(compile(adjusted(), input).value(),
                                    {.import_kw = steady(input, 100), .lagging_kvarh = steady(input, 12.5)});
    ASSERT_EQ(planned.power_factors.size(), 1U);
    EXPECT_TRUE(planned.power_factors[0].basis.inside.front());
    EXPECT_FALSE(planned.power_factors[0].basis.inside.back());
    ASSERT_EQ(planned.unplanned.size(), 1U);
    EXPECT_EQ(planned.unplanned[0].why.en, "the rest of the billing period decides its step");
}

// Without expecting anything beyond it, each day adds what it makes of the adjustment: three days add up to that of
// all.
TEST(PowerFactorTerm, PartsOfAPeriodAddUpToTheWhole) {
    auto contract = adjusted();
    const std::vector<double> kw{100, 140, 70}, kvar{50, 45, 60};
    BillingState state;
    double sum = 0;
    for (int day = 0; day < 3; ++day) {
        const auto at = static_cast<std::size_t>(day);
        auto input = local_days(std::array{"2026-04-01", "2026-04-02", "2026-04-03"}[at],
                                std::array{"2026-04-02", "2026-04-03", "2026-04-04"}[at], hours(1));
        input.incurred = state;
        contract.demands[0].interval = hours(1);
        const auto terms = compile(contract, input).value();
        sum += decided_cost(plan_terms(terms, {.lagging_kvarh = steady(input, kvar[at])}), steady(input, kw[at]));
        state = state_after(terms, state,
                            {.imported = load_kw(input.axis, [&](int) { return kw[at]; }),
                             .reactive_lagging = load_kw(
                                 input.axis, [&](int) { return kvar[at]; }, "kvarh")});
    }
    const auto all = local_days("2026-04-01", "2026-04-04", hours(1));
    const auto of_day = [](const std::vector<double>& values) {
        return [values](int slot) { return values[static_cast<std::size_t>(slot / 24)]; };
    };
    const auto bill = bills_of(contract, all,
                               {.imported = load_kw(all.axis, of_day(kw)),
                                .reactive_lagging = load_kw(all.axis, of_day(kvar), "kvarh")})
                          .front();
    const double fixed = 500 * 1.1;
    EXPECT_NEAR(sum, bill.total.to_double() - fixed, 0.02);
}

TEST(PowerFactorTerm, WhatAPlanCannotWriteIsToldWithItsReason) {
    const auto input = local_days("2026-04-01", "2026-05-01", hours(1));
    auto contract = adjusted();
    contract.demands.clear();
    const auto why = [&input](const Contract& of, bool measured) {
        const auto planned = plan_terms(
            compile(of, input).value(),
            {.import_kw = steady(input, 100), .lagging_kvarh = measured ? steady(input, 50) : std::vector<double>()});
        return planned.unplanned.empty() ? "" : planned.unplanned.front().why.en;
    };
    EXPECT_EQ(why(contract, true), "");
    EXPECT_EQ(why(contract, false), "the reactive energy of these days is not known");
    contract.demands = {{.rate = 10, .interval = hours(1), .year = YearDemand{}}};
    EXPECT_EQ(why(contract, true), "its basis holds a demand of the year");
    contract.power_factor->basis = {.kind = LineSelection::Kind::listed, .lines = {"energy"}};
    EXPECT_EQ(why(contract, true), "");
    contract.net_metering = NetMetering{};
    EXPECT_EQ(why(contract, true), "net metering changes what its lines bill");
}

// A minimum bill takes the adjustment into its basis: 36,000 + 500 + 0.5 % of both = 36,682.50 of 40,000, 3,317.50
// lack, with tax 3,649.25.
TEST(PowerFactorTerm, CountsTowardsAMinimumBill) {
    auto contract = adjusted();
    contract.demands.clear();
    contract.minimum = MinimumBill{.amount = 40'000};
    const auto input = local_days("2026-04-01", "2026-05-01", hours(1));
    const auto planned = plan_terms(compile(contract, input).value(),
                                    {.import_kw = steady(input, 100), .lagging_kvarh = steady(input, 50)});
    EXPECT_TRUE(planned.unplanned.empty());
    EXPECT_NEAR(planned_line(planned, "minimum", steady(input, 100)), 3649.25, 1e-6);
}

TEST(PowerFactorTerm, KeepsAMinimumBillOutOfThePlanWhereItIsLeftOutOfOnePeriod) {
    auto contract = adjusted();
    contract.minimum = MinimumBill{.amount = 40'000};
    const auto input = local_days("2026-04-01", "2026-05-02", minutes(15));
    const auto planned = plan_terms(compile(contract, input).value(),
                                    {.import_kw = steady(input, 100), .lagging_kvarh = steady(input, 12.5)});
    EXPECT_TRUE(planned.minimums.empty());
    EXPECT_EQ(planned.unplanned.size(), 2U);
}

}  // namespace
}  // namespace loadstar::tariff
