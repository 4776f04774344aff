// Random plants with several carriers over seeds: what must hold of every plan. LOADSTAR_PLANTS sets how many plants
// (10000), or which (200-300); a few are enough for every run of the tests.
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <numeric>
#include <random>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "plan/plan.hpp"
#include "tariff/bill.hpp"

namespace loadstar::plan {
namespace {

constexpr int slots = 24;
using Path = std::vector<double>;

/// Electricity and gas are bought; heat and cold are made by some of a boiler, a gas engine, a heat pump and a group of
/// chillers, with tanks and a battery.
struct RandomWorks {
    std::mt19937 random;
    Plant plant{*TimeZone::find("Europe/Berlin")};
    PlanRequest request;

    explicit RandomWorks(unsigned seed) : random(seed) {
        plant.carriers = {{.id = "electricity"}, {.id = "gas"}, {.id = "heat"}, {.id = "cold"}};
        if (chance(0.7)) plant.carriers[2].release_price = number(0, 0.01);
        plant.carriers[1].carbon_kg_per_unit = 0.2;
        plant.plan.carbon_price = CarbonPrice(number(0, 0.1));
        add_losses_and_caps();
        plant.grids = {{.id = "power", .carrier = "electricity"}, {.id = "gas", .carrier = "gas"}};
        if (chance(0.5)) plant.grids[0].max_import = Power(number(900, 1600));
        if (chance(0.5)) plant.grids[0].max_export = Power(number(0, 500));
        // A March night in Berlin without an hour.
        request.axis = {*parse_instant("2026-03-28T23:00:00Z"), hours(1), slots};
        request.grid = "power";
        request.load_kw = path(300, 900);
        request.carrier_load = {{"heat", path(0, 700)}, {"cold", path(0, 300)}};
        request.terms = terms(0.05, 0.4, true);
        request.supplies.push_back({.grid = "gas", .terms = terms(0.02, 0.06, chance(0.3)), .load = path(0, 50)});
        add_converters();
        add_stores();
        request.plant = &plant;
        request.mip_gap = 1e-5;
        request.time_limit_s = 3600;  // a busy machine must not change what is found
    }
    RandomWorks(const RandomWorks&) = delete;

    double number(double low, double high) { return std::uniform_real_distribution<double>(low, high)(random); }
    bool chance(double share) { return number(0, 1) < share; }
    Path path(double low, double high) {
        Path values;
        for (int slot = 0; slot < slots; ++slot) values.push_back(std::round(number(low, high) * 10) / 10);
        return values;
    }

    tariff::ChargeTerms terms(double low, double high, bool demand) {
        tariff::ChargeTerms terms{.axis = request.axis};
        terms.bands.assign(slots, "");
        terms.periods.push_back({"2026-03", request.axis.start, request.axis.end(), {}});
        tariff::EnergyTerm energy{.line = "energy", .price = {}, .applies = std::vector<bool>(slots, true)};
        energy.amount_digits = terms.amount_digits = 6;
        for (int slot = 0; slot < slots; ++slot) energy.price.push_back(Decimal::from_double(number(low, high)));
        terms.energy.push_back(energy);
        if (!demand) return terms;
        tariff::PeakTerm peak{.line = "demand", .applies = std::vector<bool>(slots, true), .interval = hours(1)};
        peak.segments = {{Decimal(0), Decimal::from_double(number(0, 3)), {}}};
        peak.amount_digits = 6;
        terms.peaks.push_back(peak);
        return terms;
    }

    /// Heat and cold lose some on the way; what may be emitted is sometimes less than can be.
    void add_losses_and_caps() {
        for (auto* carrier : {&plant.carriers[2], &plant.carriers[3]}) {
            if (chance(0.5)) carrier->loss_share = number(0, 0.2);
            if (chance(0.4)) carrier->standing_loss = number(0, 20);
        }
        plant.carriers[0].carbon_kg_per_unit = number(0.2, 0.6);
        if (chance(0.5)) plant.carriers[0].marginal_carbon_kg_per_unit = number(0.2, 0.9);
        auto& caps = plant.plan.carbon_caps;
        caps.excess_price = CarbonPrice(number(0.5, 5));
        if (chance(0.4)) caps.per_plan = Carbon(number(2000, 9000));
        if (chance(0.3)) caps.per_day = Carbon(number(2000, 9000));
        if (chance(0.3)) caps.per_month = Carbon(31 * number(2000, 9000));
    }

