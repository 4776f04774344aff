// Replays of a works that makes its own heat: an engine, a boiler and a tank, gas from a connection of its own.
#include <cmath>
#include <memory>

#include <gmock/gmock.h>

#include "operate/replay.hpp"
#include "tariff/compile.hpp"

namespace loadstar::operate {
namespace {

using namespace literals;

Decimal d(const char* text) { return Decimal::parse(text).value(); }

struct HeatWorks {
    Plant plant{TimeZone::find("Asia/Shanghai").value()};
    ReplayRequest request;

    HeatWorks() {
        plant.step = hours(1);
        plant.carriers = {{.id = "electricity"},
                          {.id = "gas", .carbon_kg_per_unit = 0.2, .carbon_source = "made up"},
                          {.id = "heat", .carbon_source = {}, .release_price = 0.01}};
        plant.plan.carbon_price = CarbonPrice(0.05);
        Contract power{.id = "power"};
        power.bands.rules = {{.band = "day", .windows = {{.from_minute = 480, .to_minute = 1200}}}};
        power.bands.otherwise = "night";
        power.energy = {{.line = "energy",
                         .source = PriceSource::band_prices,
                         .band_prices = {{"day", d("0.9")}, {"night", d("0.3")}}}};
        power.demands = {{.rate = 3, .interval = hours(1)}};
        Contract gas{.id = "gas"};
        gas.carrier = "gas";
        gas.energy = {{.line = "gas", .price = d("0.2")}};
        plant.contracts = {power, gas};
        plant.grids = {{.id = "grid", .carrier = "electricity", .contract = "power"},
                       {.id = "gas_main", .carrier = "gas", .contract = "gas"}};
        plant.converters = {{.id = "boiler", .points = {{0, {}}, {1, {{"gas", 500}, {"heat", -450}}}}},
                            {.id = "engine",
                             .points = {{0.5, {{"gas", 130}, {"electricity", -50}, {"heat", -60}}},
                                        {1, {{"gas", 250}, {"electricity", -100}, {"heat", -120}}}},
                             .start_cost = Money(4),
                             .min_up = 3_h,
                             .min_down = 2_h}};
        plant.stores = {{.id = "tank",
                         .carrier = "heat",
                         .max_charge = 100_kW,
                         .max_discharge = 100_kW,
                         .capacity = 300_kWh,
                         .initial_level = 0.5,
                         .final_level = 0.5,
                         .self_discharge_per_hour = 0.002}};
        request = {.plant = &plant,
                   .grid = "grid",
                   .first = parse_day("2026-03-30").value(),
                   .last = parse_day("2026-04-01").value(),
                   .replan_every = hours(24)};
    }
    static double heat_at(Instant at) {
        const double hour = to_hours(at - parse_instant("2026-03-01T00:00:00Z").value()).value();
        return 90 + 50 * std::sin(hour / 7) + 20 * std::sin(hour / 2.3);
    }
    static std::vector<double> heats(const Horizon& axis, double factor) {
        std::vector<double> result;
        for (int slot = 0; slot < axis.slots; ++slot) result.push_back(factor * heat_at(axis.slot_start(slot)));
        return result;
    }
    static OtherCarriers carriers(const Horizon& axis, double factor) {
        OtherCarriers others;
        others.carrier_load["heat"] = heats(axis, factor);
        others.supply_load["gas_main"].assign(static_cast<std::size_t>(axis.slots), 0.0);
        return others;
    }

