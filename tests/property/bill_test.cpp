// What must hold for every contract and every load: bills add up, scale, split and agree with the terms of a plan.
#include "tariff/bill.hpp"

#include <random>

#include <gtest/gtest.h>

#include "tariff/compile.hpp"
#include "tariff/cost.hpp"

namespace loadstar::tariff {
namespace {

constexpr unsigned seeds = 24;

/// Draws contracts and loads. Prices have few digits, as those of suppliers.
class Draw {
  public:
    explicit Draw(unsigned seed) : random_(seed) {}

    int integer(int from, int to) { return std::uniform_int_distribution(from, to)(random_); }
    bool one_in(int count) { return integer(1, count) == 1; }
    Decimal price() { return Decimal(integer(1, 2000)) / 1000; }

    Contract contract() {
        Contract contract;
        contract.id = "drawn";
        const int morning = 30 * integer(10, 20);
        contract.bands.rules = {
            {.band = "peak", .windows = {{morning, morning + 180}}, .priority = 1},
            {.band = "valley", .windows = {{22 * 60 + 30, 6 * 60}}},
            {.band = "critical", .windows = {{morning, morning + 60}}, .days = {DayKind::working}, .priority = 2}};
        contract.bands.otherwise = "flat";
        contract.bands.factors = {{"peak", price()}, {"valley", price()}, {"critical", price()}, {"flat", 1}};
        contract.energy = {{.line = "energy", .source = PriceSource::floating, .price = price()},
                           {.line = "levy", .price = price()}};
        if (one_in(2)) contract.energy[1].source = PriceSource::floating;
        contract.demands = {demand()};
        contract.fixed = {{.line = "customer", .amount = integer(0, 500)}};
        if (one_in(2)) contract.taxes = {{.line = "vat", .percent = integer(1, 20)}};
        return contract;
    }

    DemandCharge demand() {
        DemandCharge charge{.rate = integer(5, 60), .capacity_kva = 1000};
        charge.interval = one_in(2) ? minutes(30) : minutes(15);
        charge.minimum_kw = integer(0, 200);
        if (one_in(2)) charge.discount = UseDiscount{.kwh_per_kva = 260, .percent = 10};
        if (one_in(2)) {
            charge.mode = DemandMode::contract;
            charge.contract_kw = integer(300, 900);
            charge.excess_reading =
                one_in(2) ? ExcessReading::contract_plus_excess : ExcessReading::tolerance_plus_excess;
        }
        return charge;
    }

    Series load(const Horizon& axis) {
        auto series = Series::missing({.id = "load", .kind = SeriesKind::interval_energy, .unit = "kWh"}, axis);
        for (int slot = 0; slot < axis.slots; ++slot) series.set(slot, integer(0, 25000) / 100.0);
        return series;
    }

