// Converters, stores and scenarios in plant files: what is read, and how what cannot be is told.
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "site/plant_file.hpp"
#include "site/scenario_file.hpp"
#include "support/temporary_folder.hpp"

namespace loadstar {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* works = R"(site = { name = "Works", time_zone = "Europe/Berlin" }
[carrier.gas]
[carrier.heat]
release_price_per_unit = 0.01
)";

class ConverterFile : public testing::Test {
  protected:
    PlantReading read(const std::string& tables) {
        std::ofstream(folder_.path() / "plant.toml") << works << tables;
        return read_plant_file(folder_.path()).value();
    }
    /// The one mistake of a plant file whose tables begin at line 5.
    Mistake mistake_in(const std::string& tables) {
        const auto reading = read(tables);
        EXPECT_EQ(reading.mistakes.size(), 1U);
        return reading.mistakes.empty() ? Mistake{} : reading.mistakes.front();
    }
    TemporaryFolder folder_;
};

TEST_F(ConverterFile, ReadsAnEngineWithPartLoad) {
    const auto reading = read(R"([converter.engine]
kind = "chp"
draws_per_hour = { gas = 2450 }
gives_per_hour = { electricity = 1000, heat = 1150 }
start_cost = 40
min_up_hours = 3
outage = [{ from = 2026-03-02T06:00:00, until = 2026-03-02T14:00:00 }]
[[converter.engine.part_load]]
load = 0.5
draws_per_hour = { gas = 1310 }
gives_per_hour = { electricity = 500, heat = 620 }
)");
    ASSERT_TRUE(reading.plant) << reading.mistakes.front().message;
    const auto& engine = reading.plant->converters.front();
    ASSERT_EQ(engine.points.size(), 2U);
    EXPECT_EQ(engine.points[0].load, 0.5);
    EXPECT_EQ(engine.points[0].draws.at("heat"), -620);
    EXPECT_EQ(engine.points[1].draws.at("gas"), 2450);
    EXPECT_TRUE(engine.switches());
    EXPECT_NEAR(engine.draws_at(0.75).at("gas"), (1310 + 2450) / 2.0, 1e-9);
    EXPECT_EQ(engine.outages.front().from, *parse_instant("2026-03-02T05:00:00Z"));
    EXPECT_EQ(find_by_id(reading.plant->carriers, "heat")->release_price.value_or(0), 0.01);
}

TEST_F(ConverterFile, ALeastLoadIsAPointInProportionAndNoneIsNoDecision) {
    const auto least =
        read("[converter.b]\ndraws_per_hour = { gas = 100 }\ngives_per_hour = { heat = 90 }\nmin_load = 0.3\n");
    ASSERT_TRUE(least.plant);
    EXPECT_NEAR(least.plant->converters.front().points.front().draws.at("heat"), -27, 1e-9);
    const auto none = read("[converter.b]\ndraws_per_hour = { gas = 100 }\ngives_per_hour = { heat = 90 }\n");
    ASSERT_TRUE(none.plant);
    EXPECT_FALSE(none.plant->converters.front().switches());
}

TEST_F(ConverterFile, AnEfficiencyAboveOneNeedsAMachineThatLiftsHeat) {
    const auto told =
        mistake_in("[converter.b]\ndraws_per_hour = { electricity = 100 }\ngives_per_hour = { heat = 300 }\n");
    EXPECT_THAT(told.message, HasSubstr("gives 3.00 kWh per kWh drawn at load 1"));
    EXPECT_THAT(told.hint, HasSubstr("heat_pump"));
    EXPECT_EQ(told.line, 7);
    EXPECT_TRUE(read("[converter.b]\nkind = \"heat_pump\"\ndraws_per_hour = { electricity = 100 }\n"
                     "gives_per_hour = { heat = 300 }\n")
                    .plant);
}

TEST_F(ConverterFile, ACurveThatFallsIsTold) {
    const auto told = mistake_in(R"([converter.b]
draws_per_hour = { gas = 100 }
gives_per_hour = { heat = 90 }
part_load = [{ load = 0.5, draws_per_hour = { gas = 120 }, gives_per_hour = { heat = 50 } }]
)");
    EXPECT_EQ(told.message, "gas falls from 120 to 100 per hour between load 0.5 and 1");
    EXPECT_EQ(told.line, 8);
}

TEST_F(ConverterFile, PointsOutOfOrderNegativeAmountsAndUnknownCarriersAreTold) {
    EXPECT_THAT(mistake_in("[converter.b]\ndraws_per_hour = { gas = -1 }\ngives_per_hour = { heat = 1 }\n").message,
                HasSubstr("expected an amount of at least 0, found -1 for gas"));
    const auto unknown = mistake_in("[converter.b]\ndraws_per_hour = { gaz = 2 }\ngives_per_hour = { heat = 1 }\n");
    EXPECT_EQ(unknown.message, "no carrier named \"gaz\"");
    EXPECT_EQ(unknown.hint, "did you mean \"gas\"?");
    EXPECT_THAT(mistake_in("[converter.b]\ndraws_per_hour = { gas = 2 }\n").message, HasSubstr("gives nothing"));
    const auto order = read(R"([converter.b]
draws_per_hour = { gas = 100 }
gives_per_hour = { heat = 90 }
part_load = [{ load = 0.6, draws_per_hour = { gas = 60 }, gives_per_hour = { heat = 50 } }, { load = 0.5, draws_per_hour = { gas = 60 }, gives_per_hour = { heat = 50 } }]
)");
    ASSERT_FALSE(order.mistakes.empty());
    EXPECT_EQ(order.mistakes.front().message, "part_load out of order: load 0.5 after 0.6");
}

