// Random plants over seeds: what must hold of every plan.
#include "plan/plan.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

#include <gtest/gtest.h>

#include "tariff/bill.hpp"

namespace loadstar::plan {
namespace {

constexpr int slots = 48;

/// A random plant with two batteries, sun, a pump that may be moved, a load that may be cut, and jobs on two saws.
struct RandomPlant {
    std::mt19937 random;
    Plant plant{*TimeZone::find("Asia/Shanghai")};
    PlanRequest request;

    explicit RandomPlant(unsigned seed) : random(seed) {
        plant.carriers.push_back({.id = "electricity"});
        plant.grids.push_back({.id = "main", .carrier = "electricity"});
        plant.grids[0].max_import = Power(number(150, 300));
        if (seed % 2 == 0) plant.grids[0].max_export = Power(number(0, 80));
        for (int i = 0; i < 2; ++i) plant.batteries.push_back(battery("battery" + std::to_string(i)));
        plant.photovoltaics.push_back({.id = "roof", .series = "roof"});
        plant.shiftable_loads.push_back({.id = "pump",
                                         .energy_per_day = Energy(number(20, 100)),
                                         .max_power = Power(40),
                                         .window = {.from_minute = 120, .to_minute = 600}});
        plant.interruptible_loads.push_back({.id = "fan",
                                             .series = "fan",
                                             .max_cut_share = 0.5,
                                             .max_cut_per_day = Hours(2),
                                             .compensation = EnergyPrice(number(0.1, 0.6))});
        plant.shifts.push_back({.name = "early", .window = {.from_minute = 60, .to_minute = 480}});
        plant.machines.push_back({.id = "saw1", .shifts = {"early"}});
        plant.machines.push_back({.id = "saw2"});
        request.axis = {*parse_instant("2026-03-01T16:00:00Z"), minutes(15), slots};
        request.grid = "main";
        request.load_kw = path(40, 200);
        request.generation_kw["roof"] = path(0, 100);
        request.asset_load_kw["fan"] = path(0, 20);
        add_terms(seed % 3 == 0 ? -0.3 : 0.1);
        for (int i = 0; i < 4; ++i) plant.jobs.push_back(job(i));
        request.plant = &plant;
        request.mip_gap = 2e-3;  // proving the last thousandth of a schedule takes seconds
    }

    BatchJob job(int index) {
        BatchJob job{.id = "job" + std::to_string(index), .machines = {"saw1", "saw2"}};
        if (index == 3) job.machines = {"saw2"};
        const int length = 2 + static_cast<int>(number(0, 7));
        for (int step = 0; step < length; ++step) job.profile.emplace_back(std::round(number(10, 60)));
        job.release = request.axis.slot_start(static_cast<int>(number(-4, 20)));
        job.due = job.release + static_cast<int>(number(length, 40)) * request.axis.step;
        job.late_price = MoneyRate(number(1, 60));
        return job;
    }