    /// @param belief  heat as a multiple of what comes
    [[nodiscard]] ReplaySources sources(double belief) const {
        const auto loads = [](const Horizon& axis) {
            return std::vector<double>(static_cast<std::size_t>(axis.slots), 300.0);
        };
        return {.outlook = [=](const Horizon& axis) -> Result<Outlook> {
                    return Outlook{.load_kw = loads(axis), .others = carriers(axis, belief)};
                },
                .reality = [=](const Horizon& axis) -> Result<Reality> {
                    return Reality{.load_kw = loads(axis), .others = carriers(axis, 1)};
                },
                .terms = [this](const std::string& grid, const Horizon& axis,
                                const BillingState& billing) -> Result<tariff::ChargeTerms> {
                    const auto& contract = *find_by_id(plant.contracts, find_by_id(plant.grids, grid)->contract);
                    LOADSTAR_TRY(
                        const auto terms,
                        tariff::compile(contract, {.axis = axis, .zone = plant.time_zone, .incurred = billing}));
                    return tariff::plan_terms(terms, {});
                }};
    }
    [[nodiscard]] Replay replayed(double belief) const {
        NoProgress progress;
        return replay(request, sources(belief), progress).value();
    }
};

double sum(const std::vector<double>& path) {
    double total = 0;
    for (const double value : path) total += value;
    return total;
}

TEST(ReplayOfCarriers, ADayThatCameAsBelievedCostsWhatItsPlanSays) {
    HeatWorks works;
    works.request.last = works.request.first;
    const auto done = works.replayed(1);
    const auto axis = done.axis;
    const auto sources = works.sources(1);
    plan::PlanRequest request{.plant = &works.plant,
                              .grid = "grid",
                              .terms = sources.terms("grid", axis, {}).value(),
                              .axis = axis,
                              .state = {.at = axis.start},
                              .load_kw = std::vector<double>(24, 300.0),
                              .carrier_load = HeatWorks::carriers(axis, 1).carrier_load,
                              .mip_gap = plan::schedule_gap};
    request.supplies = {{.grid = "gas_main",
                         .terms = sources.terms("gas_main", axis, {}).value(),
                         .load = std::vector<double>(24, 0.0)}};
    NoProgress progress;
    const auto plan = plan::make_plan(request, progress).value();
    EXPECT_NEAR(done.days[0].cost, plan.cost_after - plan.fixed_cost, 1e-6);
    EXPECT_NEAR(done.days[0].cost_idle, plan.cost_before - plan.fixed_cost, 1e-6);
    EXPECT_NEAR(done.days[0].promised_cost, done.days[0].cost, 1e-6);
    EXPECT_NEAR(done.days[0].promised_saving, done.days[0].measured_saving, 1e-6);
    EXPECT_GT(done.days[0].measured_saving, 50);
    EXPECT_EQ(done.days[0].out_of_turn, 0);
}

// Doing nothing: the boiler makes all heat and what the tank loses, so its gas can be told without any plan.
TEST(ReplayOfCarriers, DoingNothingIsTheBoilerFollowingTheHeat) {
    HeatWorks works;
    const auto done = works.replayed(0.8);
    const auto heat = HeatWorks::heats(done.axis, 1);
    const double losses = 72 * 0.002 * 150;
    EXPECT_NEAR(sum(done.idle.drawn.at("gas_main")), (sum(heat) + losses) / 0.9, 1e-3);
    EXPECT_NEAR(sum(done.idle.import_kw), 72 * 300, 1e-9);
    double cost = 0;
    for (const auto& day : done.days) cost += day.cost_idle;
    const double gas = sum(done.idle.drawn.at("gas_main")) * (0.2 + 0.2 * 0.05);
    // 12 hours at 0.9 and 12 at 0.3 each day; the demand of March, and that of April, which its first day adds.
    EXPECT_NEAR(cost, gas + 3 * 300 * 12 * (0.9 + 0.3) + 2 * 3 * 300, 1e-3);
}

TEST(ReplayOfCarriers, WrongBeliefsStillServeEveryNeedWithinTheLimits) {
    for (const double belief : {0.7, 1.3}) {
        HeatWorks works;
        works.request.replan_every = hours(1);
        const auto done = works.replayed(belief);
        double saved = 0;
        for (const auto& day : done.days) {
            EXPECT_NEAR(day.unserved.at("heat"), 0, 1e-6);
            saved += day.measured_saving;
        }
        EXPECT_GT(saved, 0) << belief;
        const double level = done.planned.end.store_level.at("tank").value();
        EXPECT_GE(level, 0);
        EXPECT_LE(level, 300);
        // Power of the engine and gas belong together: 250 for 100 at full load, 130 for 50 at half.
        const double made = 72 * 300 - sum(done.planned.import_kw);
        EXPECT_GT(made, 0);
        EXPECT_LE(made, 72 * 100);
    }
}

// Half a kilogram was believed of every hour; the odd hours emit 0.8, the others 0.2, and these are paid for.
TEST(ReplayOfCarriers, CarbonIsPaidByTheFactorsOfTheHour) {
    HeatWorks works;
    works.plant.carriers[0].carbon_series = "mix";
    const auto known = works.sources(1);
    auto sources = known;
    const auto factors = [](const Horizon& axis, const auto& of_hour) {
        plan::CarbonFactors mix;
        for (int slot = 0; slot < axis.slots; ++slot) mix.average.push_back(of_hour(axis.slot_start(slot)));
        mix.marginal = mix.average;
        return mix;
    };
    const auto as_it_is = [](Instant at) {
        return (at - parse_instant("2026-03-01T00:00:00Z").value()) / hours(1) % 2 == 1 ? 0.8 : 0.2;
    };
    sources.outlook = [&](const Horizon& axis) -> Result<Outlook> {
        LOADSTAR_TRY(auto outlook, known.outlook(axis));
        outlook.others.carbon["electricity"] = factors(axis, [](Instant) { return 0.5; });
        return outlook;
    };
    sources.reality = [&](const Horizon& axis) -> Result<Reality> {
        LOADSTAR_TRY(auto reality, known.reality(axis));
        reality.others.carbon["electricity"] = factors(axis, as_it_is);
        return reality;
    };
    NoProgress progress;
    const auto done = replay(works.request, sources, progress).value();
    for (const auto* world : {&done.idle, &done.planned}) {
        const auto& carbon = *std::ranges::find(world->beside_the_bills, "carbon", &plan::CostPath::id);
        for (std::size_t at = 0; at < world->import_kw.size(); ++at) {
            const double factor = as_it_is(done.axis.slot_start(static_cast<int>(at)));
            EXPECT_NEAR(carbon.cost[at], 0.05 * factor * std::max(0.0, world->import_kw[at]), 1e-9) << at;
        }
    }
}

// No look-ahead: what happens later changes nothing before it.
TEST(ReplayOfCarriers, ALaterDayChangesNothingBeforeIt) {
    HeatWorks works;
    const auto whole = works.replayed(0.9);
    works.request.last = works.request.first;
    const auto first = works.replayed(0.9);
    for (std::size_t at = 0; at < 24; ++at)
        EXPECT_NEAR(whole.planned.import_kw[at], first.planned.import_kw[at], 1e-9) << at;
}

TEST(ReplayOfCarriers, StartsOfTheDayCountAcrossPlans) {
    HeatWorks works;
    works.request.replan_every = hours(1);
    auto& engine = works.plant.converters[1];
    engine.min_up = engine.min_down = Hours(0);
    engine.start_cost = Money(0);
    engine.max_starts_per_day = 1;
    const auto done = works.replayed(1);
    const auto& running =
        *std::ranges::find(done.planned.beside_the_bills, "converter.engine.running", &plan::CostPath::id);
    EXPECT_DOUBLE_EQ(sum(running.cost), 0);
    int starts = 0;
    bool was_on = false;
    for (std::size_t at = 0; at < done.planned.import_kw.size(); ++at) {
        const bool on = done.planned.import_kw[at] < 300 - 1;
        starts += on && !was_on ? 1 : 0;
        was_on = on;
        if (at % 24 == 23) {
            EXPECT_LE(starts, 1) << at;
            starts = 0;
        }
    }
}

TEST(ReplayOfCarriers, PlansAnewBetweenTwoSlotsAreRefused) {
    HeatWorks works;
    works.request.replan_every = minutes(15);
    NoProgress progress;
    const auto refused = replay(works.request, works.sources(1), progress);
    EXPECT_EQ(refused.error().code, ErrorCode::invalid_argument);
    EXPECT_EQ(refused.error().message, "expected plans anew every multiple of 60 minutes, found 15 minutes");
}

}  // namespace
}  // namespace loadstar::operate
