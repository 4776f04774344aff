// The checker must find what is wrong: each test takes a sound plan and breaks one thing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/plan_site.hpp"

namespace loadstar::plan {
namespace {

using namespace literals;
using testing::Contains;
using testing::HasSubstr;

class CheckPlan : public testing::Test {
  protected:
    CheckPlan() : site_(96) {
        site_.set_price([](int slot) { return slot < 32 ? 0.2 : 1.0; });
        site_.add_demand_charge(5);
        site_.add_battery({.id = "battery",
                           .max_charge = 50_kW,
                           .max_discharge = 50_kW,
                           .capacity = 100_kWh,
                           .initial_level = 0.5,
                           .final_level = 0.5});
        site_.plant.photovoltaics = {{.id = "roof", .series = "roof", .curtailable = false}};
        site_.request.generation_kw["roof"] = std::vector<double>(96, 20.0);
        site_.plant.interruptible_loads = {
            {.id = "fan", .series = "fan", .max_cut_per_day = Hours(1), .compensation = EnergyPrice(0.1)}};
        site_.request.asset_load_kw["fan"] = std::vector<double>(96, 10.0);
        site_.plant.shiftable_loads = {{.id = "pump",
                                        .energy_per_day = 20_kWh,
                                        .max_power = 20_kW,
                                        .window = {.from_minute = 0, .to_minute = 600}}};
        site_.plant.shifts = {{.name = "early", .window = {.from_minute = 0, .to_minute = 720}}};
        site_.plant.machines = {{.id = "saw", .shifts = {"early"}}, {.id = "oven"}};
        site_.add_job("a", {"saw"}, {30_kW, 30_kW});
        site_.add_job("b", {"saw"}, {30_kW, 30_kW});
        sound_ = site_.plan();
    }
    AssetPlan& asset(Plan& plan, const std::string& id) {
        return const_cast<AssetPlan&>(test_support::asset_of(plan, id));
    }
    std::vector<std::string> violations(const Plan& plan) { return check_plan(plan, site_.request); }
    /// Puts a job elsewhere and keeps balance, so that only the rule of the job is broken.
    void move(Plan& plan, const std::string& id, int slot) {
        auto& job = asset(plan, id);
        for (std::size_t at = 0; at < 96; ++at) plan.import_kw[at] -= job.power_kw[at];
        job.power_kw.assign(96, 0.0);
        job.job_start = site_.request.axis.slot_start(slot);
        for (int step = 0; step < 2; ++step) job.power_kw[static_cast<std::size_t>(slot + step)] = 30;
        for (std::size_t at = 0; at < 96; ++at) plan.import_kw[at] += job.power_kw[at];
    }

    test_support::PlanSite site_;
    Plan sound_;
};

TEST_F(CheckPlan, ASoundPlanHasNoViolation) { EXPECT_TRUE(violations(sound_).empty()); }

TEST_F(CheckPlan, FindsACostThatIsNotThatOfItsSlots) {
    auto plan = sound_;
    plan.cost_after -= 1;
    EXPECT_THAT(violations(plan), Contains(HasSubstr("its slots cost")));
}

TEST_F(CheckPlan, FindsAnImportThatDoesNotBalance) {
    auto plan = sound_;
    plan.import_kw[7] += 1;
    EXPECT_THAT(violations(plan), Contains(HasSubstr("balance of electricity at 2026-03-01T17:45:00Z")));
}

TEST_F(CheckPlan, FindsABatteryThatEndsTooLow) {
    auto plan = sound_;
    asset(plan, "battery").level_kwh.back() = 10;
    EXPECT_THAT(violations(plan), Contains(HasSubstr("below its final level")));
}

TEST_F(CheckPlan, FindsSunThatWasTurnedDownAgainstTheRule) {
    auto plan = sound_;
    asset(plan, "roof").power_kw[3] = -5;
    EXPECT_THAT(violations(plan), Contains(HasSubstr("photovoltaic roof")));
}

TEST_F(CheckPlan, FindsALoadThatIsCutTooLong) {
    auto plan = sound_;
    for (std::size_t at = 0; at < 8; ++at) asset(plan, "fan").power_kw[at] = 0;
    EXPECT_THAT(violations(plan), Contains(HasSubstr("at most 1 allowed")));
}

TEST_F(CheckPlan, FindsALoadThatRunsOutsideItsWindow) {
    auto plan = sound_;
    asset(plan, "pump").power_kw[80] = 5;
    EXPECT_THAT(violations(plan), Contains(HasSubstr("shiftable_load pump")));
}

TEST_F(CheckPlan, FindsAJobOutsideTheShiftsOfItsMachine) {
    auto plan = sound_;
    move(plan, "a", 60);
    EXPECT_THAT(violations(plan), Contains(HasSubstr("outside its shifts")));
}

TEST_F(CheckPlan, FindsAMachineThatRunsTwoJobsAtOnce) {
    auto plan = sound_;
    move(plan, "a", 4);
    move(plan, "b", 5);
    EXPECT_THAT(violations(plan), Contains(HasSubstr("saw runs two jobs")));
}

TEST_F(CheckPlan, FindsAJobOnAMachineItsOrderDoesNotName) {
    auto plan = sound_;
    asset(plan, "a").machine = "oven";
    EXPECT_THAT(violations(plan), Contains(HasSubstr("which its order does not name")));
}

TEST_F(CheckPlan, FindsAMissingAsset) {
    auto plan = sound_;
    plan.assets.pop_back();
    EXPECT_THAT(violations(plan), Contains(HasSubstr("not those of the plant")));
}

}  // namespace
}  // namespace loadstar::plan