    double number(double low, double high) { return std::uniform_real_distribution<double>(low, high)(random); }
    std::vector<double> path(double low, double high) {
        std::vector<double> values;
        for (int slot = 0; slot < slots; ++slot) values.push_back(std::round(number(low, high) * 100) / 100);
        return values;
    }
    Store battery(const std::string& id) {
        return {.id = id,
                .max_charge = Power(number(5, 60)),
                .max_discharge = Power(number(5, 60)),
                .capacity = Energy(number(10, 120)),
                .charge_efficiency = number(0.8, 1),
                .discharge_efficiency = number(0.8, 1),
                .initial_level = 0.5,
                .final_level = 0.4,
                .wear = EnergyPrice(number(0, 0.05))};
    }
    void add_terms(double lowest_price) {
        auto& terms = request.terms;
        terms.axis = request.axis;
        terms.bands.assign(slots, "");
        terms.periods.push_back({"2026-03", request.axis.start, request.axis.end(), {}});
        tariff::EnergyTerm energy{.line = "energy", .price = {}, .applies = std::vector<bool>(slots, true)};
        energy.amount_digits = 6;
        for (const double price : path(lowest_price, 1.2)) energy.price.push_back(Decimal::from_double(price));
        terms.energy.push_back(energy);
        tariff::PeakTerm peak{.line = "demand", .applies = std::vector<bool>(slots, true), .interval = minutes(30)};
        peak.segments = {{Decimal(0), Decimal(3), {}}, {Decimal(120), Decimal(8), {}}};
        peak.incurred_kw = Decimal(60);
        peak.amount_digits = 6;
        terms.peaks.push_back(peak);
        terms.amount_digits = 6;
    }
    void scale_prices(int factor) {
        for (auto& price : request.terms.energy[0].price) price = price * Decimal(factor);
        for (auto& segment : request.terms.peaks[0].segments)
            segment.rate_per_kw = segment.rate_per_kw * Decimal(factor);
        for (auto& battery : plant.batteries) battery.wear = factor * battery.wear;
        for (auto& load : plant.interruptible_loads) load.compensation = factor * load.compensation;
        for (auto& load : plant.shiftable_loads) load.unserved_price = factor * load.unserved_price;
        for (auto& job : plant.jobs) job.late_price = factor * job.late_price;
        plant.grids[0].breach_price = factor * plant.grids[0].breach_price;
    }
};

Plan plan_of(const PlanRequest& request) {
    NoProgress progress;
    auto plan = make_plan(request, progress);
    if (!plan) throw std::runtime_error(loadstar::to_string(plan.error()));
    return *plan;
}

class RandomPlans : public testing::TestWithParam<unsigned> {};

TEST_P(RandomPlans, KeepTheLimitsAndNeverCostMoreThanDoingNothing) {
    const RandomPlant random(GetParam());
    const auto plan = plan_of(random.request);
    ASSERT_EQ(plan.outcome, Outcome::optimal);
    EXPECT_LE(plan.cost_after, plan.cost_before + 1e-5);
    EXPECT_TRUE(check_plan(plan, random.request).empty()) << check_plan(plan, random.request).front();
}

TEST_P(RandomPlans, CostWhatTheBillSays) {
    const RandomPlant random(GetParam());
    const auto plan = plan_of(random.request);
    auto imported = Series::missing({"load", SeriesKind::interval_energy, "kWh"}, random.request.axis);
    for (int slot = 0; slot < slots; ++slot)
        imported.set(slot, std::max(0.0, plan.import_kw[static_cast<std::size_t>(slot)]) / 4);
    const auto bills = tariff::bill(random.request.terms, {imported});
    ASSERT_TRUE(bills) << to_string(bills.error());
    double billed = 0;
    for (const auto& line : plan.costs)
        if (line.id == "energy" || line.id == "demand") billed += line.after;
    EXPECT_NEAR((*bills)[0].total.to_double(), billed, 0.01);
}

TEST_P(RandomPlans, ExplainTheWholeSaving) {
    const RandomPlant random(GetParam());
    const auto plan = plan_of(random.request);
    double explained = 0;
    for (const auto& action : plan.actions) explained += action.saving;
    const double saving = plan.cost_before - plan.cost_after;
    EXPECT_NEAR(explained, saving, 0.005 * std::abs(saving) + 1e-6);
}

TEST_P(RandomPlans, ScaleWithPrices) {
    RandomPlant random(GetParam());
    random.plant.jobs.clear();  // a schedule within the gap is not unique
    random.request.mip_gap = 1e-6;
    const auto plan = plan_of(random.request);
    random.scale_prices(3);
    EXPECT_NEAR(plan_of(random.request).cost_after, 3 * plan.cost_after, 1e-5 * std::abs(plan.cost_after) + 1e-4);
}

TEST_P(RandomPlans, DoNotDependOnTheOrderOfAssets) {
    RandomPlant random(GetParam());
    const auto plan = plan_of(random.request);
    std::reverse(random.plant.batteries.begin(), random.plant.batteries.end());
    const auto shuffled = plan_of(random.request);
    EXPECT_EQ(plan.import_kw, shuffled.import_kw);
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomPlans, testing::Range(1U, 13U));

}  // namespace
}  // namespace loadstar::plan
