#include "tariff/history.hpp"

#include <gtest/gtest.h>

#include "support/bill_of_load.hpp"

namespace loadstar::tariff {
namespace {

using test_support::bills_of;
using test_support::load_kw;
using test_support::local_days;

/// A ratchet, a demand of the year, tiers of the year and a take-or-pay of the year.
Contract looking_back() {
    Contract contract;
    contract.id = "c";
    contract.energy = {{.line = "energy",
                        .source = PriceSource::tiers,
                        .tiers = {.steps = {{0, 3}, {200'000, 1}}, .per = TierBasis::year}}};
    contract.demands = {{.line = "ratchet", .rate = 10, .ratchet = DemandRatchet{.percent = 80}},
                        {.line = "year", .rate = 50, .year = YearDemand{.billing = YearBilling::twelfths}}};
    contract.take_or_pay = {{.quantity = 1'000'000, .price = 1, .per_year = true, .first_month = 5}};
    return contract;
}

// The bill of a month is the same whether the months before it are on the axis or only what they left behind.
TEST(History, APeriodBilledByItselfCostsWhatItCostsInARow) {
    const auto contract = looking_back();
    const auto kw = [](int slot) { return 80.0 + (slot * 29) % 70 + (slot == 700 ? 200 : 0); };
    const auto row = local_days("2026-01-01", "2026-05-01", minutes(15), "Europe/Berlin");
    const auto load = load_kw(row.axis, kw);
    const auto expected = bills_of(contract, row, {.imported = load});
    for (const auto* from : {"2026-02-01", "2026-03-01", "2026-04-01"}) {
        const auto history = local_days("2026-01-01", from, minutes(15), "Europe/Berlin");
        auto input = local_days(from, "2026-05-01", minutes(15), "Europe/Berlin");
        input.incurred = left_behind(contract, history, {.imported = load.window(history.axis)}).value();
        const auto bills = bills_of(contract, input, {.imported = load.window(input.axis)});
        for (std::size_t i = 1; i <= bills.size(); ++i) {
            const auto& found = bills[bills.size() - i];
            const auto& wanted = expected[expected.size() - i];
            ASSERT_EQ(found.lines.size(), wanted.lines.size());
            for (std::size_t line = 0; line < found.lines.size(); ++line)
                EXPECT_EQ(found.lines[line].amount, wanted.lines[line].amount)
                    << from << " " << wanted.lines[line].line;
        }
    }
}

TEST(History, AContractWhoseChargesLookNowhereNeedsNone) {
    Contract contract;
    contract.demands = {{.rate = 10}};
    EXPECT_EQ(periods_looked_back(contract), 0);
    contract.demands.front().ratchet = DemandRatchet{.percent = 80, .periods = 24};
    EXPECT_EQ(periods_looked_back(contract), 24);
    EXPECT_EQ(periods_looked_back(looking_back()), 11);
}

}  // namespace
}  // namespace loadstar::tariff
