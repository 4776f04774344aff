#include "tariff/compile.hpp"

#include <gtest/gtest.h>

#include "tariff/bill.hpp"
#include "tariff/cost.hpp"

namespace loadstar::tariff {
namespace {

Decimal d(const char* text) { return Decimal::parse(text).value(); }

/// Peak 08:30-11:30, flat otherwise; the base price 0.4 floats, the levy does not.
Contract two_bands() {
    Contract contract;
    contract.id = "c";
    contract.bands.rules = {{.band = "peak", .windows = {{.from_minute = 510, .to_minute = 690}}}};
    contract.bands.otherwise = "flat";
    contract.bands.factors = {{"peak", d("1.5")}, {"flat", 1}};
    contract.energy = {{.line = "energy", .source = PriceSource::floating, .price = d("0.4")},
                       {.line = "levy", .source = PriceSource::flat, .price = d("0.03")}};
    return contract;
}

CompileInput day_of(const char* day, int days = 1, const char* zone = "Asia/Shanghai") {
    const auto tz = TimeZone::find(zone).value();
    const auto first = parse_day(day).value();
    const auto start = tz.start_of_day(first);
    const auto end = tz.start_of_day(add_days(first, days));
    return {.axis = {.start = start, .step = minutes(15), .slots = static_cast<int>((end - start) / minutes(15))},
            .zone = tz};
}

Series energy(const Horizon& axis, double per_slot) {
    auto series = Series::missing({.id = "load", .kind = SeriesKind::interval_energy, .unit = "kWh"}, axis);
    for (int slot = 0; slot < axis.slots; ++slot) series.set(slot, per_slot);
    return series;
}

Decimal amount_of(const Bill& bill, const std::string& line) {
    for (const auto& row : bill.lines)
        if (row.line == line) return row.amount;
    ADD_FAILURE() << "no line " << line;
    return {};
}

TEST(Compile, OnlyComponentsThatFloatFollowTheBands) {
    const auto input = day_of("2025-03-03");
    const auto terms = compile(two_bands(), input).value();
    ASSERT_EQ(terms.energy.size(), 3U);
    EXPECT_EQ(terms.energy[0].line, "energy.peak");
    EXPECT_FALSE(terms.energy[0].applies[33]);  // 08:15
    EXPECT_TRUE(terms.energy[0].applies[34]);   // 08:30
    EXPECT_EQ(terms.energy[0].price[34], d("0.6"));
    const auto bills = bill(terms, {.imported = energy(input.axis, 10)}).value();
    EXPECT_EQ(amount_of(bills.front(), "energy.peak").text(2), "72.00");  // 12 slots x 10 kWh x 0.6
    EXPECT_EQ(amount_of(bills.front(), "energy.flat").text(2), "336.00");
    EXPECT_EQ(amount_of(bills.front(), "levy").text(2), "28.80");
}

TEST(Compile, AMakeUpSundayIsAWorkingDay) {
    auto contract = two_bands();
    contract.bands.rules.front().days = {DayKind::working};
    auto input = day_of("2025-09-28");  // a Sunday, worked before the National Day holiday
    EXPECT_EQ(compile(contract, input).value().bands[40], "flat");
    input.calendar.make_up_workdays = {parse_day("2025-09-28").value()};
    EXPECT_EQ(compile(contract, input).value().bands[40], "peak");
}

TEST(Compile, ABandEdgeInsideASlotIsAnError) {
    auto input = day_of("2025-03-03");
    input.axis.step = hours(1);
    input.axis.slots = 24;
    const auto terms = compile(two_bands(), input);
    ASSERT_FALSE(terms);
    EXPECT_EQ(terms.error().code, ErrorCode::invalid_input);
    EXPECT_EQ(terms.error().message, "contract c: a band begins at 08:30, inside a slot of 60 minutes");
}

TEST(Compile, DaysOfClockChangesHaveTheirBandsAtLocalHours) {
    const auto terms = compile(two_bands(), day_of("2025-03-30", 1, "Europe/Berlin")).value();
    ASSERT_EQ(terms.bands.size(), 92U);
    EXPECT_EQ(terms.bands[30], "peak");  // 08:30, one hour of the night is missing
    EXPECT_EQ(terms.bands[29], "flat");
}

TEST(Compile, APriceSeriesWithAGapIsAnErrorThatNamesTheHour) {
    Contract contract;
    contract.id = "spot";
    contract.energy = {{.line = "energy", .source = PriceSource::series, .price_series = "price"}};
    auto input = day_of("2025-03-03");
    EXPECT_EQ(compile(contract, input).error().code, ErrorCode::not_found);
    auto price = Series::missing({.id = "price", .kind = SeriesKind::price, .unit = "CNY/kWh", .step = hours(1)},
                                 {.start = input.axis.start, .step = hours(1), .slots = 24});
    for (int slot = 0; slot < 24; ++slot)
        if (slot != 5) price.set(slot, 0.3);
    input.prices = {{"price", price}};
    const auto terms = compile(contract, input);
    ASSERT_FALSE(terms);
    EXPECT_EQ(terms.error().where, "contract spot @ 2025-03-03T05:00:00+08:00");
}

TEST(Compile, TheContractFloorIsFortyPercentOfTheCapacity) {
    DemandCharge charge{.mode = DemandMode::contract, .capacity_kva = 2000, .contract_kw = 500};
    EXPECT_EQ(charge.billed_contract_kw(), Decimal(800));
}

DemandCharge contracted(ExcessReading reading) {
    return {.mode = DemandMode::contract, .rate = 39, .contract_kw = 500, .excess_reading = reading};
}

// Facts: C p + 2 p (M - 1.05 C), or 1.05 C p + 2 p (M - 1.05 C); no saving below the contract.
TEST(PeakTerm, BothReadingsOfTheHundredAndFivePercentRule) {
    auto contract = two_bands();
    contract.demands = {contracted(ExcessReading::contract_plus_excess)};
    const auto plain = compile(contract, day_of("2025-03-01", 31)).value().peaks.front();
    EXPECT_EQ(plain.cost(300), Decimal(19500));
    EXPECT_EQ(plain.cost(525), Decimal(19500));
    EXPECT_EQ(plain.cost(d("612.56")), d("26329.68"));  // January of the steel works
    contract.demands = {contracted(ExcessReading::tolerance_plus_excess)};
    const auto other = compile(contract, day_of("2025-03-01", 31)).value().peaks.front();
    EXPECT_EQ(other.cost(525), Decimal(19500));
    EXPECT_EQ(other.cost(600), d("26325"));  // 525 x 39 + 75 x 78
}

TEST(PeakTerm, AnIncurredPeakIsDueWhateverIsDecided) {
    auto contract = two_bands();
    contract.demands = {{.rate = 10, .minimum_kw = 50}};
    auto input = day_of("2025-03-10");
    EXPECT_EQ(compile(contract, input).value().peaks.front().cost(20), Decimal(500));
    input.incurred.incurred_kw["demand"] = 80;
    EXPECT_EQ(compile(contract, input).value().peaks.front().cost(20), Decimal(800));
}

TEST(Bill, DemandOverAnHourIsTheMeanOfItsQuarterHours) {
    auto contract = two_bands();
    contract.demands = {{.rate = 10, .interval = hours(1)}};
    const auto input = day_of("2025-03-01", 31);
    auto load = energy(input.axis, 10);
    load.set(40, 50);  // one quarter-hour of 200 kW
    const auto bills = bill(compile(contract, input).value(), {.imported = load}).value();
    EXPECT_EQ(bills.front().maximum_demand_kw->text(), "80");
    EXPECT_EQ(amount_of(bills.front(), "demand"), Decimal(800));
}

TEST(Bill, WellUsedCapacityLowersTheDemandPrice) {
    auto contract = two_bands();
    contract.demands = {{.rate = 10, .capacity_kva = 100, .discount = UseDiscount{.kwh_per_kva = 260, .percent = 10}}};
    const auto input = day_of("2025-03-01", 31);
    const auto terms = compile(contract, input).value();
    EXPECT_EQ(amount_of(bill(terms, {.imported = energy(input.axis, 8)}).value().front(), "demand"), Decimal(320));
    EXPECT_EQ(amount_of(bill(terms, {.imported = energy(input.axis, 10)}).value().front(), "demand"), Decimal(360));
}

TEST(Bill, CapacityIsPaidByTheKva) {
    auto contract = two_bands();
    contract.demands = {{.mode = DemandMode::capacity, .rate = d("22.6"), .capacity_kva = 1000}};
    const auto input = day_of("2025-03-01", 31);
    const auto bills = bill(compile(contract, input).value(), {.imported = energy(input.axis, 8)}).value();
    EXPECT_EQ(amount_of(bills.front(), "demand"), Decimal(22600));
}

TEST(Bill, MissingSlotsAreCountedNeverFilled) {
    const auto input = day_of("2025-03-01", 31);
    auto load = energy(input.axis, 10);
    load.clear(3, Reason::missing);
    const auto bills = bill(compile(two_bands(), input).value(), {.imported = load}).value();
    EXPECT_EQ(bills.front().missing_slots, 1);
    EXPECT_EQ(bills.front().energy, Decimal((31 * 96 - 1) * 10));
}

TEST(Bill, PeriodsMayStartOnAnyDayOfTheMonth) {
    auto contract = two_bands();
    contract.billing_day = 15;
    const auto input = day_of("2025-03-01", 31);
    const auto bills = bill(compile(contract, input).value(), {.imported = energy(input.axis, 1)}).value();
    ASSERT_EQ(bills.size(), 2U);
    EXPECT_EQ(bills[0].period.label, "2025-02-15");
    EXPECT_EQ(bills[0].energy, Decimal(14 * 96));
    EXPECT_EQ(bills[0].missing_slots, 14 * 96);  // 15 to 28 February
    EXPECT_EQ(bills[1].energy, Decimal(17 * 96));
}

// Facts 2.3 item 4, modelled on a bill from Hubei: 30,842.066223 kW x 39; power factor 0.91 against 0.90.
TEST(Bill, HubeiDemandAndPowerFactor) {
    PeakTerm demand{.segments = {{.from_kw = 0, .rate_per_kw = 39}}};
    EXPECT_EQ(demand.cost(d("30842.066223")).rounded(2).text(2), "1202840.58");
    const auto rule = standard_power_factor_rule(d("0.90")).value();
    EXPECT_EQ((d("6137186.5") * rule.percent_at(d("0.91")) / 100).rounded(2).text(2), "-9205.78");
}

TEST(Bill, ARevisionInTheMiddleOfAMonthPricesEachDayByItsOwnRate) {
    Contract contract;
    contract.id = "revised";
    const auto last = parse_day("2025-03-10").value();
    contract.energy = {{.line = "energy", .price = d("0.40"), .validity = {.until = last}},
                       {.line = "energy", .price = d("0.45"), .validity = {.from = add_days(last, 1)}}};
    const auto input = day_of("2025-03-01", 31);
    const auto bills = bill(compile(contract, input).value(), {.imported = energy(input.axis, 10)}).value();
    ASSERT_EQ(bills.front().lines.size(), 1U);
    const auto& line = bills.front().lines.front();
    EXPECT_EQ(line.amount, Decimal(3840 + 9072));  // 10 days x 960 kWh x 0.40 + 21 days x 960 kWh x 0.45
    EXPECT_FALSE(line.price);
    EXPECT_EQ(line.rule.en, "sum of energy x price of each slot, prices 0.4, 0.45");
}

TEST(Bill, ARevisedContractDemandCountsFromTheNextBillingPeriod) {
    auto contract = two_bands();
    const auto last = parse_day("2025-03-10").value();
    contract.demands = {{.rate = 38, .validity = {.until = last}},
                        {.rate = 39, .validity = {.from = add_days(last, 1)}}};
    const auto input = day_of("2025-03-01", 61);
    const auto bills = bill(compile(contract, input).value(), {.imported = energy(input.axis, 10)}).value();
    EXPECT_EQ(amount_of(bills[0], "demand"), Decimal(40 * 38));
    EXPECT_EQ(amount_of(bills[1], "demand"), Decimal(40 * 39));
}

TEST(Bill, EnergyBeforeTheAxisCountsTowardsTheDiscount) {
    auto contract = two_bands();
    contract.demands = {{.rate = 10, .capacity_kva = 100, .discount = UseDiscount{.kwh_per_kva = 260, .percent = 10}}};
    auto input = day_of("2025-03-31");
    input.incurred.incurred_kwh = 25'900;
    const auto bills = bill(compile(contract, input).value(), {.imported = energy(input.axis, 10)}).value();
    EXPECT_EQ(amount_of(bills.front(), "demand"), Decimal(360));
}

TEST(Bill, ADayOfClockChangeHasAllItsQuarterHours) {
    for (const auto& [day, slots] : {std::pair("2025-03-30", 92), std::pair("2025-10-26", 100)}) {
        const auto input = day_of(day, 1, "Europe/Berlin");
        const auto bills = bill(compile(two_bands(), input).value(), {.imported = energy(input.axis, 1)}).value();
        EXPECT_EQ(bills.front().energy, Decimal(slots));
        EXPECT_EQ(bills.front().slots - bills.front().missing_slots, slots);
    }
}

TEST(Bill, ExportIsPaidToThePlant) {
    auto contract = two_bands();
    contract.exports = {{.line = "feed_in", .price = d("0.35")}};
    const auto input = day_of("2025-03-01", 31);
    auto exported = energy(input.axis, 0);
    exported.set(50, 20);
    const auto bills =
        bill(compile(contract, input).value(), {.imported = energy(input.axis, 1), .exported = exported}).value();
    EXPECT_EQ(amount_of(bills.front(), "feed_in"), Decimal(-7));
}

TEST(Bill, WaterHasItsOwnUnitAndNoBands) {
    Contract contract;
    contract.id = "water";
    contract.unit = "m3";
    contract.energy = {{.line = "water", .price = d("4.1")}};
    const auto input = day_of("2025-03-01", 31);
    auto flow = energy(input.axis, 0);
    flow.set(5, 12.5);
    EXPECT_EQ(bill(compile(contract, input).value(), {.imported = flow}).error().message,
              "expected the unit m3, found kWh");
    flow.info.unit = "m3";
    const auto bills = bill(compile(contract, input).value(), {.imported = flow}).value();
    EXPECT_EQ(amount_of(bills.front(), "water").text(2), "51.25");
}

TEST(Bill, EachLineRoundsAsItsRuleSays) {
    Contract contract;
    contract.id = "rounding";
    contract.energy = {{.line = "cents", .price = d("0.123456")},
                       {.line = "whole", .price = d("0.123456"), .amount_digits = 0},
                       {.line = "price_in_cents", .price = d("0.123456"), .price_digits = 2}};
    const auto input = day_of("2025-03-03");
    auto load = energy(input.axis, 0);
    load.set(0, 100);
    const auto bills = bill(compile(contract, input).value(), {.imported = load}).value();
    EXPECT_EQ(amount_of(bills.front(), "cents"), d("12.35"));
    EXPECT_EQ(amount_of(bills.front(), "whole"), Decimal(12));
    EXPECT_EQ(amount_of(bills.front(), "price_in_cents"), Decimal(12));
    EXPECT_EQ(bills.front().total, d("36.35"));
}

TEST(Compile, AnAxisThatCutsAMeteringIntervalIsAnError) {
    auto contract = two_bands();
    contract.demands = {{.rate = 10, .interval = minutes(30)}};
    auto input = day_of("2025-03-03");
    input.axis.start += minutes(15);
    const auto terms = compile(contract, input);
    ASSERT_FALSE(terms);
    EXPECT_EQ(terms.error().code, ErrorCode::invalid_argument);
    EXPECT_EQ(terms.error().message, "line demand measures over 30 minutes, which the first slot cuts");
}

TEST(Compile, ADayWithoutAnyPriceIsAnErrorThatNamesIt) {
    Contract contract;
    contract.id = "ended";
    contract.energy = {{.line = "energy", .price = d("0.4"), .validity = {.until = parse_day("2025-03-10").value()}}};
    const auto terms = compile(contract, day_of("2025-03-01", 31));
    ASSERT_FALSE(terms);
    EXPECT_EQ(terms.error().code, ErrorCode::invalid_input);
    EXPECT_EQ(terms.error().where, "contract ended @ 2025-03-11T00:00:00+08:00");
}

TEST(Compile, AContractThatHasEndedIsOutOfRange) {
    auto contract = two_bands();
    contract.validity.until = parse_day("2025-03-10").value();
    EXPECT_EQ(compile(contract, day_of("2025-03-01", 31)).error().code, ErrorCode::out_of_range);
}

TEST(Compile, HolidaysAndSeasonsChooseTheBands) {
    auto contract = two_bands();
    contract.bands.rules.push_back({.band = "deep",
                                    .windows = {{.from_minute = 600, .to_minute = 840}},
                                    .days = {DayKind::holiday},
                                    .priority = 2});
    contract.bands.rules.push_back(
        {.band = "summer", .windows = {{.from_minute = 510, .to_minute = 690}}, .months = {7, 8}, .priority = 1});
    contract.bands.factors = {{"peak", 2}, {"flat", 1}, {"deep", d("0.2")}, {"summer", 3}};
    auto input = day_of("2025-10-01");
    input.calendar.holidays = {parse_day("2025-10-01").value()};
    const auto holiday = compile(contract, input).value();
    EXPECT_EQ(holiday.bands[39], "peak");  // 09:45
    EXPECT_EQ(holiday.bands[40], "deep");
    EXPECT_EQ(compile(contract, day_of("2025-07-01")).value().bands[40], "summer");
}

TEST(BillingPeriod, IsCutWhereTheContractBegins) {
    auto contract = two_bands();
    contract.billing_day = 15;
    contract.validity.from = parse_day("2025-03-20").value();
    const auto zone = TimeZone::find("Asia/Shanghai").value();
    const auto period = billing_period_at(contract, zone, zone.start_of_day(parse_day("2025-04-10").value()));
    EXPECT_EQ(period.label, "2025-03-15");
    EXPECT_EQ(zone.format(period.start), "2025-03-20T00:00:00+08:00");
    EXPECT_EQ(zone.format(period.end), "2025-04-15T00:00:00+08:00");
}

TEST(BillingState, HoldsPeakAndEnergyOfTheLastPeriodOnly) {
    auto contract = two_bands();
    contract.demands = {{.rate = 10}};
    const auto input = day_of("2025-03-30", 5);  // two days of March, three of April
    auto load = energy(input.axis, 10);
    load.set(0, 100);
    load.set(400, 20);
    load.clear(401, Reason::missing);
    const auto state = billing_state(compile(contract, input).value(), {.imported = load});
    EXPECT_EQ(state.incurred_kw.at("demand"), Decimal(80));
    EXPECT_EQ(state.incurred_kwh, Decimal(3 * 960));
}

TEST(PlanTerms, PricesPerMwhBecomePricesPerKwh) {
    Contract contract;
    contract.id = "gas";
    contract.unit = "MWh";
    contract.energy = {{.line = "gas", .price = d("45.5")}};
    const auto terms = plan_terms(compile(contract, day_of("2025-03-03")).value(), {});
    EXPECT_EQ(terms.unit, "kWh");
    EXPECT_EQ(terms.energy.front().price.front(), d("0.0455"));
}

TEST(PlanTerms, TaxesOnTaxesAreFoldedIntoPrices) {
    auto contract = two_bands();
    contract.demands = {{.rate = 10}};
    contract.fixed = {{.line = "meter", .amount = 30}};
    contract.taxes = {
        {.line = "levy_tax", .percent = 5, .basis = {.kind = LineSelection::Kind::listed, .lines = {"energy"}}},
        {.line = "vat", .percent = 13}};
    const auto input = day_of("2025-03-01", 31);
    const auto terms = compile(contract, input).value();
    const auto total = bill(terms, {.imported = energy(input.axis, 10)}).value().front().total.to_double();
    double planned = 0;
    for (const auto& line :
         line_costs(plan_terms(terms, {}), std::vector<double>(static_cast<std::size_t>(input.axis.slots), 40)))
        planned += line.amount;
    EXPECT_NEAR(planned, total, 0.05);
}

}  // namespace
}  // namespace loadstar::tariff
