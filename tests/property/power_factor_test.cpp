// Plans under a power factor adjustment: cases worked out by hand, and random contracts over random plants, where a
// plan costs what the bill of its imports says and no plan on a grid of all of them is cheaper.
#include <algorithm>
#include <cmath>
#include <map>
#include <random>

#include <gtest/gtest.h>

#include "plan/sizes.hpp"
#include "support/billed_costs.hpp"
#include "tariff/bill.hpp"
#include "tariff/compile.hpp"
#include "tariff/cost.hpp"

namespace loadstar::plan {
namespace {

using Path = std::vector<double>;

/// One local day, which is a whole billing period: the contract holds on no other.
struct OneDay {
    explicit OneDay(int slots = 24) {
        plant.carriers = {{.id = "electricity"}};
        plant.grids = {{.id = "main", .carrier = "electricity", .contract = "drawn"}};
        const auto start = plant.time_zone.start_of_day(parse_day("2026-03-02").value());
        request.axis = {.start = start, .step = hours(24 / slots), .slots = slots};
        request.grid = "main";
        request.state.at = start;
        request.mip_gap = 1e-7;
        contract.id = "drawn";
        contract.amount_digits = 6;  // plans do not round
        contract.validity = {parse_day("2026-03-02").value(), parse_day("2026-03-02").value()};
    }
    OneDay(const OneDay&) = delete;

    Plant plant{*TimeZone::find("Asia/Shanghai")};
    PlanRequest request;
    Contract contract;
    tariff::ChargeTerms terms;
    Path lagging, leading;

