#include "tariff/demand.hpp"

#include <cmath>

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

Contract with_demand(DemandCharge charge) {
    Contract contract;
    contract.id = "c";
    contract.bands.rules = {{.band = "peak", .windows = {{.from_minute = 8 * 60, .to_minute = 12 * 60}}}};
    contract.bands.otherwise = "flat";
    contract.demands = {std::move(charge)};
    return contract;
}

/// 100 kW, and `kw` in one slot.
Series spike(const CompileInput& input, int slot, double kw) {
    return load_kw(input.axis, [=](int at) { return at == slot ? kw : 100.0; });
}

TEST(Demand, OnlyIntervalsInTheNamedBandsCount) {
    const auto input = local_days("2026-03-01", "2026-04-01");
    auto contract = with_demand({.line = "demand", .rate = 2});
    contract.demands.push_back({.line = "demand_peak", .rate = 10, .window = {.bands = {"peak"}}});
    const auto night = bills_of(contract, input, {.imported = spike(input, 4, 400)}).front();
    EXPECT_EQ(line_amount(night, "demand"), Decimal(800));
    EXPECT_EQ(line_amount(night, "demand_peak"), Decimal(1000));
    const auto morning = bills_of(contract, input, {.imported = spike(input, 40, 400)}).front();
    EXPECT_EQ(line_amount(morning, "demand_peak"), Decimal(4000));
}

TEST(Demand, EachChargeHasItsOwnMeteringInterval) {
    const auto input = local_days("2026-03-01", "2026-04-01");
    auto contract = with_demand({.line = "quarter", .rate = 1});
    contract.demands.push_back({.line = "half", .rate = 1, .interval = minutes(30)});
    contract.demands.push_back({.line = "hour", .rate = 1, .interval = hours(1)});
    const auto bill = bills_of(contract, input, {.imported = spike(input, 40, 500)}).front();
    EXPECT_EQ(line_amount(bill, "quarter"), Decimal(500));
    EXPECT_EQ(line_amount(bill, "half"), Decimal(300));
    EXPECT_EQ(line_amount(bill, "hour"), Decimal(200));
}

TEST(Demand, TheRateOfATierHoldsForThePartOfTheDemandInsideIt) {
    const auto input = local_days("2026-03-01", "2026-04-01");
    const auto contract = with_demand({.tiers = {{0, 12}, {50, 10}, {200, 8}}});
    const auto bill = bills_of(contract, input, {.imported = spike(input, 40, 260)}).front();
    EXPECT_EQ(line_amount(bill, "demand"), Decimal(50 * 12 + 150 * 10 + 60 * 8));
}

TEST(Demand, ARateOfTheMonthHoldsInItsMonthsOnly) {
    const auto input = local_days("2026-05-01", "2026-07-01");
    auto contract = with_demand({.rate = 5, .window = {.months = {1, 2, 3, 4, 5, 10, 11, 12}}});
    contract.demands.push_back({.rate = 9, .window = {.months = {6, 7, 8, 9}}});
    const auto bills = bills_of(contract, input, {.imported = spike(input, 0, 100)});
    EXPECT_EQ(line_amount(bills[0], "demand"), Decimal(500));
    EXPECT_EQ(line_amount(bills[1], "demand"), Decimal(900));
}

TEST(Demand, ARatchetHoldsLaterPeriodsToAShareOfAnEarlierPeak) {
    const auto input = local_days("2026-01-01", "2026-05-01");
    const auto contract = with_demand({.rate = 10, .ratchet = DemandRatchet{.percent = 80, .periods = 2}});
    const auto bills = bills_of(contract, input, {.imported = spike(input, 40, 400)});
    EXPECT_EQ(line_amount(bills[0], "demand"), Decimal(4000));
    EXPECT_EQ(line_amount(bills[1], "demand"), Decimal(3200));
    EXPECT_EQ(line_amount(bills[2], "demand"), Decimal(3200));  // of January, not of what February paid
    EXPECT_EQ(line_amount(bills[3], "demand"), Decimal(1000));  // January is forgotten
    EXPECT_EQ(*bills[1].maximum_demand_kw, Decimal(100));
}

