#include "operate/execution.hpp"

#include <gtest/gtest.h>

namespace loadstar::operate {
namespace {

using namespace literals;

/// A site with one battery, one PV field and one load that can be cut, planned by hand for two hours.
struct Site {
    Plant plant{TimeZone::find("UTC").value()};
    plan::PlanRequest request;
    plan::Plan plan;

    Site() {
        plant.grids = {{.id = "grid", .max_import = 1000_kW}};
        plant.batteries = {
            {.id = "battery", .carrier = "", .max_charge = 100_kW, .max_discharge = 100_kW, .capacity = 200_kWh}};
        plant.interruptible_loads = {{.id = "pump", .carrier = "", .series = "pump"}};
        const Horizon axis{.start = Instant{}, .step = hours(1), .slots = 2};
        request = {.plant = &plant, .grid = "grid", .axis = axis};
        request.terms.axis = axis;
        request.state.store_level["battery"] = 50_kWh;
        request.load_kw = {210, 220};
        request.generation_kw["roof"] = {40, 40};
        request.asset_load_kw["pump"] = {30, 30};
        plant.photovoltaics = {{.id = "roof", .carrier = ""}};
        plan = {.outcome = plan::Outcome::optimal, .axis = axis, .grid = "grid", .import_kw = {300, 100}};
        plan.assets = {{.id = "battery",
                        .kind = "battery",
                        .power_kw = {100, -100},
                        .before_kw = {0, 0},
                        .level_kwh = {50, 150, 50}},
                       {.id = "roof", .kind = "photovoltaic", .power_kw = {-40, -20}, .before_kw = {-40, -40}},
                       {.id = "pump", .kind = "interruptible_load", .power_kw = {30, 0}, .before_kw = {30, 30}}};
    }
};

/// Import had nothing been done, jobs apart.
std::vector<double> idle_import(const Site& site, const Reality& reality) {
    auto request = as_it_came(site.request, reality, 2);
    for (const auto& job : site.plant.jobs) request.state.finished_jobs.push_back(job.id);
    return plan::account_of(request, plan::idle_assets(request).value()).import_kw;
}

TEST(Execution, ReproducesThePlanWhenTheForecastWasRight) {
    const Site site;
    const Reality reality{
        .load_kw = {210, 220}, .generation_kw = {{"roof", {40, 40}}}, .asset_load_kw = {{"pump", {30, 30}}}};
    const auto done = execute(site.plan, site.request, reality, 2);
    EXPECT_EQ(done.account.import_kw, (std::vector<double>{300, 100}));
    EXPECT_EQ(idle_import(site, reality), (std::vector<double>{200, 210}));
    EXPECT_DOUBLE_EQ(done.end.store_level.at("battery").value(), 50);
    EXPECT_TRUE(done.corrections.empty());
}

TEST(Execution, SourcesAndCutLoadsKeepTheShareThePlanLeftOfThem) {
    const Site site;
    const Reality reality{
        .load_kw = {210, 220}, .generation_kw = {{"roof", {10, 60}}}, .asset_load_kw = {{"pump", {50, 50}}}};
    const auto done = execute(site.plan, site.request, reality, 2);
    EXPECT_DOUBLE_EQ(done.account.import_kw[0], 210 - 10 + 50 + 100);
    EXPECT_DOUBLE_EQ(done.account.import_kw[1], 220 - 30 + 0 - 100);
    EXPECT_DOUBLE_EQ(idle_import(site, reality)[1], 220 - 60 + 50);
}

TEST(Execution, SaysWhenTheGuardLeftThePlan) {
    const Site site;
    const Reality reality{
        .load_kw = {980, 220}, .generation_kw = {{"roof", {40, 40}}}, .asset_load_kw = {{"pump", {30, 30}}}};
    const auto done = execute(site.plan, site.request, reality, 2);
    ASSERT_EQ(done.corrections.size(), 1U);
    EXPECT_EQ(done.corrections.front().start, site.plan.axis.start);
    EXPECT_DOUBLE_EQ(done.corrections.front().largest.value(), 70);  // charges 30 kW instead of 100 kW
    EXPECT_DOUBLE_EQ(done.account.import_kw[0], 1000);
}

TEST(Execution, ThePartOfAPlanThatIsNotCarriedOutLeavesNoTrace) {
    const Site site;
    const Reality reality{.load_kw = {210, 220}};
    const auto done = execute(site.plan, site.request, reality, 1);
    EXPECT_EQ(done.account.import_kw.size(), 1U);
    EXPECT_DOUBLE_EQ(done.end.store_level.at("battery").value(), 150);
    EXPECT_EQ(done.end.at, site.plan.axis.slot_start(1));
}

TEST(Execution, RemembersHowLongALoadWasCutOnTheDay) {
    const Site site;
    const auto done = execute(site.plan, site.request, {.load_kw = {210, 220}}, 2);
    EXPECT_DOUBLE_EQ(done.end.cut_hours.at("pump").value(), 1);
}

TEST(Execution, AJobThatHasStartedRunsOnAndOneThatHasEndedIsFinished) {
    Site site;
    const auto at = [&](int slot) { return site.plan.axis.slot_start(slot); };
    site.plant.jobs = {{.id = "short", .machines = {"saw"}, .profile = {50_kW}},
                       {.id = "long", .machines = {"oven"}, .profile = {20_kW, 20_kW, 20_kW}}};
    site.plan.assets = {{.id = "short", .kind = "job", .power_kw = {50, 0}, .before_kw = {50, 0}, .machine = "saw"},
                        {.id = "long", .kind = "job", .power_kw = {0, 20}, .before_kw = {20, 20}, .machine = "oven"}};
    site.plan.assets[0].job_start = at(0);
    site.plan.assets[1].job_start = at(1);
    const auto done = execute(site.plan, site.request, {.load_kw = {210, 220}}, 2);
    EXPECT_EQ(done.account.import_kw, (std::vector<double>{260, 240}));
    site.plant.photovoltaics.clear();
    site.plant.interruptible_loads.clear();
    EXPECT_EQ(idle_import(site, {.load_kw = {210, 220}}), (std::vector<double>{210, 220}));  // jobs apart
    EXPECT_EQ(done.end.finished_jobs, (std::vector<std::string>{"short"}));
    EXPECT_EQ(done.end.machines.at("oven").job, "long");
    EXPECT_EQ(done.end.machines.at("oven").since, at(1));
}

}  // namespace
}  // namespace loadstar::operate
