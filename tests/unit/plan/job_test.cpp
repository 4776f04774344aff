#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/plan_site.hpp"

namespace loadstar::plan {
namespace {

using namespace literals;
using test_support::asset_of;
using test_support::PlanSite;
using testing::HasSubstr;

/// A day with a cheap stretch from 20:00 to 22:00.
PlanSite& with_cheap_evening(PlanSite& site) {
    site.set_price([](int slot) { return slot >= 80 && slot < 88 ? 0.2 : 1.0; });
    return site;
}

TEST(Jobs, MoveToTheCheapHoursAndSayWhatThatSaves) {
    PlanSite site(96);
    with_cheap_evening(site).plant.machines = {{.id = "saw"}};
    site.add_job("order", {"saw"}, {100_kW, 100_kW, 60_kW, 60_kW});
    const auto plan = site.plan();
    const auto& job = asset_of(plan, "order");
    EXPECT_EQ(site.slot_of(job.job_start_before), 0);
    EXPECT_GE(site.slot_of(job.job_start), 80);
    EXPECT_LE(site.slot_of(job.job_start), 84);
    EXPECT_EQ(job.machine, "saw");
    EXPECT_NEAR(plan.cost_before - plan.cost_after, 80 * 0.8, 1e-6);
    ASSERT_EQ(plan.actions.size(), 1U);
    EXPECT_NEAR(plan.actions[0].saving, 64, 1e-6);
    EXPECT_THAT(plan.actions[0].what.en, HasSubstr("instead of 2026-03-02T00:00"));
    EXPECT_THAT(plan.actions[0].what.zh, HasSubstr("而不是"));
}

TEST(Jobs, WithoutAPlanStartAsSoonAsAMachineIsFreeInTheOrderOfThePlantFile) {
    PlanSite site(16);
    site.plant.machines = {{.id = "saw"}};
    site.add_job("second", {"saw"}, {10_kW, 10_kW}).line = 20;
    site.add_job("first", {"saw"}, {10_kW, 10_kW, 10_kW}).line = 10;
    const auto plan = site.plan();
    EXPECT_EQ(site.slot_of(asset_of(plan, "first").job_start_before), 0);
    EXPECT_EQ(site.slot_of(asset_of(plan, "second").job_start_before), 3);
}

TEST(Jobs, ShareEqualMachinesSoThatNoneRunsTwoAtOnce) {
    PlanSite site(96);
    with_cheap_evening(site).plant.machines = {{.id = "saw1"}, {.id = "saw2"}};
    for (const auto* id : {"a", "b", "c"}) site.add_job(id, {"saw1", "saw2"}, std::vector<Power>(8, 50_kW));
    const auto plan = site.plan();  // the checker looks at the machines
    // Two machines can use all of the cheap stretch, whichever orders share it: 16 x 12.5 kWh at 0.2, 100 kWh at 1.
    EXPECT_NEAR(plan.cost_after, 100 * (22 + 2 * 0.2) + 200 * 0.2 + 100 * 1.0, 1e-6);
}

TEST(Jobs, StayWithinTheShiftsOfTheirMachineEvenPastMidnight) {
    PlanSite site(2 * 96);
    site.set_price([](int slot) { return slot < 84 ? 0.1 : 1.0; });
    site.plant.shifts = {{.name = "night", .window = {.from_minute = 22 * 60, .to_minute = 2 * 60}}};
    site.plant.machines = {{.id = "saw", .shifts = {"night"}}};
    auto& job = site.add_job("order", {"saw"}, std::vector<Power>(12, 10_kW));
    job.release = site.request.axis.start + hours(12);
    const auto plan = site.plan();
    const int start = site.slot_of(asset_of(plan, "order").job_start);
    EXPECT_GE(start, 88);
    EXPECT_LE(start + 12, 104);
}

TEST(Jobs, FindNoShiftOnAHoliday) {
    PlanSite site(96);
    site.plant.calendar.holidays = {parse_day("2026-03-02").value()};
    site.plant.shifts = {{.name = "day", .window = {.from_minute = 6 * 60, .to_minute = 14 * 60}}};
    site.plant.machines = {{.id = "saw", .shifts = {"day"}}};
    site.add_job("order", {"saw"}, {10_kW});
    EXPECT_FALSE(asset_of(site.plan(), "order").job_start);
}

TEST(Jobs, AnOrderWithoutAnyShiftIsToldAndTheRestIsPlanned) {
    PlanSite site(96);
    with_cheap_evening(site).plant.shifts = {
        {.name = "sunday", .window = {.from_minute = 0, .to_minute = 600}, .weekdays = {6}}};
    site.plant.machines = {{.id = "saw"}, {.id = "oven", .shifts = {"sunday"}}};
    site.add_job("baked", {"oven"}, {10_kW, 10_kW});
    site.add_job("sawn", {"saw"}, {10_kW, 10_kW});
    const auto plan = site.plan();
    ASSERT_EQ(plan.order_problems.size(), 1U);
    EXPECT_EQ(plan.order_problems[0].job, "baked");
    EXPECT_EQ(plan.order_problems[0].machine, "oven");
    EXPECT_THAT(plan.order_problems[0].problem.en, HasSubstr("needs 30 minutes in one piece"));
    EXPECT_THAT(plan.order_problems[0].problem.en, HasSubstr("oven works at most 0 minutes"));
    EXPECT_THAT(plan.order_problems[0].remedy.en, HasSubstr("give oven a shift of 30 minutes or more"));
    EXPECT_THAT(plan.order_problems[0].remedy.zh, HasSubstr("oven"));
    EXPECT_GE(site.slot_of(asset_of(plan, "sawn").job_start), 80);
}

TEST(Jobs, AnOrderDueTooEarlyIsMadeAsEarlyAsItsLatenessIsWorthAndTold) {
    PlanSite site(96);
    with_cheap_evening(site).plant.machines = {{.id = "saw"}};
    auto& job = site.add_job("order", {"saw"}, std::vector<Power>(4, 10_kW));
    job.release = site.request.axis.slot_start(8);
    job.due = site.request.axis.slot_start(10);
    const auto plan = site.plan();
    EXPECT_EQ(site.slot_of(asset_of(plan, "order").job_start), 8);
    ASSERT_EQ(plan.order_problems.size(), 1U);
    EXPECT_THAT(plan.order_problems[0].problem.en, HasSubstr("is due 2026-03-02T02:30, but even alone on saw"));
    EXPECT_THAT(plan.order_problems[0].problem.en, HasSubstr("2026-03-02T03:00 at the earliest"));
    EXPECT_THAT(plan.order_problems[0].remedy.en, HasSubstr("let it start by 2026-03-02T01:30"));
    EXPECT_EQ(plan.costs.back().id, "job.order.late");
    EXPECT_NEAR(plan.costs.back().after, 500, 1e-9);  // half an hour at 1000 per hour
}

TEST(Jobs, AnOrderThatOthersCrowdOutIsTold) {
    PlanSite site(8);
    site.plant.machines = {{.id = "saw"}};
    site.add_job("long", {"saw"}, std::vector<Power>(6, 10_kW));
    site.add_job("longer", {"saw"}, std::vector<Power>(7, 10_kW));
    const auto plan = site.plan();
    EXPECT_TRUE(asset_of(plan, "long").job_start);
    EXPECT_FALSE(asset_of(plan, "longer").job_start);
    ASSERT_EQ(plan.order_problems.size(), 1U);
    EXPECT_THAT(plan.order_problems[0].problem.en, HasSubstr("finds no place: other orders"));
}

TEST(Jobs, OneUnderWayKeepsItsMachineAndCannotBeMoved) {
    PlanSite site(16);
    site.plant.machines = {{.id = "saw"}};
    site.add_job("running", {"saw"}, std::vector<Power>(6, 40_kW)).release = site.request.axis.start - hours(3);
    site.add_job("next", {"saw"}, {10_kW});
    site.request.state.machines["saw"] = {
        .state = "run", .since = site.request.axis.start - minutes(30), .job = "running"};
    const auto plan = site.plan();
    const auto& running = asset_of(plan, "running");
    EXPECT_EQ(running.power_kw[3], 40);
    EXPECT_EQ(running.power_kw[4], 0);
    EXPECT_EQ(running.power_kw, running.before_kw);
    EXPECT_GE(site.slot_of(asset_of(plan, "next").job_start), 4);
}

TEST(Jobs, FinishedOnesAndThoseReleasedLaterAreNoneOfThisPlan) {
    PlanSite site(16);
    site.plant.machines = {{.id = "saw"}};
    site.add_job("done", {"saw"}, {10_kW});
    site.add_job("later", {"saw"}, {10_kW}).release = site.request.axis.end();
    site.request.state.finished_jobs = {"done"};
    EXPECT_TRUE(site.plan().assets.empty());
}

TEST(Jobs, LowerThePeakTheyWouldMakeTogether) {
    PlanSite site(32);
    site.add_demand_charge(10);
    site.plant.machines = {{.id = "saw1"}, {.id = "saw2"}};
    site.add_job("a", {"saw1"}, std::vector<Power>(8, 50_kW));
    site.add_job("b", {"saw2"}, std::vector<Power>(8, 50_kW));
    const auto plan = site.plan();
    EXPECT_NEAR(plan.cost_before - plan.cost_after, 500, 1e-6);
    double told = 0;
    for (const auto& action : plan.actions) told += action.saving;
    EXPECT_NEAR(told, 500, 2.5);
}

}  // namespace
}  // namespace loadstar::plan
