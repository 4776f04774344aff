// How long plans take and how good they are: one day, a week, jobs on machines, scenarios. Each beside two baselines of
// the same run: nothing done, and a rule without an optimiser (the battery charges at the lowest price and
// discharges at the highest; jobs start as soon as possible). The gap is the solver's proof: how far below the plan the
// best can lie.
#include "plan/plan.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numeric>
#include <random>

#include <fmt/format.h>

#include "site/store.hpp"
#include "tariff/cost.hpp"

namespace loadstar::plan {
namespace {

constexpr int slots_per_day = 96;

/// A works on weekdays from six to ten with a noisy load, a time-of-use price, a demand charge and a battery.
struct Site {
    Plant plant{TimeZone::find("Asia/Shanghai").value()};
    PlanRequest request;
    std::mt19937 random{7};

    explicit Site(int days) {
        const int slots = days * slots_per_day;
        plant.carriers = {{.id = "electricity"}};
        plant.grids = {{.id = "main", .carrier = "electricity", .max_import = Power(2000)}};
        plant.batteries = {{.id = "battery",
                            .max_charge = Power(200),
                            .max_discharge = Power(200),
                            .capacity = Energy(400),
                            .charge_efficiency = 0.95,
                            .discharge_efficiency = 0.95,
                            .initial_level = 0.5,
                            .final_level = 0.5,
                            .wear = EnergyPrice(0.03)}};
        request.plant = &plant;
        request.grid = "main";
        request.axis = {parse_instant("2026-03-01T16:00:00Z").value(), minutes(15), slots};
        request.state.at = request.axis.start;
        auto& terms = request.terms;
        terms.axis = request.axis;
        terms.bands.assign(static_cast<std::size_t>(slots), "");
        terms.periods = {{"2026-03", request.axis.start, request.axis.end(), {}}};
        const std::vector<bool> all(static_cast<std::size_t>(slots), true);
        tariff::EnergyTerm energy{.line = "energy", .price = {}, .applies = all};
        for (int slot = 0; slot < slots; ++slot) energy.price.push_back(Decimal::from_double(price(slot)));
        terms.energy = {energy};
        tariff::PeakTerm peak{.line = "demand", .applies = all};
        peak.segments = {{Decimal(0), Decimal(39), {}}};
        peak.incurred_kw = Decimal(500);
        terms.peaks = {peak};
        request.load_kw = load(slots);
    }

    static double price(int slot) {
        const double hour = slot % slots_per_day / 4.0;
        if (hour < 7 || hour >= 23) return 0.42;
        return (hour >= 8.5 && hour < 11.5) || (hour >= 17 && hour < 21) ? 0.93 : 0.67;
    }
    std::vector<double> load(int slots) {
        std::vector<double> path;
        double noise = 0;
        for (int slot = 0; slot < slots; ++slot) {
            const double hour = slot % slots_per_day / 4.0;
            noise = 0.8 * noise + std::normal_distribution<double>(0, 25)(random);
            path.push_back(std::max(20.0, (hour >= 6 && hour < 22 ? 380 : 80) + noise));
        }
        return path;
    }
    void add_jobs(int jobs, int machines) {
        plant.shifts = {
            {.name = "two", .window = {.from_minute = 6 * 60, .to_minute = 22 * 60}, .weekdays = {0, 1, 2, 3, 4}}};
        for (int i = 0; i < machines; ++i) plant.machines.push_back({.id = fmt::format("machine{}", i)});
        plant.machines[0].shifts = {"two"};
        const auto draw = [this](int low, int high) { return std::uniform_int_distribution<int>(low, high)(random); };
        for (int i = 0; i < jobs; ++i) {
            BatchJob job{.id = fmt::format("job{}", i), .machines = {}};
            for (const auto& machine : plant.machines)
                if (draw(0, 2) > 0) job.machines.push_back(machine.id);
            if (job.machines.empty()) job.machines = {plant.machines[0].id};
            const int length = draw(6, 20);
            for (int step = 0; step < length; ++step) job.profile.emplace_back(step < 2 ? 90 : 60 + 5 * (i % 4));
            job.release = request.axis.slot_start(draw(0, 60));
            job.due = job.release + draw(length + 24, 130) * request.axis.step;
            job.late_price = MoneyRate(80);
            plant.jobs.push_back(job);
        }
        request.mip_gap = schedule_gap;
    }
    void add_scenarios(int count) {
        for (int i = 0; i < count; ++i) request.load_scenarios_kw.push_back(load(request.axis.slots));
    }
};

/// Cost of the site when the battery follows the price alone.
double cost_by_rule(const Site& site, const Plan& plan) {
    const auto& battery = site.plant.batteries[0];
    auto level = initial_level(battery);
    auto import_kw = plan.import_before_kw;
    double own = 0;
    const auto step = site.request.axis.step_hours();
    for (std::size_t at = 0; at < import_kw.size(); ++at) {
        const double price = Site::price(static_cast<int>(at));
        const auto target = price < 0.5 ? battery.capacity : price > 0.9 ? Energy(0) : level;
        auto power = power_to_reach(battery, level, target, step);
        power = std::max(power, Power(-import_kw[at]));  // no export
        level = level_after(battery, level, power, step);
        import_kw[at] += power.value();
        own += battery.wear.value() * std::max(0.0, -power.value()) * step.value();
    }
    for (const auto& cost : plan.costs)
        if (cost.id.starts_with("job.")) own += cost.before;
    return tariff::decided_cost(site.request.terms, import_kw) + own;
}

void report(const std::string& name, Site& site) {
    NoProgress progress;
    const auto began = std::chrono::steady_clock::now();
    const auto plan = make_plan(site.request, progress).value();
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    const auto violations = check_plan(plan, site.request);
    const double idle = plan.cost_before - plan.fixed_cost;
    const double planned = plan.cost_after - plan.fixed_cost;
    fmt::print("{:<34} {:>8.3f} {:>10} {:>9.5f} {:>10.2f} {:>10.2f} {:>10.2f} {:>7}\n", name, seconds,
               to_string(plan.outcome), plan.gap, idle, cost_by_rule(site, plan), planned,
               violations.empty() ? "sound" : violations.front());
}

void run() {
    fmt::print("{:<34} {:>8} {:>10} {:>9} {:>10} {:>10} {:>10} {:>7}\n", "plan", "seconds", "outcome", "gap", "idle",
               "rule", "planned", "check");
    for (const int days : {1, 7, 31}) {
        Site site(days);
        report(fmt::format("battery, {} days", days), site);
    }
    for (const int scenarios : {10, 50}) {
        Site site(1);
        site.add_scenarios(scenarios);
        report(fmt::format("battery, 1 day, {} scenarios", scenarios), site);
    }
    for (const int jobs : {5, 10, 20}) {
        Site site(2);
        site.add_jobs(jobs, 3);
        report(fmt::format("battery, 2 days, {} jobs on 3", jobs), site);
    }
    Site both(2);
    both.add_jobs(10, 3);
    both.add_scenarios(10);
    report("battery, 2 days, 10 jobs, 10 scen.", both);
}

}  // namespace
}  // namespace loadstar::plan

int main() { loadstar::plan::run(); }
