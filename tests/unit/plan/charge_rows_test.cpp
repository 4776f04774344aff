// Charges that several slots decide together, in plans whose optimum can be worked out by hand. The plan's own check
// bills every plan a second time.
#include "plan/charge_rows.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "support/plan_site.hpp"

namespace loadstar::plan {
namespace {

using namespace literals;
using test_support::asset_of;
using test_support::PlanSite;

/// A day of quarter-hours at 100 kW whose energy costs nothing but its tiers; a pump of 60 kWh may be put anywhere.
struct TierSite : PlanSite {
    explicit TierSite(std::vector<tariff::Block> blocks) : PlanSite(96) {
        set_price([](int) { return 0.0; });
        tariff::BlockTerm term{.line = "tiers", .name = "tiers", .blocks = std::move(blocks)};
        term.groups = {{.period = 0}};
        term.group.assign(96, 0);
        request.terms.blocks = {term};
    }
    tariff::BlockTerm& tiers() { return request.terms.blocks.front(); }
    void add_cut(double price) {
        plant.interruptible_loads = {{.id = "oven", .series = "oven", .compensation = EnergyPrice(price)}};
        request.asset_load_kw["oven"].assign(96, 40.0);
    }
};

double largest(const Plan& plan) { return *std::ranges::max_element(plan.import_kw); }

double cut_kwh(const Plan& plan) {
    double cut = 0;
    for (const double kw : asset_of(plan, "oven").power_kw) cut += (40 - kw) * 0.25;
    return cut;
}

TEST(ChargeRows, ARisingTierIsLeftAsFarAsItPays) {
    TierSite site({{0, 1}, {2000, 3}});  // 2,400 kWh and 960 of the oven: 1,360 in the dear tier
    site.add_cut(2);
    const auto plan = site.plan();
    EXPECT_NEAR(cut_kwh(plan), 960, 1e-4);
    site.request.load_kw.assign(96, 60.0);  // 1,440 + 960: 400 in the dear tier
    EXPECT_NEAR(cut_kwh(site.plan()), 400, 1e-4);
}

TEST(ChargeRows, AFallingTierIsWorthItOnlyWhenTheDearOneIsLeft) {
    TierSite site({{0, 3}, {2000, 1}});
    site.request.load_kw.assign(96, 60.0);  // 1,440 + 960 = 2,400: the last kWh cost 1, the first 2,000 cost 3
    site.add_cut(2);
    // Cutting all 960: 400 save 1 each, 560 save 3 each, for 2 each: 160 to the good.
    const auto plan = site.plan();
    EXPECT_NEAR(cut_kwh(plan), 960, 1e-4);
    EXPECT_NEAR(plan.cost_before - plan.cost_after, 160, 1e-3);
    site.request.load_kw.assign(96, 70.0);  // 240 kWh more at the low price: nothing is gained any more
    EXPECT_NEAR(cut_kwh(site.plan()), 0, 1e-4);
}

TEST(ChargeRows, QuantityBeforeThePlanHasFilledItsTiers) {
    TierSite site({{0, 1}, {2000, 3}});
    site.tiers().groups.front().before = 1000;
    site.request.load_kw.assign(96, 30.0);  // 720 + 960 + 1,000: 680 in the dear tier
    site.add_cut(2);
    EXPECT_NEAR(cut_kwh(site.plan()), 680, 1e-4);
}

TEST(ChargeRows, HoursOfUseMakeAHigherPeakCheapen) {
    TierSite site({{0, Decimal(3) / 10}, {10, Decimal(1) / 10}});
    site.add_demand_charge(1);  // less than the 10 h x 0.2 that one more kW saves
    site.tiers().by_demand = true;
    site.tiers().groups.front().demand = 0;
    site.plant.shiftable_loads = {{.id = "pump", .energy_per_day = 60_kWh, .max_power = 80_kW}};
    const auto plan = site.plan();
    // The charge per kW is outweighed by the dear hours it adds: 2 more per kW are due, so the peak stays low.
    EXPECT_NEAR(largest(plan), 102.5, 1e-4);
    site.tiers().blocks = {{0, Decimal(1) / 10}, {10, Decimal(4) / 10}};  // cheap hours grow with the peak
    EXPECT_NEAR(largest(site.plan()), 180, 1e-4);
}

TEST(ChargeRows, TiersByHoursOfUseAreAReasonOfTheirOwn) {
    TierSite site({{0, Decimal(1) / 10}, {10, Decimal(4) / 10}});  // cheap hours grow with the peak
    site.add_demand_charge(1);
    site.tiers().by_demand = true;
    site.tiers().groups.front().demand = 0;
    site.plant.shiftable_loads = {{.id = "pump", .energy_per_day = 60_kWh, .max_power = 80_kW}};
    const auto plan = site.plan();
    // 77.5 kW more of peak cost 77.5 and put 775 kWh from 0.4 into 0.1: 232.5.
    double explained = 0;
    bool told = false;
    for (const auto& action : plan.actions) {
        explained += action.saving;
        told = told || action.reason.en.find("tiers by hours of use: +") != std::string::npos;
    }
    EXPECT_TRUE(told);
    EXPECT_NEAR(plan.cost_before - plan.cost_after, 155, 1e-3);
    EXPECT_NEAR(explained, 155, 1e-3);
}

TEST(ChargeRows, TheMeanOfNamedIntervalsIsLoweredWhereItIsTaken) {
    PlanSite site(96);
    tariff::PeakTerm term{.line = "named", .applies = std::vector<bool>(96, false), .name = "named"};
    for (const std::size_t slot : {40U, 60U}) term.applies[slot] = true;
    term.of = DemandOf::mean;
    term.interval_weight = Decimal(1) / 2;
    term.segments = {{0, 100, 0}};
    site.request.terms.peaks = {term};
    site.add_battery({.id = "battery",
                      .max_charge = 50_kW,
                      .max_discharge = 50_kW,
                      .capacity = 50_kWh,
                      .charge_efficiency = 1,
                      .discharge_efficiency = 1,
                      .initial_level = 0.5,
                      .final_level = 0.5});
    const auto plan = site.plan();
    EXPECT_NEAR(plan.import_kw[40], 50, 1e-4);
    EXPECT_NEAR(plan.import_kw[60], 50, 1e-4);
    EXPECT_NEAR(plan.cost_before - plan.cost_after, 5000, 1e-2);
}

TEST(ChargeRows, ARatchetMakesAnEarlierPeakDearer) {
    PlanSite site(parse_instant("2026-03-30T16:00:00Z").value(), 2 * 96);
    site.request.load_kw[40] = 300;
    site.add_battery({.id = "battery",
                      .max_charge = 50_kW,
                      .max_discharge = 50_kW,
                      .capacity = 50_kWh,
                      .charge_efficiency = 1,
                      .discharge_efficiency = 1,
                      .initial_level = 0.5,
                      .final_level = 0.5});
    for (const int month : {0, 1}) {
        tariff::PeakTerm peak{.line = "demand", .applies = site.all(), .name = "demand", .period = month};
        for (int slot = 0; slot < 192; ++slot) peak.applies[static_cast<std::size_t>(slot)] = slot / 96 == month;
        peak.segments = {{0, 10, 0}};
        if (month == 1) peak.earlier = {0};
        peak.ratchet_share = Decimal(8) / 10;
        site.request.terms.peaks.push_back(peak);
    }
    const auto plan = site.plan();
    EXPECT_NEAR(plan.import_kw[40], 250, 1e-4);
    EXPECT_NEAR(plan.cost_before - plan.cost_after, 10 * 50 * (1 + 0.8), 1e-2);
}

}  // namespace
}  // namespace loadstar::plan
