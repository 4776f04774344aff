// Days of a contract that start at another hour than midnight.
#include <gtest/gtest.h>

#include "support/bill_of_load.hpp"
#include "tariff/history.hpp"

namespace loadstar::tariff {
namespace {

using test_support::bills_of;
using test_support::decimal;
using test_support::line_amount;
using test_support::load_kw;

/// Gas in kWh with capacity by the day; days start at six.
Contract gas() {
    Contract contract;
    contract.id = "gas";
    contract.day_starts_at = 6 * 60;
    contract.energy = {{.line = "energy", .price = decimal("0.04")}};
    contract.demands = {{.line = "capacity", .rate = 1, .interval = hours(24), .per_day = true}};
    return contract;
}

/// Hours of a billing period in Berlin.
CompileInput period_around(const Contract& contract, const char* day) {
    const auto zone = TimeZone::find("Europe/Berlin").value();
    const auto noon = zone.start_of_day(parse_day(day).value()) + hours(12);
    const auto period = billing_period_at(contract, zone, noon);
    return {.axis = {.start = period.start,
                     .step = hours(1),
                     .slots = static_cast<int>((period.end - period.start) / hours(1))},
            .zone = zone};
}

// March 2026 has an hour less; the period runs from the 1st at six to the 1st at six.
TEST(GasDay, BillingPeriodsStartWithTheDay) {
    const auto input = period_around(gas(), "2026-03-10");
    EXPECT_EQ(input.zone.format(input.axis.start), "2026-03-01T06:00:00+01:00");
    EXPECT_EQ(input.zone.format(input.axis.end()), "2026-04-01T06:00:00+02:00");
    EXPECT_EQ(input.axis.slots, 31 * 24 - 1);
    const auto early = billing_period_at(gas(), input.zone, input.zone.start_of_day(parse_day("2026-04-01").value()));
    EXPECT_EQ(early.start, input.axis.start);  // 1 April, midnight, still belongs to March
}

// 100 kW from 7 March 20:00 for 16 h. By days from six: 10 h on the 7th and 6 h on the 8th, so 1,000 kWh; by days from
// midnight 4 h and 12 h, so 1,200 kWh.
TEST(GasDay, ADayCountsFromSixToSix) {
    auto contract = gas();
    const auto amount = [&contract] {
        const auto input = period_around(contract, "2026-03-10");
        const auto evening = input.zone.start_of_day(parse_day("2026-03-07").value()) + hours(20);
        const auto load = load_kw(input.axis, [&](int slot) {
            const auto at = input.axis.slot_start(slot);
            return at >= evening && at < evening + hours(16) ? 100 : 0;
        });
        return line_amount(bills_of(contract, input, {.imported = load}).front(), "capacity");
    };
    EXPECT_EQ(amount(), Decimal(1000));
    contract.day_starts_at = 0;
    EXPECT_EQ(amount(), Decimal(1200));
}

// Clocks are put forward at 02:00 on 29 March and back at 03:00 on 25 October: the gas days of 28 March and 24 October
// have 23 and 25 hours.
TEST(GasDay, HasTwentyThreeOrTwentyFiveHoursWhenClocksChange) {
    for (const auto& [month, expected] : {std::pair{"2026-03-15", 23}, std::pair{"2026-10-15", 25}}) {
        const auto input = period_around(gas(), month);
        const auto terms = compile(gas(), input).value();
        int odd = 0;
        for (const auto& run : terms.peaks.front().runs) {
            EXPECT_EQ(input.zone.to_civil(input.axis.slot_start(run.first)).hour, 6);
            if (run.slots == 24) continue;
            ++odd;
            EXPECT_EQ(run.slots, expected);
        }
        EXPECT_EQ(odd, 1) << month;
    }
}

// Tiers by the day: 100 kW for all 24 h of a gas day are 2,400 kWh, of which 400 pay the second price:
// 2,000 x 1 + 400 x 3 = 3,200 each.
TEST(GasDay, TiersOfTheDayCountFromSixToSix) {
    auto contract = gas();
    contract.demands.clear();
    contract.energy = {{.line = "energy",
                        .source = PriceSource::tiers,
                        .tiers = {.steps = {{0, 1}, {2000, 3}}, .per = TierBasis::day}}};
    const auto input = period_around(contract, "2026-02-10");
    const auto load = load_kw(input.axis, [](int slot) { return slot / 24 == 5 ? 100 : 0; });
    EXPECT_EQ(line_amount(bills_of(contract, input, {.imported = load}).front(), "energy"), Decimal(3200));
}

// Cut at noon, the state carries the day and the rest of it gives the same demand.
TEST(GasDay, ADayUnderWayIsCarried) {
    const auto contract = gas();
    const auto whole = period_around(contract, "2026-02-10");
    const auto load = load_kw(whole.axis, [](int slot) { return 10 + slot % 37; });
    auto first = whole;
    first.axis.slots = 9 * 24 + 6;
    auto rest = whole;
    rest.axis = {whole.axis.slot_start(first.axis.slots), hours(1), whole.axis.slots - first.axis.slots};
    const auto terms = compile(contract, first).value();
    rest.incurred = state_after(terms, {}, {.imported = load.window(first.axis)});
    EXPECT_GT(rest.incurred.day_quantity.at("capacity"), Decimal());
    const auto expected = bills_of(contract, whole, {.imported = load}).front();
    const auto found = bills_of(contract, rest, {.imported = load.window(rest.axis)}).front();
    EXPECT_EQ(line_amount(found, "capacity"), line_amount(expected, "capacity"));
}

TEST(GasDay, ThatStartsInsideASlotIsRefused) {
    auto contract = gas();
    contract.day_starts_at = 6 * 60 + 30;
    auto input = period_around(gas(), "2026-02-10");
    const auto terms = compile(contract, input);
    ASSERT_FALSE(terms);
    EXPECT_EQ(terms.error().message, "the days of the contract start at 06:30, inside a slot of 60 minutes");
}

}  // namespace
}  // namespace loadstar::tariff
