// A boiler, an engine and a tank against needs that came otherwise than believed: every figure by hand.
#include "operate/balance.hpp"

#include <gmock/gmock.h>

#include "operate/execution.hpp"
#include "plan/account.hpp"

namespace loadstar::operate {
namespace {

using namespace literals;
using testing::DoubleNear;
using testing::ElementsAre;

/// Two hours of heat. The boiler burns 1000 of gas for 900 of heat and runs from nothing; the engine burns 250 for 100
/// of power and 120 of heat, at half load 130 for 50 and 60, and is off below.
struct HeatWorks {
    Plant plant{TimeZone::find("UTC").value()};
    plan::PlanRequest request;
    plan::Plan plan;

    HeatWorks() {
        plant.carriers = {{.id = "electricity"},
                          {.id = "gas", .carbon_source = {}},
                          {.id = "heat", .carbon_source = {}, .release_price = 0.01}};
        plant.grids = {{.id = "grid", .carrier = "electricity"}, {.id = "gas_main", .carrier = "gas"}};
        const Horizon axis{.start = parse_instant("2026-03-02T00:00:00Z").value(), .step = hours(1), .slots = 2};
        request = {.plant = &plant, .grid = "grid", .axis = axis, .load_kw = {200, 200}};
        request.terms.axis = axis;
        request.supplies = {{.grid = "gas_main", .terms = request.terms, .load = {0, 0}}};
        request.carrier_load["heat"] = {90, 90};
        plan = {.outcome = plan::Outcome::optimal, .axis = axis, .grid = "grid", .import_kw = {200, 200}};
        plan.supplies = {{.grid = "gas_main", .carrier = "gas", .drawn = {100, 100}, .drawn_before = {}}};
        plan.carriers = {{.carrier = "heat", .missing = {0, 0}, .missing_before = {}}};
    }
    /// Makes all of the heat that is believed to be needed.
    void add_boiler(double count = 1) {
        plant.converters.push_back({.id = "boiler",
                                    .kind = ConverterKind::boiler,
                                    .points = {{0, {}}, {1, {{"gas", 1000}, {"heat", -900}}}},
                                    .count = static_cast<int>(count)});
        plan.assets.push_back({.id = "boiler",
                               .kind = "converter",
                               .power_kw = {0, 0},
                               .flows = {{"gas", {100, 100}}, {"heat", {-90, -90}}},
                               .load = {0.1, 0.1},
                               .running = {1, 1}});
    }
    /// Stands still as planned.
    Converter& add_engine() {
        plant.converters.push_back({.id = "engine",
                                    .kind = ConverterKind::chp,
                                    .points = {{0.5, {{"gas", 130}, {"electricity", -50}, {"heat", -60}}},
                                               {1, {{"gas", 250}, {"electricity", -100}, {"heat", -120}}}}});
        plan.assets.push_back({.id = "engine",
                               .kind = "converter",
                               .power_kw = {0, 0},
                               .flows = {{"gas", {0, 0}}, {"heat", {0, 0}}},
                               .load = {0, 0},
                               .running = {0, 0}});
        return plant.converters.back();
    }
    /// Half full and left alone as planned.
    void add_tank(Energy capacity) {
        plant.stores.push_back(
            {.id = "tank", .carrier = "heat", .max_charge = 100_kW, .max_discharge = 100_kW, .capacity = capacity});
        const double level = capacity.value() / 2;
        plan.assets.push_back({.id = "tank",
                               .kind = "store",
                               .power_kw = {0, 0},
                               .level_kwh = {level, level, level},
                               .flows = {{"heat", {0, 0}}}});
    }
    /// Carries the plan out while this much heat is needed; every balance must close.
    Execution with_heat(std::vector<double> heat, double power = 200) {
        Reality reality{.load_kw = {power, power}};
        reality.others.carrier_load["heat"] = heat;
        reality.others.supply_load["gas_main"] = {0, 0};
        auto done = execute(plan, request, reality, 2);
        for (std::size_t at = 0; at < 2; ++at) {
            double lack = heat[at], gas = 0, drawn = power;
            for (const auto& asset : done.assets) {
                drawn += asset.power_kw[at];
                if (asset.flows.contains("heat")) lack += asset.flows.at("heat")[at];
                if (asset.flows.contains("gas")) gas += asset.flows.at("gas")[at];
            }
            EXPECT_NEAR(done.account.carriers[0].missing[at], lack, 1e-9);
            EXPECT_NEAR(done.account.supplies[0].drawn[at], gas, 1e-9);
            EXPECT_NEAR(done.account.import_kw[at], drawn, 1e-9);
        }
        return done;
    }
};

const plan::AssetPlan& asset_of(const Execution& done, const std::string& id) {
    return *std::ranges::find(done.assets, id, &plan::AssetPlan::id);
}

TEST(Balance, WhatCameAsBelievedIsDoneAsPlanned) {
    HeatWorks works;
    works.add_boiler();
    works.add_engine();
    works.add_tank(100_kWh);
    const auto done = works.with_heat({90, 90});
    EXPECT_EQ(asset_of(done, "boiler").load, (std::vector<double>{0.1, 0.1}));
    EXPECT_EQ(asset_of(done, "engine").running, (std::vector<int>{0, 0}));
    EXPECT_EQ(asset_of(done, "tank").level_kwh, (std::vector<double>{50, 50, 50}));
    EXPECT_EQ(done.out_of_turn, 0);
}

TEST(Balance, AMachineThatRunsTakesUpWhatWasNotForeseen) {
    HeatWorks works;
    works.add_boiler();
    const auto done = works.with_heat({180, 45});
    EXPECT_THAT(asset_of(done, "boiler").flows.at("gas"), ElementsAre(DoubleNear(200, 1e-6), DoubleNear(50, 1e-6)));
    EXPECT_THAT(done.account.carriers[0].missing, ElementsAre(DoubleNear(0, 1e-6), DoubleNear(0, 1e-6)));
}

// 90 more than believed: 50 from the tank, 40 from the boiler. Then 45 less: back into the tank, the boiler as planned.
TEST(Balance, AStoreTakesUpAnErrorFirstAndComesBackToThePlan) {
    HeatWorks works;
    works.add_boiler();
    works.add_tank(100_kWh);
    const auto done = works.with_heat({180, 45});
    EXPECT_THAT(asset_of(done, "tank").level_kwh, ElementsAre(50, DoubleNear(0, 1e-6), DoubleNear(45, 1e-6)));
    EXPECT_THAT(asset_of(done, "boiler").flows.at("heat"), ElementsAre(DoubleNear(-130, 1e-6), DoubleNear(-90, 1e-6)));
}

TEST(Balance, ANeedBeyondEverythingIsToldAndPaid) {
    HeatWorks works;
    works.add_boiler();
    works.add_tank(100_kWh);
    const auto done = works.with_heat({970, 90});  // 50 from the tank, 900 from the boiler
    EXPECT_THAT(done.account.carriers[0].missing, ElementsAre(DoubleNear(20, 1e-6), DoubleNear(0, 1e-6)));
    const auto missing = std::ranges::find(done.account.beside_the_bills, "heat.missing", &plan::CostPath::id);
    EXPECT_NEAR(missing->cost[0], 20 * 100, 1e-3);
    EXPECT_NEAR(asset_of(done, "tank").level_kwh[1], 0, 1e-9);
}

TEST(Balance, AMachineIsStartedOutOfTurnBeforeANeedStaysUnserved) {
    HeatWorks works;
    works.add_boiler();
    works.add_engine();
    const auto done = works.with_heat({1000, 90});
    // 900 from the boiler; 100 from the engine at load 0.5 + 0.5 x 40 / 60, which gives 50 + 50 x 40 / 60 of power.
    EXPECT_THAT(asset_of(done, "engine").running, ElementsAre(1, 0));
    EXPECT_NEAR(asset_of(done, "engine").load[0], 0.5 + 0.5 * 40 / 60, 1e-9);
    EXPECT_NEAR(done.account.import_kw[0], 200 - 50 - 50.0 * 40 / 60, 1e-6);
    EXPECT_EQ(done.out_of_turn, 1);
}

TEST(Balance, AShortestStopHoldsEvenThen) {
    HeatWorks works;
    works.add_boiler();
    works.add_engine().min_down = 3_h;
    works.request.state.converters["engine"] = {.running = 0, .since = works.request.axis.start - hours(2)};
    const auto done = works.with_heat({1000, 1000});
    EXPECT_THAT(asset_of(done, "engine").running, ElementsAre(0, 1));  // three hours after it stopped
    EXPECT_NEAR(done.account.carriers[0].missing[0], 100, 1e-6);
    EXPECT_NEAR(done.account.carriers[0].missing[1], 0, 1e-6);
    EXPECT_EQ(done.end.converters.at("engine").since, works.request.axis.start + hours(1));
    EXPECT_EQ(done.end.converters.at("engine").starts, 1);
}

TEST(Balance, AShortestRunHoldsAMachineThatWasStartedOutOfTurn) {
    HeatWorks works;
    works.add_boiler();
    works.add_engine().min_up = 2_h;
    const auto done = works.with_heat({1000, 90});
    EXPECT_THAT(asset_of(done, "engine").running, ElementsAre(1, 1));
    EXPECT_NEAR(done.account.carriers[0].missing[1], 0, 1e-6);  // the boiler makes 30 beside its least 60
}

TEST(Balance, OneStartADayIsNotExceeded) {
    HeatWorks works;
    works.add_boiler();
    works.add_engine().max_starts_per_day = 1;
    works.request.state.converters["engine"] = {.running = 0, .starts = 1};
    const auto done = works.with_heat({1000, 90});
    EXPECT_THAT(asset_of(done, "engine").running, ElementsAre(0, 0));
}

TEST(Balance, ASurplusThatCannotBeLetGoStopsAMachine) {
    HeatWorks works;
    works.add_engine();
    works.plant.carriers[2].release_price.reset();
    works.plan.assets[0] = {.id = "engine",
                            .kind = "converter",
                            .power_kw = {-100, -100},
                            .flows = {{"gas", {250, 250}}, {"heat", {-120, -120}}},
                            .load = {1, 1},
                            .running = {1, 1}};
    works.request.carrier_load["heat"] = {120, 120};
    works.request.state.converters["engine"] = {.running = 1, .since = {}, .load = 1};
    const auto done = works.with_heat({90, 20});
    // 90 is between half and full load; 20 is less than half, and 20 unserved cost less than 40 too much.
    EXPECT_THAT(asset_of(done, "engine").running, ElementsAre(1, 0));
    EXPECT_NEAR(asset_of(done, "engine").load[0], 0.75, 1e-9);
    EXPECT_NEAR(done.account.carriers[0].missing[1], 20, 1e-9);
}

TEST(Balance, HeatThatMayBeLetGoNeverStopsOne) {
    HeatWorks works;
    works.add_engine();
    works.plan.assets[0].power_kw = {-50, -50};
    works.plan.assets[0].flows = {{"gas", {130, 130}}, {"heat", {-60, -60}}};
    works.plan.assets[0].load = {0.5, 0.5};
    works.plan.assets[0].running = {1, 1};
    works.request.state.converters["engine"] = {.running = 1, .since = {}, .load = 0.5};
    const auto done = works.with_heat({20, 60});
    EXPECT_THAT(asset_of(done, "engine").running, ElementsAre(1, 1));
    EXPECT_NEAR(done.account.carriers[0].missing[0], -40, 1e-9);
}

TEST(Balance, ARampBindsWhatTakesUpAnError) {
    HeatWorks works;
    works.add_boiler();
    works.plant.converters[0].ramp_per_hour = 0.05;
    works.request.state.converters["boiler"] = {.running = 1, .since = {}, .load = 0.1};
    const auto done = works.with_heat({180, 180});
    EXPECT_THAT(asset_of(done, "boiler").load, ElementsAre(DoubleNear(0.15, 1e-9), DoubleNear(0.2, 1e-9)));
    EXPECT_NEAR(done.account.carriers[0].missing[0], 45, 1e-6);
}

/// A tenth of what is fed in is lost, and 5 per hour whatever is taken: 90 are taken of 105.
HeatWorks with_losses() {
    HeatWorks works;
    works.plant.carriers[2].loss_share = 0.1;
    works.plant.carriers[2].standing_loss = 5;
    works.add_boiler();
    works.plan.assets[0].flows = {{"gas", {105 / 0.9, 105 / 0.9}}, {"heat", {-105, -105}}};
    works.plan.assets[0].load = {105.0 / 900, 105.0 / 900};
    return works;
}
Execution while_needed(HeatWorks& works, std::vector<double> heat) {
    works.request.plant = &works.plant;
    Reality reality{.load_kw = {200, 200}};
    reality.others.carrier_load["heat"] = std::move(heat);
    reality.others.supply_load["gas_main"] = {0, 0};
    return execute(works.plan, works.request, reality, 2);
}

TEST(Balance, MakesWhatIsLostOnTheWayToo) {
    auto works = with_losses();
    const auto done = while_needed(works, {99, 45});  // 110 + 5, then 50 + 5
    EXPECT_THAT(asset_of(done, "boiler").flows.at("heat"), ElementsAre(DoubleNear(-115, 1e-6), DoubleNear(-55, 1e-6)));
    EXPECT_THAT(done.account.carriers[0].missing, ElementsAre(DoubleNear(0, 1e-6), DoubleNear(0, 1e-6)));
}

// 9 less are needed, of 10 less fed in: the tank takes 9 of them. 9 more: it gives 10, which are fed in as they are.
TEST(Balance, ATankIsFilledOverLossesAndGivesWhereHeatIsFedIn) {
    auto works = with_losses();
    works.add_tank(100_kWh);
    const auto done = while_needed(works, {81, 99});
    EXPECT_THAT(asset_of(done, "tank").level_kwh, ElementsAre(50, DoubleNear(59, 1e-6), DoubleNear(49, 1e-6)));
    EXPECT_THAT(asset_of(done, "boiler").flows.at("heat"), ElementsAre(DoubleNear(-105, 1e-6), DoubleNear(-105, 1e-6)));
    EXPECT_THAT(done.account.carriers[0].missing, ElementsAre(DoubleNear(0, 1e-6), DoubleNear(0, 1e-6)));
}

// The river gave less than believed: a twentieth of full load, 45 of the 90 of heat that are needed.
TEST(Balance, AMachineIsLoadedNoFurtherThanItCould) {
    HeatWorks works;
    works.add_boiler();
    works.plant.converters[0].max_load_series = "river";
    works.request.max_load["river"] = {1, 1};
    Reality reality{.load_kw = {200, 200}};
    reality.others.carrier_load["heat"] = {90, 90};
    reality.others.max_load["river"] = {0.05, 1};
    const auto done = execute(works.plan, works.request, reality, 2);
    EXPECT_THAT(asset_of(done, "boiler").load, ElementsAre(DoubleNear(0.05, 1e-9), DoubleNear(0.1, 1e-9)));
    EXPECT_THAT(done.account.carriers[0].missing, ElementsAre(DoubleNear(45, 1e-6), DoubleNear(0, 1e-6)));
}

TEST(Balance, AMachineThatCouldNotReachItsLeastLoadIsOff) {
    HeatWorks works;
    works.add_engine().max_load_series = "river";
    works.plant.converters[0].min_up = 3_h;
    works.request.state.converters["engine"] = {
        .running = 1, .since = works.request.axis.start - hours(1), .load = 0.5};
    works.plan.assets[0] = {.id = "engine",
                            .kind = "converter",
                            .power_kw = {-50, -50},
                            .flows = {{"gas", {130, 130}}, {"heat", {-60, -60}}},
                            .load = {0.5, 0.5},
                            .running = {1, 1}};
    works.request.max_load["river"] = {1, 1};
    Reality reality{.load_kw = {200, 200}};
    reality.others.carrier_load["heat"] = {60, 60};
    reality.others.max_load["river"] = {0.6, 0.4};
    const auto done = execute(works.plan, works.request, reality, 2);
    EXPECT_THAT(asset_of(done, "engine").running, ElementsAre(1, 0));
    EXPECT_THAT(done.account.carriers[0].missing, ElementsAre(DoubleNear(0, 1e-6), DoubleNear(60, 1e-6)));
}

/// A chiller of 100 kW for 300 of cold and a store of 200, half full; the plan cools 150 and leaves the store alone.
struct ColdWorks {
    HeatWorks works;
    ColdWorks() {
        works.plant.carriers[2].id = "cold";
        works.request.carrier_load = {{"cold", {150, 150}}};
        works.plan.carriers[0].carrier = "cold";
        works.plant.converters = {{.id = "chiller", .points = {{0, {}}, {1, {{"electricity", 100}, {"cold", -300}}}}}};
        works.plant.stores = {
            {.id = "ice", .carrier = "cold", .max_charge = 100_kW, .max_discharge = 100_kW, .capacity = 200_kWh}};
        works.plan.assets = {{.id = "chiller",
                              .kind = "converter",
                              .power_kw = {50, 50},
                              .flows = {{"cold", {-150, -150}}},
                              .load = {0.5, 0.5},
                              .running = {1, 1}},
                             {.id = "ice",
                              .kind = "store",
                              .power_kw = {0, 0},
                              .level_kwh = {100, 100, 100},
                              .flows = {{"cold", {0, 0}}}}};
        works.plan.import_kw = {250, 250};
        works.request.terms.peaks = {
            {.line = "demand", .applies = {true, true}, .interval = hours(1), .segments = {{0, 30, {}}}}};
    }
    Execution with_load(std::vector<double> load) {
        Reality reality{.load_kw = std::move(load)};
        reality.others.carrier_load["cold"] = {150, 150};
        return execute(works.plan, works.request, reality, 2);
    }
};

// 20 kW more than believed, at a peak of 250 kW that is paid for anyway: the store gives 60 so that the chiller draws
// 20 less. It stays there, and the chiller at what was planned, until a new plan says otherwise.
TEST(Balance, AStoreHoldsThePeakThatIsPaidForAnyway) {
    const auto done = ColdWorks().with_load({220, 190});
    EXPECT_THAT(done.account.import_kw, ElementsAre(DoubleNear(250, 1e-6), DoubleNear(240, 1e-6)));
    EXPECT_THAT(asset_of(done, "ice").level_kwh, ElementsAre(100, DoubleNear(40, 1e-6), DoubleNear(40, 1e-6)));
    EXPECT_THAT(done.account.carriers[0].missing, ElementsAre(DoubleNear(0, 1e-6), DoubleNear(0, 1e-6)));
}

TEST(Balance, AnEmptyStoreLetsThePeakThroughRatherThanANeedUnserved) {
    const auto done = ColdWorks().with_load({300, 200});  // 100 at most from the store: 33 kW less
    EXPECT_NEAR(done.account.import_kw[0], 350 - 100.0 / 3, 1e-6);
    EXPECT_THAT(done.account.carriers[0].missing, ElementsAre(DoubleNear(0, 1e-6), DoubleNear(0, 1e-6)));
    EXPECT_NEAR(asset_of(done, "ice").level_kwh[1], 0, 1e-6);
}

TEST(Balance, WeatherChangesWhatAMachineGivesAndItFollows) {
    HeatWorks works;
    works.add_boiler();
    auto& boiler = works.plant.converters[0];
    boiler.temperature_series = "outdoors";
    boiler.temperature = {{0, 1, 0.8}, {10, 1, 1}};
    works.request.celsius["outdoors"] = {10, 10};
    Reality reality{.load_kw = {200, 200}};
    reality.others.carrier_load["heat"] = {90, 90};
    reality.others.celsius["outdoors"] = {0, 10};
    const auto done = execute(works.plan, works.request, reality, 2);
    EXPECT_NEAR(asset_of(done, "boiler").load[0], 0.1 / 0.8, 1e-9);
    EXPECT_NEAR(asset_of(done, "boiler").flows.at("gas")[0], 100 / 0.8, 1e-6);
    EXPECT_NEAR(asset_of(done, "boiler").flows.at("heat")[1], -90, 1e-9);
}

}  // namespace
}  // namespace loadstar::operate