    [[nodiscard]] Path constant(double value) const {
        return Path(static_cast<std::size_t>(request.axis.slots), value);
    }
    void price() {
        auto import_kw = request.load_kw;
        for (std::size_t at = 0; at < import_kw.size(); ++at) {
            for (const auto& [id, kw] : request.generation_kw) import_kw[at] -= kw[at];
            for (const auto& [id, kw] : request.asset_load_kw) import_kw[at] += kw[at];
        }
        request.plant = &plant;
        terms = tariff::compile(contract, {.axis = request.axis, .zone = plant.time_zone}).value();
        request.terms =
            tariff::plan_terms(terms, {.import_kw = import_kw, .lagging_kvarh = lagging, .leading_kvarh = leading});
    }
    [[nodiscard]] Plan plan() const {
        NoProgress progress;
        auto plan = make_plan(request, progress);
        if (!plan) throw std::runtime_error(loadstar::to_string(plan.error()));
        return *plan;
    }
    [[nodiscard]] double billed(const Path& import_kw) const {
        auto imported = Series::missing({"load", SeriesKind::interval_energy, "kWh"}, request.axis);
        auto exported = imported;
        auto reactive = Series::missing({"kvarh", SeriesKind::interval_energy, "kvarh"}, request.axis);
        auto other = reactive;
        const double hours = request.axis.step_hours().value();
        for (int slot = 0; slot < request.axis.slots; ++slot) {
            const auto at = static_cast<std::size_t>(slot);
            imported.set(slot, std::max(0.0, import_kw[at]) * hours);
            exported.set(slot, std::max(0.0, -import_kw[at]) * hours);
            reactive.set(slot, lagging[at]);
            other.set(slot, leading.empty() ? 0 : leading[at]);
        }
        const auto bills = tariff::bill(
            terms,
            {.imported = imported, .exported = exported, .reactive_lagging = reactive, .reactive_leading = other});
        return bills.value().front().total.to_double();
    }
};

double line_of(const Plan& plan, const std::string& id, double TermCost::*side) {
    double sum = 0;
    for (const auto& cost : plan.costs)
        if (cost.id == id) sum += cost.*side;
    return sum;
}

/// 100 kW all day, 1,100 kvarh, 1.00 per kWh under the table of 1983 for 0.90.
void make_flat(OneDay& day) {
    day.request.load_kw = day.constant(100);
    day.lagging = day.constant(1100.0 / 24);
    day.contract.energy = {{.line = "energy", .price = 1}};
    day.contract.power_factor = standard_power_factor_rule(Decimal(90) / 100);
}

void add_sun(OneDay& day, double kw, bool curtailable) {
    day.plant.photovoltaics = {{.id = "roof", .series = "roof", .curtailable = curtailable}};
    day.request.generation_kw["roof"] = day.constant(0);
    for (std::size_t at = 7; at < 17; ++at) day.request.generation_kw["roof"][at] = kw;
}

// 0.90 is what 0.895 is rounded to: 0.895 / sqrt(1 - 0.895²) = 2.006429 kWh per kvarh, 2,207.07 kWh of this day. With
// all the sun of 10 h x 20 kW the day draws 2,200 kWh: 2,200 / sqrt(2,200² + 1,100²) = 0.8944, 0.89, which costs 0.5 %
// of 2,200.00 = 11.00. Leaving 7.07 kWh of sun costs 7.07 and saves 11.00: 2,207.07 instead of 2,211.00.
TEST(PowerFactorPlan, LeavesSunThatWouldCostAStep) {
    OneDay day;
    make_flat(day);
    add_sun(day, 20, true);
    day.price();
    const auto plan = day.plan();
    ASSERT_EQ(plan.outcome, Outcome::optimal);
    EXPECT_NEAR(plan.cost_before, 2211.00, 1e-6);
    EXPECT_NEAR(plan.cost_after, 2207.07, 0.005);
    EXPECT_NEAR(line_of(plan, "power_factor", &TermCost::before), 11.00, 1e-6);
    EXPECT_NEAR(line_of(plan, "power_factor", &TermCost::after), 0, 1e-9);
    EXPECT_NEAR(day.billed(plan.import_kw), plan.cost_after, 1e-4);
    EXPECT_TRUE(check_plan(plan, day.request).empty());
    double told = 0;
    for (const auto& action : plan.actions) {
        EXPECT_NE(action.reason.en.find("power factor: +"), std::string::npos) << action.reason.en;
        told += action.saving;
    }
    EXPECT_NEAR(told, 2211.00 - 2207.07, 0.02);
}

// The same without a choice: one step is in reach, and there is nothing to try out.
TEST(PowerFactorPlan, IsLinearWhereOneStepIsInReach) {
    OneDay day;
    make_flat(day);
    add_sun(day, 0.5, true);  // 2,395 to 2,400 kWh: 0.91 throughout, a reward of 0.15 %
    day.price();
    const auto plan = day.plan();
    EXPECT_NEAR(plan.cost_after, 2395 * (1 - 0.0015), 1e-6);
    EXPECT_EQ(plan.gap, 0);
    EXPECT_TRUE(check_plan(plan, day.request).empty());
}

// A unit of sun gives 10 kWh and costs 9.20: 0.80 are won with each as long as no step is lost. From 2,400 kWh (0.91,
// less 0.15 %: 2,396.40) down to 2,207.07 kWh the factor is 0.90 at the end: 2,207.07 + 0.92 x 192.93 = 2,384.57. One
// step further, at 2,090.89 kWh: x 1.005 + 0.92 x 309.11 = 2,385.73; all 40 units, 2,000 kWh at 0.88: x 1.01 + 368 =
// 2,388.00.
TEST(PowerFactorPlan, SunIsNoLargerThanItsStepAllows) {
    OneDay day;
    make_flat(day);
    add_sun(day, 1, false);
    const SizeChoice sun{.name = "sun", .most = 40, .cost = 9.2, .parts = {{"roof", SizedValue::photovoltaic_scale}}};
    const auto chosen = [&] {
        day.price();
        NoProgress progress;
        return choose_sizes({.requests = {day.request}, .sizes = {sun}}, progress).value();
    };
    const auto with_rule = chosen();
    EXPECT_EQ(with_rule.outcome, Outcome::optimal);
    EXPECT_NEAR(with_rule.sizes[0], 19.293, 0.001);
    EXPECT_NEAR(with_rule.cost, 2384.57, 0.01);
    day.contract.power_factor.reset();
    const auto without = chosen();
    EXPECT_NEAR(without.sizes[0], 40, 1e-6);
    EXPECT_NEAR(without.cost, 2368, 1e-6);
}

/// Contracts and plants drawn by lot.
class Lot {
  public:
    explicit Lot(unsigned seed) : random_(seed) {}

    double number(double low, double high) { return std::uniform_real_distribution<double>(low, high)(random_); }
    int integer(int low, int high) { return std::uniform_int_distribution(low, high)(random_); }
    bool one_in(int count) { return integer(1, count) == 1; }
    Decimal price() { return Decimal(integer(10, 900)) / 1000; }
    Path path(const OneDay& day, double low, double high) {
        Path values;
        for (int slot = 0; slot < day.request.axis.slots; ++slot) values.push_back(std::round(number(low, high)));
        return values;
    }

