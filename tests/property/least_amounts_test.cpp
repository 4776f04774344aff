// Random contracts with least amounts and quantities, reactive energy, tiers and taxes over a plant with a battery, sun
// and a load that may be cut: what a plan says it costs is what the bill of its imports says.
#include <algorithm>
#include <cmath>
#include <map>
#include <random>

#include <gtest/gtest.h>

#include "plan/plan.hpp"
#include "support/billed_costs.hpp"
#include "tariff/bill.hpp"
#include "tariff/compile.hpp"
#include "tariff/cost.hpp"

namespace loadstar::plan {
namespace {

constexpr int slots = 24;
using Path = std::vector<double>;

/// One local day, which is a whole billing period: the contract holds on no other.
class OneDay {
  public:
    explicit OneDay(unsigned seed) : random_(seed) {
        plant.carriers = {{.id = "electricity"}};
        plant.grids = {{.id = "main", .carrier = "electricity", .contract = "drawn"}};
        plant.grids[0].max_export = Power(60);
        plant.batteries.push_back({.id = "battery",
                                   .max_charge = Power(number(10, 60)),
                                   .max_discharge = Power(number(10, 60)),
                                   .capacity = Energy(number(20, 200)),
                                   .charge_efficiency = 0.95,
                                   .discharge_efficiency = 0.95,
                                   .initial_level = 0.5,
                                   .final_level = 0.5,
                                   .wear = EnergyPrice(number(0, 0.01))});
        plant.photovoltaics.push_back({.id = "roof", .series = "roof", .curtailable = true});
        plant.interruptible_loads.push_back({.id = "fan",
                                             .series = "fan",
                                             .max_cut_share = 0.6,
                                             .max_cut_per_day = Hours(6),
                                             .compensation = EnergyPrice(number(0.01, 0.3))});
        const auto start = plant.time_zone.start_of_day(parse_day("2026-03-02").value());
        request.axis = {.start = start, .step = hours(1), .slots = slots};
        request.grid = "main";
        request.state.at = start;
        request.load_kw = path(20, 150);
        request.generation_kw["roof"] = path(0, 80);
        request.asset_load_kw["fan"] = path(0, 40);
        lagging = path(0, 120);
        request.mip_gap = 1e-7;
        request.plant = &plant;
        terms = tariff::compile(contract(), {.axis = request.axis, .zone = plant.time_zone}).value();
        request.terms = tariff::plan_terms(terms, {.import_kw = undisturbed(), .lagging_kvarh = lagging});
    }
    OneDay(const OneDay&) = delete;

    Plant plant{*TimeZone::find("Asia/Shanghai")};
    PlanRequest request;
    tariff::ChargeTerms terms;
    Path lagging;

    [[nodiscard]] double billed(const Path& import_kw) const {
        auto imported = Series::missing({"load", SeriesKind::interval_energy, "kWh"}, request.axis);
        auto exported = imported;
        auto reactive = Series::missing({"kvarh", SeriesKind::interval_energy, "kvarh"}, request.axis);
        for (int slot = 0; slot < slots; ++slot) {
            const auto at = static_cast<std::size_t>(slot);
            imported.set(slot, std::max(0.0, import_kw[at]));
            exported.set(slot, std::max(0.0, -import_kw[at]));
            reactive.set(slot, lagging[at]);
        }
        const auto bills =
            tariff::bill(terms, {.imported = imported, .exported = exported, .reactive_lagging = reactive});
        return bills.value().front().total.to_double();
    }

  private:
    double number(double low, double high) { return std::uniform_real_distribution<double>(low, high)(random_); }
    int integer(int low, int high) { return std::uniform_int_distribution(low, high)(random_); }
    bool one_in(int count) { return integer(1, count) == 1; }
    Decimal price() { return Decimal(integer(10, 900)) / 1000; }
    Path path(double low, double high) {
        Path values;
        for (int slot = 0; slot < slots; ++slot) values.push_back(std::round(number(low, high)));
        return values;
    }
    [[nodiscard]] Path undisturbed() const {
        auto import_kw = request.load_kw;
        for (std::size_t at = 0; at < import_kw.size(); ++at)
            import_kw[at] += request.asset_load_kw.at("fan")[at] - request.generation_kw.at("roof")[at];
        return import_kw;
    }

