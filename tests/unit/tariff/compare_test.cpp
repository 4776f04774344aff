#include "tariff/compare.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tariff/compile.hpp"

namespace loadstar::tariff {
namespace {

using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;

Decimal d(const char* text) { return Decimal::parse(text).value(); }

/// A month at 40 kW in valley hours and 400 kW by day, one quarter-hour of 600 kW.
class Comparison : public testing::Test {
  protected:
    Comparison() {
        contract_.id = "c";
        contract_.bands.rules = {{.band = "day", .windows = {{.from_minute = 480, .to_minute = 1200}}}};
        contract_.bands.otherwise = "night";
        contract_.energy = {{.line = "energy",
                             .source = PriceSource::band_prices,
                             .band_prices = {{"day", d("0.8")}, {"night", d("0.3")}}},
                            {.line = "funds", .price = d("0.02")}};
        contract_.demands = {{.mode = DemandMode::contract, .rate = 39, .contract_kw = 500}};
        contract_.power_factor = standard_power_factor_rule(d("0.90"));
        contract_.power_factor->basis.lines = {"funds"};
        contract_.taxes = {{.line = "vat", .percent = 13}};
        const auto start = zone_.start_of_month(parse_month("2025-03").value());
        axis_ = {.start = start, .step = minutes(15), .slots = 31 * 96};
        load_ = Series::missing({.id = "load", .kind = SeriesKind::interval_energy, .unit = "kWh"}, axis_);
        for (int slot = 0; slot < axis_.slots; ++slot) load_.set(slot, slot % 96 >= 32 && slot % 96 < 80 ? 100 : 10);
        load_.set(40, 150);
    }

    [[nodiscard]] ChargeTerms terms() const { return compile(contract_, {.axis = axis_, .zone = zone_}).value(); }
    [[nodiscard]] MeteredEnergy metered() const {
        auto reactive = load_;
        reactive.info.unit = "kvarh";
        for (double& value : reactive.values) value *= 0.6;
        return {.imported = load_, .reactive_lagging = reactive};
    }
    /// The invoice that agrees with the meters.
    [[nodiscard]] Invoice invoice() const {
        Invoice result;
        const auto right = bill(terms(), metered()).value().front();
        for (const auto& line : right.lines) result.lines[line.line] = line.amount;
        result.total = right.total;
        return result;
    }
    [[nodiscard]] InvoiceComparison compared(const Invoice& invoice) const {
        return compare(terms(), metered(), invoice).value();
    }
    [[nodiscard]] static LineComparison row(const InvoiceComparison& comparison, const std::string& line) {
        for (const auto& candidate : comparison.lines)
            if (candidate.line == line) return candidate;
        ADD_FAILURE() << "no line " << line;
        return {};
    }
    static auto says(const char* text) { return ElementsAre(Field(&Text::en, HasSubstr(text))); }