TEST(Demand, ARatchetKnowsThePeaksOfPeriodsBeforeTheAxis) {
    auto input = local_days("2026-03-01", "2026-04-01");
    input.incurred.earlier_kw["demand"] = {{*parse_month("2025-08"), 500}, {*parse_month("2026-01"), 300}};
    auto contract = with_demand({.rate = 10, .ratchet = DemandRatchet{.percent = 60}});
    const auto amount = [&] {
        return line_amount(bills_of(contract, input, {.imported = spike(input, 40, 120)}).front(), "demand");
    };
    EXPECT_EQ(amount(), Decimal(3000));
    contract.demands.front().ratchet->months = {12, 1, 2};
    EXPECT_EQ(amount(), Decimal(1800));
    contract.demands.front().ratchet->periods = 1;
    EXPECT_EQ(amount(), Decimal(1200));
}

TEST(Demand, HoweverTheYearIsBilledItComesToTheRateTimesItsPeak) {
    const auto input = local_days("2026-01-01", "2027-01-01", hours(1));
    for (const auto billing : {YearBilling::rise, YearBilling::twelfths, YearBilling::year_end}) {
        const auto contract = with_demand({.rate = 60, .interval = hours(1), .year = YearDemand{.billing = billing}});
        const auto load = load_kw(input.axis, [](int slot) { return slot == 3000 ? 400.0 : 100.0; });  // in May
        const auto bills = bills_of(contract, input, {.imported = load});
        Decimal sum;
        for (const auto& bill : bills) sum += bill.total;
        EXPECT_EQ(sum, Decimal(60 * 400));
        const auto january = billing == YearBilling::rise ? 6000 : billing == YearBilling::twelfths ? 500 : 0;
        const auto may = billing == YearBilling::rise ? 18000 : billing == YearBilling::twelfths ? 8000 : 0;
        EXPECT_EQ(bills[0].total, Decimal(january));
        EXPECT_EQ(bills[4].total, Decimal(may));  // twelfths: 5/12 of 24,000, less 4/12 of 6,000
    }
}

TEST(Demand, AYearThatBeganBeforeTheAxisPaysOnlyItsRise) {
    auto input = local_days("2026-06-01", "2026-07-01");
    input.incurred.earlier_kw["demand"] = {{*parse_month("2025-11"), 900}, {*parse_month("2026-02"), 350}};
    const auto contract = with_demand({.rate = 60, .year = YearDemand{}});
    const auto bill = bills_of(contract, input, {.imported = spike(input, 40, 400)}).front();
    EXPECT_EQ(bill.total, Decimal(60 * 50));  // November belongs to another year
}

TEST(Demand, NamedHoursMakeACoincidentPeak) {
    const auto input = local_days("2026-07-01", "2026-08-01");
    const auto first = *parse_day("2026-07-14");
    const auto second = *parse_day("2026-07-20");
    DemandCharge charge{.rate = 6, .interval = hours(1), .hours = {{first, 17 * 60}, {second, 18 * 60}}};
    const auto load = load_kw(input.axis, [&](int slot) {
        if (slot >= (13 * 24 + 17) * 4 && slot < (13 * 24 + 18) * 4) return 300.0;
        return slot == 50 ? 900.0 : 100.0;  // not in a named hour
    });
    const auto amount = [&](DemandOf of) {
        charge.of = of;
        return bills_of(with_demand(charge), input, {.imported = load}).front().total;
    };
    EXPECT_EQ(amount(DemandOf::largest), Decimal(1800));
    EXPECT_EQ(amount(DemandOf::mean), Decimal(1200));
    EXPECT_EQ(amount(DemandOf::sum), Decimal(2400));
}