TEST_F(ConverterFile, AStoreOfNegativeSizeIsTold) {
    const auto told = mistake_in(
        "[store.tank]\ncarrier = \"heat\"\nmax_charge_per_hour = 10\nmax_discharge_per_hour = 10\n"
        "capacity = -4\n");
    EXPECT_THAT(told.message, HasSubstr("above 0 for capacity, found -4"));
    EXPECT_EQ(told.line, 9);
}

TEST_F(ConverterFile, AScenarioChangesValuesAndAddsTables) {
    ASSERT_TRUE(read("[store.tank]\ncarrier = \"heat\"\nmax_charge_per_hour = 10\nmax_discharge_per_hour = 10\n"
                     "capacity = 40\n")
                    .plant);
    const auto file = folder_.path() / "scenarios.toml";
    std::ofstream(file) << R"([scenario.large]
name = "Large tank"
investment = 5000
set = { "store.tank.capacity" = 80, "store.second" = { carrier = "heat", max_charge_per_hour = 5, max_discharge_per_hour = 5, capacity = 9 } }
)";
    const auto scenarios = read_scenarios(file);
    ASSERT_TRUE(scenarios) << to_string(scenarios.error());
    EXPECT_EQ(scenarios->front().investment, Money(5000));
    const auto changed = load_plant(folder_.path(), scenarios->front().changes);
    ASSERT_TRUE(changed) << to_string(changed.error());
    EXPECT_EQ(find_by_id(changed->stores, "tank")->capacity, Energy(80));
    EXPECT_EQ(find_by_id(changed->stores, "second")->capacity, Energy(9));
}

TEST_F(ConverterFile, AScenarioThatDoesNotFitIsToldAtItsPlace) {
    ASSERT_TRUE(read("").plant);
    const auto file = folder_.path() / "scenarios.toml";
    std::ofstream(file) << "[scenario.odd]\nset = { \"carrier.heat.release_price_per_unit\" = -1 }\n";
    const auto scenarios = read_scenarios(file);
    ASSERT_TRUE(scenarios);
    const auto changed = load_plant(folder_.path(), scenarios->front().changes);
    ASSERT_FALSE(changed);
    EXPECT_THAT(changed.error().message, HasSubstr("scenarios.toml:2"));
    EXPECT_THAT(changed.error().message, HasSubstr("found -1"));
    std::ofstream(file) << "[scenario.none]\nname = \"Nothing\"\n";
    const auto nothing = read_scenarios(file);
    ASSERT_FALSE(nothing);
    EXPECT_THAT(nothing.error().message, HasSubstr("scenario none changes nothing"));
}

TEST_F(ConverterFile, ScalesADifferentSizeAndKnowsHowFarItMayBeLoaded) {
    const auto reading = read(R"([converter.boiler]
draws_per_hour = { gas = 100 }
gives_per_hour = { heat = 90 }
full_load_cost_per_hour = 2
scale = 3
)");
    ASSERT_TRUE(reading.plant) << reading.mistakes.front().message;
    const auto& boiler = reading.plant->converters.front();
    EXPECT_EQ(boiler.points.back().draws.at("heat"), -270);
    EXPECT_EQ(boiler.full_load_cost, MoneyRate(6));
    EXPECT_THAT(mistake_in(R"([converter.wheel]
gives_per_hour = { electricity = 90 }
max_load_series = "river"
)")
                    .message,
                HasSubstr("river"));
}

TEST_F(ConverterFile, ReadsLossesFactorsAndCapsOfCarbon) {
    const auto reading = read(R"([carrier.steam]
loss_share = 0.12
standing_loss_per_hour = 40
[carrier.electricity]
carbon_kg_per_unit = 0.4
marginal_carbon_kg_per_unit = 0.7
carbon_source = "a table of 2025"
[plan]
carbon_cap_kg_per_day = 9000
carbon_cap_kg_per_month = 200000
carbon_excess_price_per_kg = 5
)");
    ASSERT_TRUE(reading.plant) << reading.mistakes.front().message;
    const auto* steam = find_by_id(reading.plant->carriers, "steam");
    EXPECT_EQ(steam->loss_share, 0.12);
    EXPECT_EQ(steam->standing_loss, 40);
    EXPECT_EQ(find_by_id(reading.plant->carriers, "electricity")->marginal_carbon_kg_per_unit, 0.7);
    const auto& caps = reading.plant->plan.carbon_caps;
    EXPECT_EQ(caps.per_day, Carbon(9000));
    EXPECT_EQ(caps.per_month, Carbon(200000));
    EXPECT_FALSE(caps.per_plan);
    EXPECT_EQ(caps.excess_price, CarbonPrice(5));
}

TEST_F(ConverterFile, TellsLossesThatAMeterCountsAndCapsOnNothing) {
    const auto cap = mistake_in("[plan]\ncarbon_cap_kg_per_day = 9\n");
    EXPECT_EQ(cap.message, "a cap on carbon, but no carrier has an emission factor");
    EXPECT_THAT(cap.where, HasSubstr("plant.toml:5"));
    const auto lost = mistake_in(R"([carrier.electricity]
loss_share = 0.03
[source.meter]
file = "meter.csv"
stamp = { column = "time" }
column = [{ column = "kWh", series = "load", unit = "kWh" }]
[meter.main]
carrier = "electricity"
series = "load"
[grid.main]
meter = "main"
)");
    EXPECT_THAT(lost.message, HasSubstr("carrier electricity has losses, but meter main of connection main counts"));
    EXPECT_THAT(lost.where, HasSubstr("plant.toml:5"));
    EXPECT_THAT(mistake_in("[carrier.air]\nloss_share = 1.2\n").message, HasSubstr("loss_share"));
}

}  // namespace
}  // namespace loadstar
