// Losses by hand: what must be fed in so that enough arrives.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/hourly_site.hpp"

namespace loadstar::plan {
namespace {

using test_support::asset_of;
using test_support::HourlySite;

/// Heat from an electric boiler at the price of power; a tenth is lost on the way.
struct Heated : HourlySite {
    Heated(std::vector<double> prices, std::vector<double> heat) : HourlySite(prices.size()) {
        set_prices(prices);
        request.load_kw.assign(prices.size(), 0.0);
        plant.carriers.push_back({.id = "heat", .loss_share = 0.1});
        request.carrier_load["heat"] = std::move(heat);
        add({.id = "boiler", .points = {{0, {}}, {1, {{"electricity", 500}, {"heat", -500}}}}});
    }
    Carrier& heat() { return plant.carriers.back(); }
};

// 90 kW arrive of 100; 5 kW are lost whatever is taken.
TEST(Losses, AreFedInOnTopOfWhatIsTaken) {
    Heated site({0.2}, {90});
    site.heat().standing_loss = 5;
    const auto plan = site.plan();
    EXPECT_NEAR(-asset_of(plan, "boiler").flows.at("heat")[0], 105, 1e-6);
    EXPECT_NEAR(plan.cost_after, 105 * 0.2, 1e-6);
    ASSERT_EQ(plan.carriers.size(), 1U);
    EXPECT_NEAR(plan.carriers[0].lost[0], 15, 1e-6);
    EXPECT_NEAR(plan.carriers[0].missing[0], 0, 1e-6);
    EXPECT_NEAR(plan.carriers[0].value[0], 0.2, 1e-6);  // where it is fed in
}

// The rule of thumb makes the same, so that a plan saves nothing by losing less.
TEST(Losses, AreMadeWhenNothingIsDone) {
    Heated site({0.2, 0.3}, {90, 45});
    const auto plan = site.plan();
    EXPECT_NEAR(plan.cost_before, 100 * 0.2 + 50 * 0.3, 1e-6);
    EXPECT_NEAR(plan.cost_after, plan.cost_before, 1e-6);
}

// 9 kWh in the dear hour need 10; a tank that gives them took 10, for which 100/9 were fed in.
TEST(Losses, MeetAStoreOnTheWayInAndItsUsersOnTheWayOut) {
    Heated site({0.1, 0.5}, {0, 9});
    site.plant.stores.push_back({.id = "tank",
                                 .carrier = "heat",
                                 .max_charge = Power(50),
                                 .max_discharge = Power(50),
                                 .capacity = Energy(50),
                                 .charge_efficiency = 1,
                                 .discharge_efficiency = 1,
                                 .initial_level = 0,
                                 .final_level = 0});
    const auto plan = site.plan();
    EXPECT_NEAR(asset_of(plan, "tank").flows.at("heat")[0], 10, 1e-6);
    EXPECT_NEAR(plan.cost_after, 0.1 * 100 / 9, 1e-6);
    EXPECT_NEAR(plan.carriers[0].lost[0], 10.0 / 9, 1e-6);
    EXPECT_NEAR(plan.carriers[0].lost[1], 1, 1e-6);
    double saved = 0;
    for (const auto& action : plan.actions) saved += action.saving;
    EXPECT_NEAR(saved, 10 * 0.5 - 0.1 * 100 / 9, 1e-6);
}

// Gas that is bought without a meter: 18 are needed, 20 bought.
TEST(Losses, AreBoughtToo) {
    HourlySite site(1);
    site.plant.carriers.push_back({.id = "gas", .loss_share = 0.1});
    site.plant.grids.push_back({.id = "gas_main", .carrier = "gas"});
    Supply gas{.grid = "gas_main", .terms = site.request.terms, .load = {18}};
    gas.terms.energy[0].price = {Decimal(2)};
    site.request.supplies.push_back(std::move(gas));
    const auto plan = site.plan();
    EXPECT_NEAR(plan.supplies[0].drawn[0], 20, 1e-6);
    EXPECT_NEAR(plan.supplies[0].lost[0], 2, 1e-6);
    EXPECT_NEAR(plan.cost_after, 100 + 40, 1e-6);
}

TEST(Losses, OfThePlannedConnectionAreInItsReadings) {
    HourlySite site(1);
    site.plant.carriers[0].loss_share = 0.02;
    site.request.plant = &site.plant;
    NoProgress progress;
    EXPECT_THAT(make_plan(site.request, progress).error().message,
                testing::HasSubstr("losses of electricity are part of the load"));
}

}  // namespace
}  // namespace loadstar::plan
