// Carbon by hand: a battery without losses moves what is bought between a dirty and a clean hour.
#include <numeric>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/hourly_site.hpp"

namespace loadstar::plan {
namespace {

using test_support::asset_of;
using test_support::HourlySite;
using testing::ElementsAre;

/// 100 kW in each of two hours at 0.1 per kWh; 50 kWh of battery, empty at both ends, wear of 0.01 per kWh.
struct TwoHours : HourlySite {
    TwoHours(std::vector<double> average, std::vector<double> marginal) : HourlySite(2) {
        set_prices({0.1, 0.1});
        add_battery({.id = "main",
                     .max_charge = Power(50),
                     .max_discharge = Power(50),
                     .capacity = Energy(50),
                     .charge_efficiency = 1,
                     .discharge_efficiency = 1,
                     .initial_level = 0,
                     .final_level = 0,
                     .wear = EnergyPrice(0.01)});
        request.carbon["electricity"] = {std::move(average), std::move(marginal)};
    }
};

double explained(const Plan& plan) {
    return std::accumulate(plan.actions.begin(), plan.actions.end(), 0.0,
                           [](double sum, const Action& action) { return sum + action.saving; });
}

// 20 + 100 kg; each kWh moved to the clean hour saves 0.8 kg.
TEST(CarbonCap, MovesAsMuchAsItMust) {
    TwoHours site({0.2, 1}, {0.2, 1});
    site.plant.plan.carbon_caps.per_plan = Carbon(100);
    const auto plan = site.plan();
    EXPECT_NEAR(asset_of(plan, "main").power_kw[1], -25, 1e-6);
    EXPECT_NEAR(plan.carbon.average_before, 120, 1e-6);
    EXPECT_NEAR(plan.carbon.average, 100, 1e-6);
    EXPECT_TRUE(plan.breaches.empty());
    EXPECT_NEAR(explained(plan), plan.cost_before - plan.cost_after, 1e-6);
    EXPECT_NEAR(plan.cost_before - plan.cost_after, 20 * 100 - 25 * 0.01, 1e-6);
}

// All 50 kWh leave 80 kg, 40 more than allowed.
TEST(CarbonCap, TellsTheExcessThatCannotBeHelped) {
    TwoHours site({0.2, 1}, {0.2, 1});
    site.plant.plan.carbon_caps = {.per_plan = Carbon(40), .excess_price = CarbonPrice(2.0)};
    const auto plan = site.plan();
    EXPECT_NEAR(plan.carbon.average, 80, 1e-6);
    ASSERT_EQ(plan.breaches.size(), 1U);
    EXPECT_EQ(plan.breaches[0].limit.en, "carbon cap of the plan");
    EXPECT_EQ(plan.breaches[0].unit, "kg");
    EXPECT_NEAR(plan.breaches[0].kw, 40, 1e-6);
    EXPECT_NEAR(plan.breaches[0].cost, 80, 1e-6);
    EXPECT_NEAR(explained(plan), plan.cost_before - plan.cost_after, 1e-6);
}

TEST(CarbonCap, HoldsForDaysAndInProportionForMonths) {
    HourlySite site(48);
    site.plant.carriers[0].carbon_kg_per_unit = 1;
    site.plant.plan.carbon_caps = {.per_day = Carbon(2000), .excess_price = CarbonPrice(1.0)};
    const auto days = site.solved();
    ASSERT_EQ(days.breaches.size(), 2U);
    EXPECT_EQ(days.breaches[1].limit.en, "carbon cap of 2026-03-03");
    EXPECT_NEAR(days.breaches[1].kw, 400, 1e-6);
    site.plant.plan.carbon_caps = {.per_month = Carbon(31000), .excess_price = CarbonPrice(1.0)};
    const auto month = site.solved();
    ASSERT_EQ(month.breaches.size(), 1U);
    EXPECT_NEAR(month.breaches[0].kw, 4800 - 2000, 1e-6);
}

// On average both hours are alike; one more kWh is dirty in the second.
TEST(CarbonFactors, DecideByTheMarginalAndReportTheAverage) {
    TwoHours site({0.5, 0.5}, {0.2, 1});
    site.plant.plan.carbon_price = CarbonPrice(1.0);
    const auto plan = site.plan();
    EXPECT_THAT(asset_of(plan, "main").power_kw, ElementsAre(50, -50));
    EXPECT_NEAR(plan.carbon.average, 100, 1e-6);
    EXPECT_NEAR(plan.carbon.average_before, 100, 1e-6);
    EXPECT_NEAR(plan.carbon.marginal_before, 120, 1e-6);
    EXPECT_NEAR(plan.carbon.marginal, 80, 1e-6);
    for (const auto& cost : plan.costs)
        if (cost.id == "carbon") {
            EXPECT_NEAR(cost.after, 80, 1e-6);
        }
}

TEST(CarbonFactors, ComeFromThePlantFileWithoutSeries) {
    HourlySite site(2);
    site.plant.carriers[0].carbon_kg_per_unit = 0.4;
    site.plant.carriers[0].marginal_carbon_kg_per_unit = 0.7;
    const auto plan = site.plan();
    EXPECT_NEAR(plan.carbon.average, 80, 1e-6);
    EXPECT_NEAR(plan.carbon.marginal, 140, 1e-6);
}

}  // namespace
}  // namespace loadstar::plan