    TimeZone zone_ = TimeZone::find("Asia/Shanghai").value();
    Contract contract_;
    Horizon axis_;
    Series load_;
};

TEST_F(Comparison, TheRightInvoiceAgreesInEveryLine) {
    const auto comparison = compared(invoice());
    EXPECT_TRUE(comparison.agrees());
    EXPECT_THAT(comparison.remarks, IsEmpty());
    for (const auto& line : comparison.lines) EXPECT_THAT(line.explanations, IsEmpty()) << line.line;
}

TEST_F(Comparison, FindsTheOtherReadingOfTheTolerance) {
    auto theirs = invoice();
    theirs.lines["demand"] = d("26325");  // 525 x 39 + 75 x 78, instead of 500 x 39 + 75 x 78
    const auto found = row(compared(theirs), "demand");
    EXPECT_EQ(found.difference, Decimal(975));
    EXPECT_THAT(found.explanations, says("the other reading"));
}

TEST_F(Comparison, FindsTheDemandBehindAnAmount) {
    auto theirs = invoice();
    theirs.lines["demand"] = d("26910");  // 500 x 39 + 95 x 78
    EXPECT_THAT(row(compared(theirs), "demand").explanations,
                says("maximum demand of 620.00 kW; the meters measured 600.00 kW"));
    theirs.lines["demand"] = d("23400");
    EXPECT_THAT(row(compared(theirs), "demand").explanations, says("bills the actual maximum demand"));
}

TEST_F(Comparison, FindsAnotherPowerFactorOnTheInvoicesOwnLines) {
    EXPECT_EQ(compared(invoice()).bill.power_factor, d("0.86"));
    auto theirs = invoice();
    const auto basis = theirs.lines["energy.day"] + theirs.lines["energy.night"] + theirs.lines["demand"];
    theirs.lines["power_factor"] = (basis * d("0.03")).rounded(2);
    EXPECT_THAT(row(compared(theirs), "power_factor").explanations,
                says("a power factor of 0.84; the meters give 0.86"));
    theirs.lines["power_factor"] = ((basis + theirs.lines["funds"]) * d("0.02")).rounded(2);
    EXPECT_THAT(row(compared(theirs), "power_factor").explanations, says("all lines as its basis"));
}

TEST_F(Comparison, ALineThatFollowsFromAnotherIsNotBlamedTwice) {
    auto theirs = invoice();
    theirs.lines["demand"] += 1000;
    theirs.lines["power_factor"] += 20;  // 2 % of it
    theirs.lines["vat"] += d("132.60");
    const auto comparison = compared(theirs);
    EXPECT_THAT(row(comparison, "power_factor").explanations, says("follows from the other lines"));
    EXPECT_THAT(row(comparison, "vat").explanations, says("follows from the other lines"));
}

TEST_F(Comparison, TellsPriceFromQuantity) {
    auto theirs = invoice();
    theirs.quantities["energy.day"] = d("148850");
    theirs.lines["energy.day"] = d("120568.50");
    EXPECT_THAT(row(compared(theirs), "energy.day").explanations,
                says("the same quantity at a price of 0.81 instead of 0.8"));
    theirs.quantities.clear();
    EXPECT_THAT(row(compared(theirs), "energy.day").explanations,
                says("that of 150710.63 kWh: 1860.63 more than measured"));
}

TEST_F(Comparison, MissingReadingsAreTheLikelyCauseOfMoreEnergy) {
    const auto theirs = invoice();
    for (int slot = 520; slot < 530; ++slot) load_.clear(slot, Reason::missing);  // by day
    const auto comparison = compared(theirs);
    const auto found = row(comparison, "energy.day");
    ASSERT_EQ(found.explanations.size(), 2U);
    EXPECT_THAT(found.explanations[1].en, HasSubstr("10 slots have no reading"));
    EXPECT_THAT(comparison.remarks, says("10 of 2976 slots have no reading"));
}

TEST_F(Comparison, FindsReadingsStampedAQuarterHourTooEarly) {
    const auto theirs = invoice();
    for (int slot = 0; slot + 1 < axis_.slots; ++slot)
        load_.set(slot, load_.values[static_cast<std::size_t>(slot) + 1]);
    const auto comparison = compared(theirs);
    EXPECT_NE(row(comparison, "energy.day").difference, Decimal(0));
    EXPECT_THAT(comparison.remarks, says("readings stamped 15 minutes later"));
}

TEST_F(Comparison, LinesThatOnlyOneSideHasAreTold) {
    auto theirs = invoice();
    theirs.lines.erase("funds");
    theirs.lines["meter_rent"] = 30;
    const auto comparison = compared(theirs);
    EXPECT_THAT(row(comparison, "funds").explanations, says("the invoice has no such line"));
    EXPECT_THAT(row(comparison, "meter_rent").explanations, says("the contract has no such line"));
    EXPECT_THAT(comparison.remarks, says("its total says"));
}

}  // namespace
}  // namespace loadstar::tariff