    void draw_contract(OneDay& day) {
        auto& contract = day.contract;
        contract.bands.rules = {{.band = "day", .windows = {{6 * 60, 18 * 60}}}};
        contract.bands.otherwise = "night";
        contract.energy = {{.line = "energy",
                            .source = PriceSource::band_prices,
                            .band_prices = {{"day", price()}, {"night", price()}}}};
        if (one_in(2)) contract.exports = {{.line = "export", .price = price() / 2}};
        if (one_in(3)) contract.energy.push_back(tiers());
        if (one_in(2)) contract.demands.push_back(demand(day.request.axis.step));
        if (one_in(3)) contract.take_or_pay = {{.quantity = integer(500, 4000), .price = price()}};
        if (one_in(3)) contract.reactive = {{.price = price() / 9, .free_share = Decimal(integer(1, 90)) / 100}};
        if (one_in(2)) contract.fixed = {{.line = "customer", .amount = integer(0, 80)}};
        contract.power_factor = rule();
        if (one_in(2)) contract.power_factor->basis = {.lines = {"customer", "export"}};
        if (one_in(4)) contract.minimum = MinimumBill{.amount = integer(500, 3000)};
        if (one_in(2)) contract.taxes = {{.line = "vat", .percent = integer(1, 20)}};
    }
    /// kvarh around a tangent of the angle that moves the factor among its steps.
    Path kvarh(const OneDay& day) {
        auto values = day.request.load_kw;
        const double tangent = number(0.2, 0.8);
        for (double& value : values)
            value = std::round(value * day.request.axis.step_hours().value() * tangent * number(0.8, 1.2));
        return values;
    }

  private:
    /// The table of 1983, or a steeper one of few or many steps.
    PowerFactorRule rule() {
        if (one_in(3)) return *standard_power_factor_rule(Decimal(integer(16, 18) * 5) / 100);
        PowerFactorRule rule;
        rule.standard = Decimal(90) / 100;
        rule.rewards = {{Decimal(95) / 100, Decimal(integer(0, 20)) / 10}};
        rule.penalties = {{Decimal(80) / 100, Decimal(integer(1, 40)) / 10}, {0, integer(1, 4)}};
        return rule;
    }
    EnergyComponent tiers() {
        EnergyComponent one{.line = "tiers", .source = PriceSource::tiers};
        one.tiers.per = one_in(2) ? TierBasis::day : TierBasis::period;
        one.tiers.steps = {{0, price()}, {integer(200, 2000), price()}};
        return one;
    }
    DemandCharge demand(Duration interval) {
        DemandCharge charge{.rate = integer(1, 9), .interval = interval};
        charge.minimum_kw = one_in(3) ? integer(0, 120) : 0;
        if (one_in(3)) charge.tiers = {{0, integer(1, 9)}, {integer(20, 120), integer(1, 12)}};
        return charge;
    }