  private:
    std::mt19937 random_;
};

CompileInput days(const char* from, const char* until) {
    const auto zone = TimeZone::find("Europe/Berlin").value();
    const auto start = zone.start_of_day(parse_day(from).value());
    const auto end = zone.start_of_day(parse_day(until).value());
    return {.axis = {.start = start, .step = minutes(15), .slots = static_cast<int>((end - start) / minutes(15))},
            .zone = zone};
}

CompileInput march() { return days("2025-03-01", "2025-04-01"); }  // clocks change on the 30th

Decimal sum_of_lines(const Bill& bill, const std::string& prefix) {
    Decimal sum;
    for (const auto& line : bill.lines)
        if (line.line.starts_with(prefix)) sum += line.amount;
    return sum;
}

class BillProperty : public testing::TestWithParam<unsigned> {
  protected:
    Draw draw{GetParam()};
};
INSTANTIATE_TEST_SUITE_P(Seeds, BillProperty, testing::Range(0U, seeds));

TEST_P(BillProperty, EnergyLinesOfTwoMetersAddUpToThoseOfTheirSum) {
    const auto contract = draw.contract();
    const auto input = march();
    const auto terms = compile(contract, input).value();
    const auto one = draw.load(input.axis);
    const auto other = draw.load(input.axis);
    auto both = one;
    for (std::size_t slot = 0; slot < both.values.size(); ++slot) both.values[slot] += other.values[slot];
    const auto lines_of = [&terms](const Series& load) {
        return bill(terms, {.imported = load}).value().front().lines;
    };
    const auto a = lines_of(one);
    const auto b = lines_of(other);
    const auto sum = lines_of(both);
    for (std::size_t line = 0; line < terms.energy.size(); ++line)
        EXPECT_NEAR(sum.at(line).amount.to_double(), (a.at(line).amount + b.at(line).amount).to_double(), 0.011)
            << sum.at(line).line;
}

TEST_P(BillProperty, TenfoldPricesMakeATenfoldBill) {
    auto contract = draw.contract();
    const auto input = march();
    const auto load = draw.load(input.axis);
    const auto total = [&] { return bill(compile(contract, input).value(), {.imported = load}).value().front().total; };
    contract.amount_digits = 6;
    const auto before = total();
    for (auto& component : contract.energy) component.price = component.price * 10;
    for (auto& charge : contract.demands) charge.rate = charge.rate * 10;
    for (auto& item : contract.fixed) item.amount = item.amount * 10;
    EXPECT_NEAR(total().to_double(), before.to_double() * 10, 1e-4);
}

TEST_P(BillProperty, AMonthSplitIntoDaysHasTheSameEnergyLines) {
    auto contract = draw.contract();
    contract.amount_digits = 6;
    const auto input = march();
    const auto load = draw.load(input.axis);
    const auto month = bill(compile(contract, input).value(), {.imported = load}).value().front();
    Decimal energy;
    Decimal levy;
    for (auto day = *parse_day("2025-03-01"); day < *parse_day("2025-04-01"); day = add_days(day, 1)) {
        const auto one = days(to_string(day).c_str(), to_string(add_days(day, 1)).c_str());
        const auto part = bill(compile(contract, one).value(), {.imported = load.window(one.axis)}).value().front();
        energy += sum_of_lines(part, "energy");
        levy += sum_of_lines(part, "levy");
    }
    EXPECT_NEAR(energy.to_double(), sum_of_lines(month, "energy").to_double(), 1e-3);
    EXPECT_NEAR(levy.to_double(), sum_of_lines(month, "levy").to_double(), 1e-3);
}

TEST_P(BillProperty, APeakNeverCostsLessWhenItGrowsAndWithoutJumpsItsCostIsConvex) {
    const auto contract = draw.contract();
    const auto peak = compile(contract, march()).value().peaks.front();
    const bool jumps = peak.segments.front().jump > 0;
    for (int kw = 10; kw < 1500; kw += 5) {
        const auto before = peak.cost(kw - 5);
        const auto here = peak.cost(kw);
        const auto after = peak.cost(kw + 5);
        EXPECT_LE(before, here);
        if (jumps) continue;
        EXPECT_GE(after - here, here - before) << kw;
    }
}

TEST_P(BillProperty, PlanTermsCostWhatTheBillSays) {
    auto contract = draw.contract();
    contract.amount_digits = 6;  // plans do not round, and a bill of many lines may round each by half a cent
    const auto input = march();
    const auto terms = compile(contract, input).value();
    const auto load = draw.load(input.axis);
    const auto billed = bill(terms, {.imported = load}).value().front();
    std::vector<double> import_kw;
    for (const double energy : load.values) import_kw.push_back(energy * 4);
    double planned = 0;
    for (const auto& line : line_costs(plan_terms(terms, {.import_kw = import_kw}), import_kw)) planned += line.amount;
    EXPECT_NEAR(planned, billed.total.to_double(), 0.01);
}

TEST_P(BillProperty, ADemandMeteredOverLongerIntervalsIsNeverHigher) {
    auto contract = draw.contract();
    const auto input = march();
    const auto load = draw.load(input.axis);
    contract.demands.front().interval = minutes(15);
    const auto quarter = bill(compile(contract, input).value(), {.imported = load}).value().front();
    contract.demands.front().interval = minutes(60);
    const auto hour = bill(compile(contract, input).value(), {.imported = load}).value().front();
    EXPECT_LE(*hour.maximum_demand_kw, *quarter.maximum_demand_kw);
}

}  // namespace
}  // namespace loadstar::tariff