    void add_converters() {
        plant.converters.push_back({.id = "boiler", .points = {{0, {}}, {1, {{"gas", 900}, {"heat", -800}}}}});
        plant.converters.push_back({.id = "chillers",
                                    .kind = ConverterKind::chiller,
                                    .points = {{number(0.1, 0.4), {}}, {1, {{"electricity", 60}, {"cold", -180}}}},
                                    .count = 2,
                                    .start_cost = Money(chance(0.5) ? number(0, 3) : 0)});
        auto& least = plant.converters.back().points.front();
        least.draws = {{"electricity", 70 * least.load}, {"cold", -180 * least.load}};
        least.draws["electricity"] = std::min(least.draws["electricity"], 60.0);
        if (chance(0.7)) add_engine();
        if (chance(0.6)) {
            plant.converters.push_back({.id = "pump",
                                        .kind = ConverterKind::heat_pump,
                                        .points = {{0, {}}, {1, {{"electricity", 70}, {"heat", -210}}}},
                                        .temperature_series = "outdoors",
                                        .temperature = {{-5, 1.3, 0.8}, {15, 1, 1}}});
            request.celsius["outdoors"] = path(-10, 20);
        }
    }
    void add_engine() {
        Converter engine{.id = "engine",
                         .kind = ConverterKind::chp,
                         .points = {{0.5, {{"gas", 460}, {"electricity", -150}, {"heat", -230}}},
                                    {1, {{"gas", 800}, {"electricity", -310}, {"heat", -390}}}},
                         .full_load_cost = MoneyRate(number(0, 5))};
        if (chance(0.3)) engine.points.insert(engine.points.begin() + 1, engine.points[0]);
        if (engine.points.size() == 3) engine.points[1] = {0.8, {{"gas", 700}, {"electricity", -250}, {"heat", -300}}};
        if (chance(0.4)) engine.start_cost = Money(number(0, 30));
        if (chance(0.3)) engine.min_up = Hours(3);
        if (chance(0.3)) engine.min_down = Hours(2);
        if (chance(0.2)) engine.ramp_per_hour = 0.3;
        if (chance(0.2)) engine.outages = {{request.axis.slot_start(5), request.axis.slot_start(9)}};
        plant.converters.push_back(std::move(engine));
    }
    void add_stores() {
        if (chance(0.7)) plant.stores.push_back(store("tank", "heat"));
        if (chance(0.5)) plant.stores.push_back(store("ice", "cold"));
        if (chance(0.5)) plant.batteries.push_back(store("battery", "electricity"));
    }
    Store store(const std::string& id, const std::string& carrier) {
        Store store{.id = id,
                    .carrier = carrier,
                    .max_charge = Power(number(20, 200)),
                    .max_discharge = Power(number(20, 200)),
                    .capacity = Energy(number(50, 800)),
                    .charge_efficiency = number(0.8, 1),
                    .discharge_efficiency = number(0.8, 1),
                    .initial_level = 0.5,
                    .final_level = 0.45,
                    .wear = EnergyPrice(number(0, 0.02)),
                    .self_discharge_per_hour = number(0, 0.01)};
        if (chance(0.3)) store.charge_taper_from = 0.8;
        if (chance(0.3)) store.discharge_taper_below = 0.2;
        return store;
    }
    [[nodiscard]] bool has_times() const {
        return std::ranges::any_of(plant.converters, [](const Converter& converter) {
            return converter.min_up > Hours(0) || converter.min_down > Hours(0) || converter.ramp_per_hour;
        });
    }
    void scale_prices(int factor) {
        const auto scale = [factor](tariff::ChargeTerms& terms) {
            for (auto& price : terms.energy[0].price) price = price * Decimal(factor);
            for (auto& peak : terms.peaks)
                peak.segments[0].rate_per_kw = peak.segments[0].rate_per_kw * Decimal(factor);
        };
        scale(request.terms);
        for (auto& supply : request.supplies) scale(supply.terms);
        for (auto& carrier : plant.carriers) {
            if (carrier.release_price) *carrier.release_price *= factor;
            carrier.unserved_price *= factor;
        }
        plant.plan.carbon_price = factor * plant.plan.carbon_price;
        plant.plan.carbon_caps.excess_price = factor * plant.plan.carbon_caps.excess_price;
        for (auto& grid : plant.grids) grid.breach_price = factor * grid.breach_price;
        for (auto* list : {&plant.stores, &plant.batteries})
            for (auto& store : *list) store.wear = factor * store.wear;
        for (auto& converter : plant.converters) {
            converter.start_cost = factor * converter.start_cost;
            converter.full_load_cost = factor * converter.full_load_cost;
        }
    }
};

Plan plan_of(const PlanRequest& request) {
    NoProgress progress;
    auto plan = make_plan(request, progress);
    if (!plan) throw std::runtime_error(loadstar::to_string(plan.error()));
    return *plan;
}

/// Seeds of the plants to try: the first ones, or "from-to" in LOADSTAR_PLANTS.
std::pair<unsigned, unsigned> seeds() {
    const char* chosen = std::getenv("LOADSTAR_PLANTS");
    if (chosen == nullptr) return {1, 15};
    char* rest = nullptr;
    const auto first = static_cast<unsigned>(std::strtoul(chosen, &rest, 10));
    if (*rest != '-') return {1, first};
    return {first, static_cast<unsigned>(std::strtoul(rest + 1, nullptr, 10))};
}

void expect_sound_and_not_dearer(const RandomWorks& works, const Plan& plan) {
    EXPECT_EQ(plan.outcome, Outcome::optimal);
    const auto violations = check_plan(plan, works.request);
    EXPECT_TRUE(violations.empty()) << violations.front();
    // The rule of thumb does not look at shortest runs and ramps, which a plan must keep.
    if (!works.has_times()) {
        EXPECT_LE(plan.cost_after, plan.cost_before + 1e-5 * std::abs(plan.cost_before));
    }
}

void expect_whole_saving_explained(const Plan& plan) {
    double explained = 0;
    for (const auto& action : plan.actions) explained += action.saving;
    const double saving = plan.cost_before - plan.cost_after;
    EXPECT_NEAR(explained, saving, 0.005 * std::abs(saving) + 1e-3);
}

/// Counted here from the flows alone: everything fed in of heat and cold arrives, is lost, or is let go.
void expect_losses_as_told(const RandomWorks& works, const Plan& plan) {
    for (const auto& made : plan.carriers) {
        const auto* known = find_by_id(works.plant.carriers, made.carrier);
        for (std::size_t at = 0; at < slots; ++at) {
            double taken = works.request.carrier_load.at(made.carrier)[at], given = made.missing[at];
            for (const auto& asset : plan.assets) {
                const auto flow = asset.flows.find(made.carrier);
                if (flow != asset.flows.end()) (flow->second[at] > 0 ? taken : given) += std::abs(flow->second[at]);
            }
            EXPECT_NEAR(given, taken + made.lost[at], 1e-4);
            EXPECT_NEAR(made.lost[at] - known->standing_loss,
                        known->loss_share * (taken + made.lost[at] - known->standing_loss), 1e-4);
        }
    }
}

/// @return  kg above the cap, as the plan tells
double expect_carbon_as_told(const RandomWorks& works, const Plan& plan) {
    const auto& carriers = works.plant.carriers;
    double emitted = 0, excess = 0;
    for (std::size_t at = 0; at < slots; ++at)
        emitted += carriers[0].carbon_kg_per_unit * std::max(0.0, plan.import_kw[at]) +
                   carriers[1].carbon_kg_per_unit * std::max(0.0, plan.supplies[0].drawn[at]);
    EXPECT_NEAR(plan.carbon.average, emitted, 1e-6 * emitted);
    for (const auto& breach : plan.breaches)
        if (breach.limit.en == "carbon cap of the plan") excess = breach.kw;
    if (const auto cap = works.plant.plan.carbon_caps.per_plan) {
        EXPECT_NEAR(std::max(0.0, emitted - cap->value()), excess, 1e-3 * emitted);
    }
    return excess;
}

double billed(const tariff::ChargeTerms& terms, const Path& drawn) {
    auto imported = Series::missing({"load", SeriesKind::interval_energy, "kWh"}, terms.axis);
    for (int slot = 0; slot < slots; ++slot) imported.set(slot, std::max(0.0, drawn[static_cast<std::size_t>(slot)]));
    return tariff::bill(terms, {imported}).value()[0].total.to_double();
}

void expect_cost_is_what_bills_say(const RandomWorks& works, const Plan& plan) {
    double planned = 0;
    for (const auto& cost : plan.costs)
        for (const auto* line : {"energy", "demand", "gas.energy", "gas.demand"})
            if (cost.id == line) planned += cost.after;
    const auto& supply = works.request.supplies[0];
    EXPECT_NEAR(billed(works.request.terms, plan.import_kw) + billed(supply.terms, plan.supplies[0].drawn), planned,
                0.01);
}

void expect_same_for_any_order_and_scale_of_prices(RandomWorks& works, const Plan& plan) {
    std::ranges::reverse(works.plant.converters);
    std::ranges::reverse(works.plant.stores);
    EXPECT_EQ(plan_of(works.request).import_kw, plan.import_kw);
    works.scale_prices(3);
    const double room = 1e-4 * std::abs(plan.cost_after);
    EXPECT_NEAR(plan_of(works.request).cost_after, 3 * plan.cost_after, 3 * room);
}

TEST(RandomWorks, ArePlannedSoundlyExplainedAndBilled) {
    const auto [first, last] = seeds();
    int caps_passed = 0;
    for (unsigned seed = first; seed <= last; ++seed) {
        SCOPED_TRACE(fmt::format("seed {}", seed));
        RandomWorks works(seed);
        const auto plan = plan_of(works.request);
        expect_sound_and_not_dearer(works, plan);
        expect_whole_saving_explained(plan);
        expect_cost_is_what_bills_say(works, plan);
        expect_losses_as_told(works, plan);
        if (expect_carbon_as_told(works, plan) > 0) ++caps_passed;
        expect_same_for_any_order_and_scale_of_prices(works, plan);
    }
    if (last - first >= 14) {
        EXPECT_GT(caps_passed, 0);
    }
}

}  // namespace
}  // namespace loadstar::plan