TEST(Demand, AnOveruseOfBookedCapacityHasItsOwnPrice) {
    const auto input = local_days("2026-03-01", "2026-04-01");
    const auto contract = with_demand(
        {.mode = DemandMode::contract, .rate = 3, .contract_kw = 200, .tolerance_percent = 100, .excess_rate = 25});
    EXPECT_EQ(bills_of(contract, input, {.imported = spike(input, 40, 150)}).front().total, Decimal(600));
    EXPECT_EQ(bills_of(contract, input, {.imported = spike(input, 40, 260)}).front().total, Decimal(600 + 1500));
}

TEST(Demand, ApparentPowerIsTakenIntervalByInterval) {
    const auto input = local_days("2026-03-01", "2026-04-01");
    auto contract = with_demand({.rate = 10, .measure = DemandMeasure::apparent});
    auto reactive = load_kw(
        input.axis, [](int slot) { return slot == 8 ? 240.0 : 0.0; }, "kvarh");
    const auto bill = bills_of(contract, input, {.imported = spike(input, 40, 200), .reactive_lagging = reactive});
    EXPECT_EQ(bill.front().total, Decimal(2600));  // hypot(100, 240) = 260 at night, 200 in the morning
    EXPECT_EQ(bill.front().lines.front().quantity_unit, "kVA");
    // Without kvarh the power factor of plans stands in.
    contract.demands.front().plan_power_factor = decimal("0.8");
    EXPECT_EQ(bills_of(contract, input, {.imported = spike(input, 40, 200)}).front().total, Decimal(2500));
}

TEST(Demand, TheQuantityOfADayIsTakenOverTheLocalDay) {
    // The clocks go back on 2026-10-25: the day has 25 hours.
    const auto input = local_days("2026-10-01", "2026-11-01", hours(1), "Europe/Berlin");
    auto contract = with_demand({.rate = 2, .interval = hours(24), .per_day = true});
    contract.unit = "m3";
    const auto load = load_kw(
        input.axis, [](int) { return 10.0; }, "m3");
    const auto bill = bills_of(contract, input, {.imported = load}).front();
    EXPECT_EQ(bill.total, Decimal(500));
    EXPECT_EQ(bill.lines.front().quantity_unit, "m3/day");
    EXPECT_FALSE(bill.maximum_demand_kw);
}

TEST(Demand, PlanTermsCostWhatTheBillSaysForEveryKindOfDemand) {
    const auto input = local_days("2026-01-01", "2026-04-01", hours(1));
    const auto at = *parse_day("2026-02-10");
    const std::vector<DemandCharge> charges{
        {.rate = 7, .interval = hours(1), .window = {.bands = {"peak"}}},
        {.interval = hours(1), .tiers = {{0, 12}, {150, 4}}},
        {.rate = 7, .interval = hours(1), .ratchet = DemandRatchet{.percent = 90, .periods = 2}},
        {.rate = 80, .interval = hours(1), .year = YearDemand{}},
        {.rate = 9, .interval = hours(1), .hours = {{at, 600}, {at, 1020}}, .of = DemandOf::mean},
        {.rate = 2, .interval = hours(24), .per_day = true}};
    for (const auto& charge : charges) {
        const auto terms = compile(with_demand(charge), input).value();
        std::vector<double> kw;
        for (int slot = 0; slot < input.axis.slots; ++slot) kw.push_back(100 + (slot * 37) % 160 - (slot > 800) * 60);
        const auto load = load_kw(input.axis, [&kw](int slot) { return kw[static_cast<std::size_t>(slot)]; });
        Decimal billed;
        const auto bills = bill(terms, {.imported = load}).value();
        for (const auto& one : bills) billed += one.total;
        double planned = 0;
        for (const auto& line : line_costs(plan_terms(terms, {}), kw)) planned += line.amount;
        EXPECT_NEAR(planned, billed.to_double(), 0.02) << charge.rate.text();
    }
}

}  // namespace
}  // namespace loadstar::tariff
