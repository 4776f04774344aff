// Coincident peaks that are not named yet: a plan pays the rate times the probability, a bill what is named.
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

Contract coincident() {
    Contract contract;
    contract.id = "c";
    contract.energy = {{.line = "energy", .price = decimal("0.1")}};
    contract.demands = {{.line = "peak", .rate = 1000, .interval = hours(1), .probability_series = "likely"}};
    return contract;
}

/// 14 July 2026: 20 % at 16:00, 50 % at 17:00, nothing else.
CompileInput july(const char* until = "2026-07-15") {
    auto input = local_days("2026-07-14", until, minutes(15));
    auto likely = Series::missing({.id = "likely", .kind = SeriesKind::state, .unit = "1"}, input.axis);
    for (int slot = 0; slot < 96; ++slot) likely.set(slot, slot / 4 == 16 ? 0.2 : slot / 4 == 17 ? 0.5 : 0);
    input.prices.emplace("likely", likely);
    return input;
}

double planned_peak(const Contract& contract, const CompileInput& input, const std::vector<double>& import_kw) {
    double sum = 0;
    for (const auto& cost : line_costs(plan_terms(compile(contract, input).value(), {}), import_kw))
        if (cost.line == "peak") sum += cost.amount;
    return sum;
}

// 300 kW at 16:00 and 100 kW at 17:00: 1000 x (0.2 x 300 + 0.5 x 100) = 110,000.
TEST(ProbablePeak, APlanPaysRateTimesProbability) {
    const auto input = july();
    std::vector<double> import_kw(96, 500.0);
    for (std::size_t slot = 64; slot < 72; ++slot) import_kw[slot] = slot < 68 ? 300 : 100;
    EXPECT_NEAR(planned_peak(coincident(), input, import_kw), 110'000, 1e-6);
    auto of_four = coincident();
    of_four.demands.front().of = DemandOf::mean;
    of_four.demands.front().expected_hours = 4;  // the mean of four hours: each counts a quarter
    EXPECT_NEAR(planned_peak(of_four, input, import_kw), 27'500, 1e-6);
}

// Once the hour of the month is named, probabilities no longer count: 1000 x 100 kW.
TEST(ProbablePeak, ANamedHourTakesThePlaceOfProbabilities) {
    auto contract = coincident();
    contract.demands.front().hours = {{parse_day("2026-07-14").value(), 17 * 60}};
    const auto input = july();
    std::vector<double> import_kw(96, 500.0);
    for (std::size_t slot = 68; slot < 72; ++slot) import_kw[slot] = 100;
    EXPECT_NEAR(planned_peak(contract, input, import_kw), 100'000, 1e-6);
    contract.demands.front().hours = {{parse_day("2026-06-14").value(), 17 * 60}};  // that of June
    EXPECT_NEAR(planned_peak(contract, input, import_kw), 1000 * (0.2 * 500 + 0.5 * 100), 1e-6);
}

TEST(ProbablePeak, ABillWithoutNamedHoursDemandsNothing) {
    const auto input = july();
    const auto load = load_kw(input.axis, [](int) { return 400; });
    const auto bill = bills_of(coincident(), input, {.imported = load}).front();
    EXPECT_EQ(line_amount(bill, "peak"), Decimal());
    EXPECT_EQ(bill.lines[1].rule.en, "largest interval mean x rate; no peak of this period is named yet");
}

TEST(ProbablePeak, APlanNeedsAProbabilityInEverySlot) {
    const auto whole = compile(coincident(), july()).value();
    EXPECT_TRUE(check_probabilities(whole));
    const auto short_of = check_probabilities(compile(coincident(), july("2026-07-16")).value());
    ASSERT_FALSE(short_of);
    EXPECT_EQ(short_of.error().message, "line peak has no probability of a peak here");
    EXPECT_EQ(short_of.error().where, "contract c @ 2026-07-15T00:00:00Z");
}

}  // namespace
}  // namespace loadstar::tariff
