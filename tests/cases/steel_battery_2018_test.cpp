// Known optima of a battery at a steel works, from an independent tool: plans/steel_battery_2018.json of the shared
// cases.
#include <cstdio>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "plan/plan.hpp"
#include "site/plant_file.hpp"
#include "support/shared.hpp"
#include "tariff/compile.hpp"

namespace loadstar::plan {
namespace {

/// Mean power by quarter-hour of 2018: the rows of the file are in order, whatever their stamps say.
std::vector<double> measured_kw(const std::filesystem::path& shared) {
    const auto file = shared / "data/steel_works_2018/Steel_industry_data.csv.gz";
    std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(("gzip -dc '" + file.string() + "'").c_str(), "r"), pclose);
    std::string text;
    std::array<char, 65536> buffer{};
    while (const auto count = fread(buffer.data(), 1, buffer.size(), pipe.get())) text.append(buffer.data(), count);
    std::istringstream lines(text);
    std::vector<double> power;
    std::string line;
    std::getline(lines, line);
    while (std::getline(lines, line)) power.push_back(4 * std::stod(line.substr(line.find(',') + 1)));
    return power;
}

class SteelBattery : public testing::Test {
  protected:
    void SetUp() override {
        const auto shared = test_support::shared_folder();
        if (!shared) GTEST_SKIP() << "the folder of known answers is not there";
        std::ifstream file(*shared / "cases/plans/steel_battery_2018.json");
        cases_ = nlohmann::json::parse(file).at("cases");
        year_ = measured_kw(*shared);
    }

    Result<Plan> plan_of(const nlohmann::json& known, const Plant& plant, PlanRequest& request) {
        const auto start = plant.time_zone.start_of_day(*parse_day(known["start"].get<std::string>()));
        const int slots = known["days"].get<int>() * 96;
        const Horizon axis{start, minutes(15), slots};
        const auto new_year = plant.time_zone.start_of_day(*parse_day("2018-01-01"));
        const auto first = year_.begin() + (start - new_year) / minutes(15);
        const auto& contract = plant.contracts.front();
        BillingState incurred;
        incurred.incurred_kw[contract.demands.front().line] =
            Decimal::from_double(known["incurred_peak_kw"].get<double>());
        LOADSTAR_TRY(const auto terms,
                     tariff::compile(contract, {axis, plant.time_zone, plant.calendar, {}, incurred}));
        request = {.plant = &plant,
                   .grid = plant.grids.front().id,
                   .terms = tariff::plan_terms(terms, {}),
                   .axis = axis,
                   .load_kw = {first, first + slots}};
        NoProgress progress;
        return make_plan(request, progress);
    }

    nlohmann::json cases_;
    std::vector<double> year_;
};

TEST_F(SteelBattery, ReachesTheKnownOptima) {
    const auto plant = load_plant(test_support::source_root() / "examples/steel_battery");
    ASSERT_TRUE(plant) << to_string(plant.error());
    for (const auto& known : cases_) {
        PlanRequest request;
        const auto plan = plan_of(known, *plant, request);
        ASSERT_TRUE(plan) << loadstar::to_string(plan.error());
        EXPECT_EQ(plan->outcome, Outcome::optimal);
        const double optimal = known["optimal_cost"];
        const double idle = known["do_nothing"];
        // The file gives four digits after the point.
        EXPECT_NEAR(plan->cost_after - plan->fixed_cost, optimal, 1e-7 * optimal);
        EXPECT_NEAR(plan->cost_before - plan->fixed_cost, idle, 1e-7 * idle);
        EXPECT_TRUE(check_plan(*plan, request).empty());
        double explained = 0;
        for (const auto& action : plan->actions) explained += action.saving;
        EXPECT_NEAR(explained, plan->cost_before - plan->cost_after, 1e-6 * idle);
    }
}

TEST_F(SteelBattery, CheckerFindsAPlantedViolation) {
    const auto plant = load_plant(test_support::source_root() / "examples/steel_battery");
    ASSERT_TRUE(plant) << to_string(plant.error());
    PlanRequest request;
    auto plan = plan_of(cases_[0], *plant, request);
    ASSERT_TRUE(plan);
    plan->assets[0].power_kw[3] += 250;
    const auto violations = check_plan(*plan, request);
    ASSERT_FALSE(violations.empty());
    EXPECT_NE(violations[0].find("kW is outside"), std::string::npos);
}

}  // namespace
}  // namespace loadstar::plan