    std::mt19937 random_;
};

/// A battery, sun that may be turned down and a fan that may be cut.
void draw_plant(Lot& lot, OneDay& day) {
    day.plant.grids[0].max_export = Power(60);
    day.plant.batteries.push_back({.id = "battery",
                                   .max_charge = Power(lot.number(10, 60)),
                                   .max_discharge = Power(lot.number(10, 60)),
                                   .capacity = Energy(lot.number(20, 200)),
                                   .charge_efficiency = 0.95,
                                   .discharge_efficiency = 0.95,
                                   .initial_level = 0.5,
                                   .final_level = 0.5,
                                   .wear = EnergyPrice(lot.number(0, 0.01))});
    day.plant.photovoltaics.push_back({.id = "roof", .series = "roof", .curtailable = true});
    day.plant.interruptible_loads.push_back({.id = "fan",
                                             .series = "fan",
                                             .max_cut_share = 0.6,
                                             .max_cut_per_day = Hours(6),
                                             .compensation = EnergyPrice(lot.number(0.01, 0.3))});
    day.request.load_kw = lot.path(day, 20, 150);
    day.request.generation_kw["roof"] = lot.path(day, 0, 80);
    day.request.asset_load_kw["fan"] = lot.path(day, 0, 40);
    day.lagging = lot.kvarh(day);
    if (lot.one_in(3)) day.leading = lot.path(day, 0, 5);
}

class RandomPowerFactor : public testing::TestWithParam<unsigned> {};

TEST_P(RandomPowerFactor, APlanCostsWhatItsBillSaysAndItsActionsTellWhy) {
    Lot lot(GetParam());
    OneDay day;
    lot.draw_contract(day);
    draw_plant(lot, day);
    day.price();
    for (const auto& charge : day.request.terms.unplanned) EXPECT_EQ(charge.line, "minimum") << charge.why.en;
    const auto plan = day.plan();
    ASSERT_EQ(plan.outcome, Outcome::optimal);
    const auto violations = check_plan(plan, day.request);
    EXPECT_TRUE(violations.empty()) << violations.front();
    const auto billed = test_support::billed_costs(plan);
    if (day.request.terms.unplanned.empty()) {
        EXPECT_NEAR(billed.after, day.billed(plan.import_kw), 0.01);
        EXPECT_NEAR(billed.before, day.billed(plan.import_before_kw), 0.01);
    }
    EXPECT_LE(plan.cost_after, plan.cost_before + 1e-3);
    double explained = 0;
    for (const auto& action : plan.actions) explained += action.saving;
    const double saving = plan.cost_before - plan.cost_after;
    EXPECT_NEAR(explained, saving, 0.005 * std::abs(saving) + 1e-4);
}

/// Every plan of four slots in which the battery stands still or moves 10 kW and the sun of two slots is used by
/// thirds.
TEST_P(RandomPowerFactor, NoPlanOnAGridIsCheaper) {
    Lot lot(1000 + GetParam());
    OneDay day(4);
    lot.draw_contract(day);
    if (day.contract.minimum) day.contract.minimum.reset();
    day.plant.grids[0].max_export = Power(60);
    day.plant.batteries.push_back({.id = "battery",
                                   .max_charge = Power(10),
                                   .max_discharge = Power(10),
                                   .capacity = Energy(120),
                                   .charge_efficiency = 0.9,
                                   .discharge_efficiency = 0.9,
                                   .initial_level = 0.5,
                                   .final_level = 0.1});
    day.plant.photovoltaics.push_back({.id = "roof", .series = "roof", .curtailable = true});
    day.request.load_kw = lot.path(day, 20, 150);
    day.request.generation_kw["roof"] = {0, lot.number(5, 60), lot.number(5, 60), 0};
    day.lagging = lot.kvarh(day);
    day.price();
    ASSERT_TRUE(day.request.terms.unplanned.empty()) << day.request.terms.unplanned.front().why.en;
    const auto plan = day.plan();
    ASSERT_EQ(plan.outcome, Outcome::optimal);
    EXPECT_NEAR(plan.cost_after, day.billed(plan.import_kw), 0.01);
    double cheapest = plan.cost_before;
    for (int moves = 0; moves < 81; ++moves) {
        auto import_kw = day.request.load_kw;
        double level = 60;
        bool possible = true;
        for (int slot = 0, left = moves; slot < 4; ++slot, left /= 3) {
            const double kw = 10 * (left % 3 - 1);
            import_kw[static_cast<std::size_t>(slot)] += kw;
            level += 6 * (kw > 0 ? 0.9 * kw : kw / 0.9);
            possible = possible && level > -1e-9 && level < 120 + 1e-9;
        }
        if (!possible || level < 12 - 1e-9) continue;
        for (int used = 0; used < 16; ++used) {
            auto path = import_kw;
            path[1] -= day.request.generation_kw["roof"][1] * (used % 4) / 3;
            path[2] -= day.request.generation_kw["roof"][2] * (used / 4) / 3;
            cheapest = std::min(cheapest, day.billed(path));
        }
    }
    EXPECT_LE(plan.cost_after, cheapest + 1e-3);
}

// What the contracts are drawn for happens: plans that end on another step than doing nothing, better ones and worse.
TEST(RandomPowerFactorDrawn, PlansMoveTheStepEitherWay) {
    std::map<int, int> moved;
    for (unsigned seed = 1; seed <= 24; ++seed) {
        Lot lot(seed);
        OneDay day;
        lot.draw_contract(day);
        draw_plant(lot, day);
        day.price();
        const auto plan = day.plan();
        for (const auto& term : day.request.terms.power_factors) {
            const auto percent = [&](const Path& path) {
                return term.percent_at(tariff::counted_kwh(term.basis, day.request.axis.step, path));
            };
            const auto before = percent(plan.import_before_kw), after = percent(plan.import_kw);
            ++moved[before < after ? 1 : before > after ? -1 : 0];
        }
    }
    EXPECT_GE(moved[-1], 3);
    EXPECT_GE(moved[0], 3);
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomPowerFactor, testing::Range(1U, 25U));

}  // namespace
}  // namespace loadstar::plan
