// Converters on small sites whose cheapest plans can be found by hand.
#include <cmath>
#include <functional>

#include <gmock/gmock.h>

#include "support/plan_site.hpp"

namespace loadstar::plan {
namespace {

using test_support::asset_of;
using test_support::PlanSite;
using testing::DoubleNear;
using testing::ElementsAre;
using testing::Pointwise;

/// Hours from midnight with heat that only the site itself makes, and gas from a connection at a flat price.
struct HeatSite : PlanSite {
    explicit HeatSite(std::vector<double> heat, double gas_price = 0.04)
        : PlanSite(parse_instant("2026-03-01T16:00:00Z").value(), static_cast<int>(heat.size()), hours(1)) {
        plant.carriers.push_back({.id = "heat", .release_price = 0.0});
        plant.carriers.push_back({.id = "gas"});
        plant.grids.push_back({.id = "gas_main", .carrier = "gas"});
        request.carrier_load["heat"] = std::move(heat);
        Supply gas{.grid = "gas_main", .terms = request.terms, .load = Path(request.load_kw.size(), 0.0)};
        for (auto& price : gas.terms.energy[0].price) price = Decimal::from_double(gas_price);
        request.supplies.push_back(std::move(gas));
    }
    using Path = std::vector<double>;

    Converter& add(Converter converter) {
        plant.converters.push_back(std::move(converter));
        return plant.converters.back();
    }
    Converter& add_boiler() {
        return add(
            {.id = "boiler", .kind = ConverterKind::boiler, .points = {{0, {}}, {1, {{"gas", 1000}, {"heat", -900}}}}});
    }
    Converter& add_chp() {
        return add({.id = "chp",
                    .kind = ConverterKind::chp,
                    .points = {{0.5, {{"gas", 130}, {"electricity", -50}, {"heat", -60}}},
                               {1, {{"gas", 250}, {"electricity", -100}, {"heat", -120}}}}});
    }
};

MATCHER(IsClose, "") { return std::abs(std::get<0>(arg) - std::get<1>(arg)) < 1e-6; }

TEST(ConverterPlan, ABoilerFollowsTheHeatWithAndWithoutAPlan) {
    HeatSite site({90, 450, 0});
    site.add_boiler();
    const auto plan = site.plan();
    const auto& boiler = asset_of(plan, "boiler");
    EXPECT_THAT(boiler.flows.at("gas"), Pointwise(IsClose(), {100.0, 500.0, 0.0}));
    EXPECT_THAT(boiler.flows_before.at("gas"), Pointwise(IsClose(), {100.0, 500.0, 0.0}));
    EXPECT_THAT(plan.supplies[0].drawn, Pointwise(IsClose(), {100.0, 500.0, 0.0}));
    EXPECT_NEAR(plan.cost_before - plan.cost_after, 0, 1e-9);
    EXPECT_TRUE(plan.breaches.empty());
}

TEST(ConverterPlan, AChpRunsWhereItsPowerIsWorthMoreThanItsGas) {
    HeatSite site({120, 120, 120});
    site.add_boiler();
    site.add_chp();
    // A full hour costs 250 x 0.04 = 10 of gas, saves 120 / 0.9 x 0.04 = 5.33 of gas in the boiler, and 100 kWh.
    site.set_price([](int slot) { return slot == 1 ? 0.2 : 0.04; });
    const auto plan = site.plan();
    EXPECT_THAT(asset_of(plan, "chp").running, ElementsAre(0, 1, 0));
    EXPECT_THAT(asset_of(plan, "chp").load, Pointwise(IsClose(), {0.0, 1.0, 0.0}));
    EXPECT_NEAR(plan.cost_before - plan.cost_after, 100 * 0.2 - (10 - 120 / 0.9 * 0.04), 1e-6);
}

TEST(ConverterPlan, HeatThatNothingMakesIsABreachWithItsAmount) {
    HeatSite site({90, 1000});
    site.add_boiler();
    const auto plan = site.plan();
    ASSERT_EQ(plan.breaches.size(), 1U);
    EXPECT_EQ(plan.breaches[0].limit.en, "need of heat");
    EXPECT_NEAR(plan.breaches[0].kw, 100, 1e-6);
    EXPECT_NEAR(plan.breaches[0].cost, 100 * 100, 1e-3);
}

TEST(ConverterPlan, MaintenanceKeepsAMachineOff) {
    HeatSite site({60, 60, 60});
    site.add_boiler();
    auto& chp = site.add_chp();
    site.set_price([](int) { return 1.0; });
    chp.outages = {{site.request.axis.slot_start(1), site.request.axis.slot_start(1) + minutes(30)}};
    EXPECT_THAT(asset_of(site.plan(), "chp").running, ElementsAre(1, 0, 1));
}

TEST(ConverterPlan, AStartCostKeepsAMachineRunningThroughACheapHour) {
    HeatSite site({60, 60, 60, 60});
    site.add_boiler();
    auto& chp = site.add_chp();
    site.set_price([](int slot) { return slot == 2 ? 0.02 : 0.5; });
    EXPECT_THAT(asset_of(site.plan(), "chp").running, ElementsAre(1, 1, 0, 1));
    chp.start_cost = Money(50);
    EXPECT_THAT(asset_of(site.plan(), "chp").running, ElementsAre(1, 1, 1, 1));
}

TEST(ConverterPlan, AShortestRunAndAShortestStopAreKeptFromBeforeTheHorizonOn) {
    HeatSite site({60, 60, 60, 60, 60});
    site.add_boiler();
    auto& chp = site.add_chp();
    chp.min_up = Hours(3);
    chp.min_down = Hours(2);
    site.request.state.converters["chp"] = {.running = 1, .since = site.request.axis.start - hours(1), .load = 0.5};
    // Worth nothing but in hour 3. It must run two hours more; a stop after them would last until hour 3 is over.
    site.set_price([](int slot) { return slot == 3 ? 0.5 : 0.0; });
    EXPECT_THAT(asset_of(site.plan(), "chp").running, ElementsAre(1, 1, 1, 1, 0));
    site.set_price([](int slot) { return slot == 4 ? 0.5 : 0.0; });
    EXPECT_THAT(asset_of(site.plan(), "chp").running, ElementsAre(1, 1, 0, 0, 1));
}

TEST(ConverterPlan, ARampLimitsHowFastTheLoadRises) {
    HeatSite site({120, 120, 120, 120});
    site.add_boiler();
    site.add_chp().ramp_per_hour = 0.2;
    site.set_price([](int) { return 1.0; });
    EXPECT_THAT(asset_of(site.plan(), "chp").load, Pointwise(IsClose(), {0.5, 0.7, 0.9, 1.0}));
}

TEST(ConverterPlan, IdenticalCompressorsAreCounted) {
    PlanSite site(parse_instant("2026-03-01T16:00:00Z").value(), 3, hours(1));
    site.plant.carriers.push_back({.id = "air", .unit = "Nm3"});
    site.request.carrier_load["air"] = {0, 600, 1500};
    site.plant.converters.push_back(
        {.id = "compressors",
         .kind = ConverterKind::compressor,
         .points = {{0.4, {{"electricity", 60}, {"air", -400}}}, {1, {{"electricity", 110}, {"air", -1000}}}},
         .count = 4});
    const auto plan = site.plan();
    const auto& compressors = asset_of(plan, "compressors");
    EXPECT_THAT(compressors.running, ElementsAre(0, 1, 2));
    EXPECT_THAT(compressors.flows.at("air"), Pointwise(IsClose(), {0.0, -600.0, -1500.0}));
    // 60 kW at 400 Nm3/h and 50 kW more over the next 600.
    EXPECT_NEAR(compressors.power_kw[1], 60 + 50.0 * 200 / 600, 1e-6);
    EXPECT_NEAR(compressors.power_kw[2], 2 * 60 + 50.0 * 700 / 600, 1e-6);
}

TEST(ConverterPlan, APartLoadCurveIsNotCutShortAcrossItsBend) {
    HeatSite site({500});
    // Half load takes 700 of gas; a mixture of off and full load would take 500 and is no state of one machine.
    site.add({.id = "boiler",
              .points = {{0.1, {{"gas", 300}, {"heat", -100}}},
                         {0.5, {{"gas", 700}, {"heat", -500}}},
                         {1, {{"gas", 1000}, {"heat", -1000}}}}});
    const auto plan = site.plan();
    EXPECT_NEAR(asset_of(plan, "boiler").flows.at("gas")[0], 700, 1e-6);
}

TEST(ConverterPlan, AColdDayMakesAHeatPumpDrawMore) {
    HeatSite site({300, 300});
    site.add({.id = "pump",
              .kind = ConverterKind::heat_pump,
              .points = {{0, {}}, {1, {{"electricity", 100}, {"heat", -300}}}},
              .temperature_series = "outdoors",
              .temperature = {{-10, 1.5, 0.9}, {10, 1, 1}}});
    site.request.celsius["outdoors"] = {0, 20};
    site.plant.carriers[1].unserved_price = 1000;
    const auto plan = site.plan();
    // At 0 degrees halfway between the points: draws x 1.25, gives x 0.95.
    EXPECT_NEAR(asset_of(plan, "pump").power_kw[0], 125, 1e-6);
    EXPECT_NEAR(asset_of(plan, "pump").flows.at("heat")[0], -285, 1e-6);
    EXPECT_NEAR(plan.carriers[0].missing[0], 15, 1e-6);
    EXPECT_NEAR(asset_of(plan, "pump").power_kw[1], 100, 1e-6);
}

TEST(ConverterPlan, ATankLetsAChpRunInTheDearHour) {
    HeatSite site({0, 0, 60});
    site.add_chp();
    site.add_boiler();
    site.plant.stores.push_back({.id = "tank",
                                 .carrier = "heat",
                                 .max_charge = Power(200),
                                 .max_discharge = Power(200),
                                 .capacity = Energy(120),
                                 .initial_level = 0});
    site.set_price([](int slot) { return slot == 0 ? 0.3 : 0.01; });
    site.plant.carriers[1].release_price = 5.0;
    const auto plan = site.plan();
    EXPECT_THAT(asset_of(plan, "chp").running, ElementsAre(1, 0, 0));
    EXPECT_NEAR(asset_of(plan, "tank").level_kwh[1], 120, 1e-3);  // at full load: power pays for more gas
    EXPECT_NEAR(asset_of(plan, "tank").flows.at("heat")[2], -60, 1e-3);
}

TEST(ConverterPlan, ActionsAddUpToTheSavingAcrossCarriers) {
    HeatSite site({120, 50, 90, 10, 120, 60});
    site.add_boiler();
    site.add_chp().start_cost = Money(1);
    site.plant.stores.push_back({.id = "tank",
                                 .carrier = "heat",
                                 .max_charge = Power(80),
                                 .max_discharge = Power(80),
                                 .capacity = Energy(100),
                                 .final_level = 0.5});
    site.add_demand_charge(0.4);
    site.set_price([](int slot) { return slot % 2 == 0 ? 0.25 : 0.05; });
    const auto plan = site.plan();
    double saved = 0;
    for (const auto& action : plan.actions) saved += action.saving;
    EXPECT_GT(plan.cost_before - plan.cost_after, 1);
    EXPECT_NEAR(saved, plan.cost_before - plan.cost_after, 1e-6);
}

/// A plan of a CHP with everything that its checker looks at.
struct CheckedChp : HeatSite {
    CheckedChp() : HeatSite({120, 50, 90, 110, 120, 60}) {
        add_boiler();
        auto& chp = add_chp();
        chp.min_up = Hours(2);
        chp.ramp_per_hour = 0.5;
        chp.outages = {{request.axis.slot_start(5), request.axis.slot_start(6)}};
        set_price([](int slot) { return slot == 3 ? 0.01 : 0.3; });
        sound = plan();
    }
    [[nodiscard]] std::vector<std::string> after(const std::function<void(AssetPlan&)>& damage) const {
        auto damaged = sound;
        for (auto& asset : damaged.assets)
            if (asset.id == "chp") damage(asset);
        return check_plan(damaged, request);
    }
    Plan sound;
};

TEST(CheckConverter, FindsWhatAMachineCannotDo) {
    const CheckedChp site;
    const auto finds = [&](const char* what, const std::function<void(AssetPlan&)>& damage) {
        EXPECT_THAT(site.after(damage), testing::Contains(testing::HasSubstr(what)));
    };
    EXPECT_TRUE(site.after([](AssetPlan&) {}).empty());
    finds("load 0.3 of 1 machines", [](AssetPlan& chp) { chp.load[1] = 0.3; });
    finds("expected", [](AssetPlan& chp) { chp.flows["gas"][1] += 1; });
    finds("machines run, at most 0 can", [](AssetPlan& chp) { chp.running[5] = 1; });
    finds("balance of gas", [](AssetPlan& chp) { chp.flows["gas"][1] += 1; });
    finds("load goes from", [](AssetPlan& chp) { chp.load[1] = chp.load[0] < 0.7 ? 1.3 : 0.2; });
    finds("changes after", [](AssetPlan& chp) { chp.running = {1, 0, 1, 0, 1, 0}; });
}

}  // namespace
}  // namespace loadstar::plan
