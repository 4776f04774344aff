// Plans at the edges: nothing to store, months that change, days of 92 and 100 quarter-hours, negative prices.
#include <algorithm>
#include <numeric>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/plan_site.hpp"

namespace loadstar::plan {
namespace {

using namespace literals;
using test_support::asset_of;
using test_support::PlanSite;

Store battery() {
    return {.id = "battery",
            .max_charge = 50_kW,
            .max_discharge = 50_kW,
            .capacity = 100_kWh,
            .charge_efficiency = 0.9,
            .discharge_efficiency = 0.9,
            .initial_level = 0.5,
            .final_level = 0.5};
}

double sum(const std::vector<double>& values) { return std::accumulate(values.begin(), values.end(), 0.0); }

TEST(PlanEdges, ABatteryOfZeroSizeDoesNothing) {
    PlanSite site(96);
    site.set_price([](int slot) { return slot < 48 ? 0.1 : 1.0; });
    auto none = battery();
    none.capacity = 0_kWh;
    site.add_battery(none);
    const auto plan = site.plan();
    EXPECT_EQ(plan.outcome, Outcome::optimal);
    EXPECT_NEAR(plan.cost_after, plan.cost_before, 1e-6);
    EXPECT_TRUE(plan.actions.empty());
}

TEST(PlanEdges, AFinalLevelAboveTheInitialIsChargedInBothWorlds) {
    PlanSite site(96);
    site.set_price([](int slot) { return slot < 48 ? 0.1 : 1.0; });
    auto empty = battery();
    empty.initial_level = 0;
    empty.final_level = 0.9;
    site.add_battery(empty);
    const auto plan = site.plan();  // never dearer than doing nothing
    const auto& asset = asset_of(plan, "battery");
    EXPECT_NEAR(sum(asset.before_kw) / 4, 100, 1e-6);  // 90 kWh at 0.9
    EXPECT_NEAR(asset.level_kwh.back(), 90, 1e-6);
    EXPECT_GT(plan.cost_before - plan.cost_after, 40);
}

TEST(PlanEdges, AFinalLevelTheHorizonIsTooShortForIsReachedAsFarAsPossible) {
    PlanSite site(4);
    auto empty = battery();
    empty.initial_level = 0;
    empty.final_level = 1;
    site.add_battery(empty);
    const auto plan = site.plan();
    ASSERT_EQ(plan.outcome, Outcome::optimal);
    EXPECT_NEAR(asset_of(plan, "battery").level_kwh.back(), 45, 1e-6);
}

TEST(PlanEdges, TheMonthsOfAHorizonPayEachTheirOwnPeak) {
    PlanSite site(parse_instant("2026-03-30T16:00:00Z").value(),
                  2 * 96);  // the last day of March and the first of April
    site.request.load_kw[40] = 300;
    site.request.load_kw[96 + 40] = 200;
    site.add_battery(battery());
    for (const int month : {0, 1}) {
        tariff::PeakTerm peak{.line = "demand", .applies = site.all(), .period = month};
        for (int slot = 0; slot < 192; ++slot) peak.applies[static_cast<std::size_t>(slot)] = slot / 96 == month;
        peak.segments = {{Decimal(0), Decimal(10), {}}};
        if (month == 0) peak.incurred_kw = Decimal(280);
        site.request.terms.peaks.push_back(peak);
    }
    const auto plan = site.plan();
    const auto largest = [&](int day) {
        return *std::max_element(plan.import_kw.begin() + day * 96, plan.import_kw.begin() + (day + 1) * 96);
    };
    EXPECT_NEAR(largest(0), 280, 1e-6);  // what March has incurred is paid already
    EXPECT_NEAR(largest(1), 150, 1e-6);
    EXPECT_NEAR(plan.cost_before - plan.cost_after, 10 * (20 + 50), 6);  // less what the battery loses
}

/// A local day of Berlin with a cheap stretch from two to four on the wall clock.
class ClockChange : public testing::TestWithParam<std::pair<const char*, int>> {};

TEST_P(ClockChange, ADayHasAsManySlotsAsItHas) {
    const auto zone = TimeZone::find("Europe/Berlin").value();
    const auto day = parse_day(GetParam().first).value();
    const auto start = zone.start_of_day(day);
    const int slots = static_cast<int>((zone.start_of_day(add_days(day, 1)) - start) / minutes(15));
    ASSERT_EQ(slots, GetParam().second);
    PlanSite site(start, slots);
    site.plant.time_zone = zone;
    const auto minute = [&](int slot) { return zone.to_civil(site.request.axis.slot_start(slot)).minute_of_day(); };
    site.set_price([&](int slot) { return minute(slot) < 6 * 60 ? 0.1 : 1.0; });
    site.add_battery(battery());
    site.plant.shiftable_loads = {{.id = "pump",
                                   .energy_per_day = 60_kWh,
                                   .max_power = 40_kW,
                                   .window = {.from_minute = 60, .to_minute = 5 * 60}}};
    site.plant.shifts = {{.name = "night", .window = {.from_minute = 0, .to_minute = 5 * 60}, .weekdays = {6}}};
    site.plant.machines = {{.id = "saw", .shifts = {"night"}}};
    site.add_job("order", {"saw"}, std::vector<Power>(6, 20_kW));
    const auto plan = site.plan();
    EXPECT_EQ(plan.import_kw.size(), static_cast<std::size_t>(slots));
    const double hours_of_window = 4 + (slots - 96) / 4.0;
    EXPECT_NEAR(sum(asset_of(plan, "pump").power_kw) / 4, 60 * std::min(1.0, hours_of_window / 4), 1e-6);
    EXPECT_TRUE(asset_of(plan, "order").job_start);
    for (int slot = 0; slot < slots; ++slot)
        EXPECT_TRUE(asset_of(plan, "order").power_kw[static_cast<std::size_t>(slot)] == 0 || minute(slot) < 5 * 60);
}
INSTANTIATE_TEST_SUITE_P(Days, ClockChange, testing::Values(std::pair("2026-03-29", 92), std::pair("2026-10-25", 100)));

TEST(PlanEdges, ANegativePriceIsNoReasonToChargeAndDischargeAtOnce) {
    PlanSite site(32);
    site.set_price([](int slot) { return slot < 16 ? -0.5 : 0.3; });
    site.plant.grids[0].max_import = 400_kW;
    site.add_battery(battery());
    const auto plan = site.plan();  // the checker follows the level of a battery that does one thing at a time
    ASSERT_EQ(plan.outcome, Outcome::optimal);
    EXPECT_NEAR(*std::ranges::max_element(asset_of(plan, "battery").level_kwh), 100, 1e-6);
}

TEST(PlanEdges, ALoadThatMayMoveTakesNoMoreThanItNeedsThoughPowerIsPaidFor) {
    PlanSite site(8);
    site.plant.shiftable_loads.push_back({.id = "pump", .energy_per_day = Energy(48), .max_power = Power(40)});
    site.set_price([](int slot) { return slot < 6 ? -0.5 : 0.1; });
    const auto plan = site.plan();
    double kwh = 0;
    for (const double kw : asset_of(plan, "pump").power_kw) kwh += kw / 4;
    EXPECT_NEAR(kwh, 48.0 * 2 / 24, 1e-6);  // two hours' share of its day
}

TEST(PlanEdges, ALoadThatIsOnOrOffRunsInWholeSlots) {
    PlanSite site(8);
    site.plant.shiftable_loads.push_back({.id = "pump",
                                          .energy_per_day = Energy(20),
                                          .max_power = Power(40),
                                          .window = {.from_minute = 0, .to_minute = 120},
                                          .on_off = true});
    site.set_price([](int slot) { return 1.0 + slot; });
    const auto plan = site.plan();
    EXPECT_THAT(asset_of(plan, "pump").power_kw,
                testing::Pointwise(testing::DoubleNear(1e-6), {40.0, 40.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0}));
}

TEST(PlanEdges, ALimitThatCannotBeKeptIsToldAndIsTheReasonOfWhatEasesIt) {
    PlanSite site(16);
    site.plant.grids[0].max_import = 150_kW;
    site.plant.grids[0].breach_price = PowerPrice(10);
    for (int slot = 4; slot < 12; ++slot) site.request.load_kw[static_cast<std::size_t>(slot)] = 200;
    site.add_battery(battery());  // can give less than the 100 kWh that are too much
    const auto plan = site.plan();
    ASSERT_FALSE(plan.breaches.empty());
    ASSERT_FALSE(plan.actions.empty());
    for (const auto& breach : plan.breaches) {
        EXPECT_GE(breach.start, site.request.axis.slot_start(4));
        EXPECT_LE(breach.end, site.request.axis.slot_start(12));
    }
    const auto eases = std::ranges::max_element(plan.actions, {}, &Action::saving);
    EXPECT_THAT(eases->reason.en, testing::StartsWith("energy costs 1.0000"));
    EXPECT_THAT(eases->reason.en, testing::HasSubstr("limit of the connection: +"));
    EXPECT_THAT(eases->reason.zh, testing::HasSubstr("并网点限值：+"));
}

TEST(PlanEdges, SurplusThatNoBatteryCanBurnStillHasAPlan) {
    PlanSite site(180);
    for (int slot = 0; slot < 180; ++slot)
        site.request.load_kw[static_cast<std::size_t>(slot)] = slot % 45 < 40 ? -30 : 5;
    auto full = battery();
    full.initial_level = 1;
    full.final_level = 0;
    site.add_battery(full);  // charging and discharging at once would burn what may not be sold
    site.request.time_limit_s = 4;
    const auto plan = site.plan();
    EXPECT_NE(plan.outcome, Outcome::no_solution);
    EXPECT_FALSE(plan.breaches.empty());
}

TEST(PlanEdges, NothingIsBoughtAndSoldAtOnceWhenSellingPaysMore) {
    PlanSite site(16);
    site.set_price([](int) { return 0.2; });
    site.plant.grids[0].max_export = 500_kW;
    site.plant.grids[0].export_price = EnergyPrice(0.4);
    site.plant.photovoltaics = {{.id = "roof", .series = "roof"}};
    site.request.generation_kw["roof"] = std::vector<double>(16, 250.0);
    const auto plan = site.plan();
    for (const double kw : plan.import_kw) EXPECT_NEAR(kw, -150, 1e-6);
}

}  // namespace
}  // namespace loadstar::plan