    Contract contract() {
        Contract contract;
        contract.id = "drawn";
        contract.amount_digits = 6;  // plans do not round
        contract.validity = {parse_day("2026-03-02").value(), parse_day("2026-03-02").value()};
        contract.bands.rules = {{.band = "day", .windows = {{8 * 60, 20 * 60}}}};
        contract.bands.otherwise = "night";
        contract.energy = {{.line = "energy",
                            .source = PriceSource::band_prices,
                            .band_prices = {{"day", price()}, {"night", price()}}}};
        if (one_in(2)) contract.exports = {{.line = "export", .price = price() / 2}};
        if (one_in(2)) contract.energy.push_back(tiers());
        if (one_in(2)) contract.demands.push_back(demand());
        if (one_in(2)) contract.take_or_pay = {{.quantity = integer(500, 4000), .price = price()}};
        if (one_in(2)) contract.reactive = {{.price = price(), .free_share = Decimal(integer(1, 90)) / 100}};
        if (one_in(3))
            contract.reactive.push_back({.line = "day_kvarh", .price = price(), .window = {.bands = {"day"}}});
        if (one_in(2)) contract.fixed = {{.line = "customer", .amount = integer(0, 80)}};
        if (!one_in(4)) contract.minimum = MinimumBill{.amount = integer(50, 3000)};
        if (contract.minimum && one_in(3))
            contract.minimum->basis = {.kind = LineSelection::Kind::listed, .lines = {"energy"}};
        if (one_in(2)) contract.taxes = {{.line = "vat", .percent = integer(1, 20)}};
        return contract;
    }
    EnergyComponent tiers() {
        EnergyComponent one{.line = "tiers", .source = PriceSource::tiers};
        one.tiers.per = one_in(2) ? TierBasis::day : TierBasis::period;
        one.tiers.steps = {{0, price()}, {integer(200, 2000), price()}};
        return one;
    }
    DemandCharge demand() {
        DemandCharge charge{.rate = integer(1, 9), .interval = hours(1)};
        charge.minimum_kw = one_in(3) ? integer(0, 120) : 0;
        if (one_in(3)) charge.tiers = {{0, integer(1, 9)}, {integer(20, 120), integer(1, 12)}};
        return charge;
    }

    std::mt19937 random_;
};

class LeastAmounts : public testing::TestWithParam<unsigned> {
  protected:
    static Plan plan_of(const PlanRequest& request) {
        NoProgress progress;
        auto plan = make_plan(request, progress);
        if (!plan) throw std::runtime_error(loadstar::to_string(plan.error()));
        return *plan;
    }
};

TEST_P(LeastAmounts, APlanCostsWhatItsBillSays) {
    const OneDay day(GetParam());
    ASSERT_TRUE(day.request.terms.unplanned.empty()) << day.request.terms.unplanned.front().why.en;
    const auto plan = plan_of(day.request);
    ASSERT_EQ(plan.outcome, Outcome::optimal);
    const auto violations = check_plan(plan, day.request);
    EXPECT_TRUE(violations.empty()) << violations.front();
    const auto billed = test_support::billed_costs(plan);
    EXPECT_NEAR(billed.after, day.billed(plan.import_kw), 0.01);
    EXPECT_NEAR(billed.before, day.billed(plan.import_before_kw), 0.01);
    EXPECT_LE(plan.cost_after, plan.cost_before + 1e-5);
}

TEST_P(LeastAmounts, ActionsExplainTheWholeSaving) {
    const OneDay day(GetParam());
    const auto plan = plan_of(day.request);
    double explained = 0;
    for (const auto& action : plan.actions) explained += action.saving;
    const double saving = plan.cost_before - plan.cost_after;
    EXPECT_NEAR(explained, saving, 0.005 * std::abs(saving) + 1e-4);
}

/// Nearby plans are no cheaper: the battery moves a little energy from one hour to another, or the fan is cut less.
TEST_P(LeastAmounts, NoNearbyPlanIsCheaper) {
    const OneDay day(GetParam());
    const auto plan = plan_of(day.request);
    const auto battery = std::ranges::find(plan.assets, "battery", &AssetPlan::kind);
    const auto& power = battery->power_kw;
    const double wear = day.plant.batteries[0].wear.value();
    for (std::size_t early = 0; early < slots; early += 2) {
        for (std::size_t late = early + 1; late < slots; late += 3) {
            const double more = 0.5;
            const double back = more * 0.95 * 0.95;
            auto import_kw = plan.import_kw;
            if (power[early] < 0 || power[late] > 0) continue;
            if (power[early] + more > day.plant.batteries[0].max_charge.value()) continue;
            if (-power[late] + back > day.plant.batteries[0].max_discharge.value()) continue;
            const auto highest = *std::max_element(battery->level_kwh.begin() + static_cast<std::ptrdiff_t>(early),
                                                   battery->level_kwh.begin() + static_cast<std::ptrdiff_t>(late) + 1);
            if (highest + more > day.plant.batteries[0].capacity.value()) continue;
            import_kw[early] += more;
            import_kw[late] -= back;
            if (import_kw[late] < -60) continue;
            EXPECT_GE(day.billed(import_kw) + wear * back, day.billed(plan.import_kw) - 1e-3)
                << early << " to " << late;
        }
    }
}

// What the contracts above are drawn for happens: each kind of charge is due in some and avoided in others.
TEST(LeastAmountsDrawn, AreDueInSomeAndNotInOthers) {
    std::map<std::string, std::pair<int, int>> due;
    for (unsigned seed = 1; seed <= 20; ++seed) {
        const OneDay day(seed);
        for (const auto& cost : tariff::line_costs(day.request.terms, day.request.load_kw))
            ++(cost.amount > 0 ? due[cost.line].first : due[cost.line].second);
    }
    for (const auto* line : {"minimum", "take_or_pay", "reactive"}) {
        EXPECT_GE(due[line].first, 2) << line;
        EXPECT_GE(due[line].second, 1) << line;
    }
    EXPECT_GE(due["day_kvarh"].first, 2);
}

INSTANTIATE_TEST_SUITE_P(Seeds, LeastAmounts, testing::Range(1U, 21U));

}  // namespace
}  // namespace loadstar::plan
