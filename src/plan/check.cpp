#include "plan/check.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include <fmt/format.h>

namespace loadstar::plan {
namespace {

constexpr double slack_kw = 1e-4;
constexpr double slack_money = 0.01;

/// Names of everything that must have a plan, in no order.
std::multiset<std::string> expected_assets(const PlanRequest& request) {
    const auto& plant = *request.plant;
    const auto& carrier = find_by_id(plant.grids, request.grid)->carrier;
    std::multiset<std::string> names;
    for (const auto& battery : plant.batteries)
        if (battery.exists && battery.carrier == carrier) names.insert("battery " + battery.id);
    for (const auto& source : plant.photovoltaics)
        if (source.carrier == carrier) names.insert("photovoltaic " + source.id);
    for (const auto& load : plant.shiftable_loads)
        if (load.carrier == carrier) names.insert("shiftable_load " + load.id);
    for (const auto& load : plant.interruptible_loads)
        if (load.carrier == carrier) names.insert("interruptible_load " + load.id);
    for (const auto& job : plant.jobs) {
        const bool finished =
            std::ranges::find(request.state.finished_jobs, job.id) != request.state.finished_jobs.end();
        const auto* machine = job.machines.empty() ? nullptr : find_by_id(plant.machines, job.machines.front());
        if (!finished && job.release < request.axis.end() && machine != nullptr && machine->carrier == carrier)
            names.insert("job " + job.id);
    }
    return names;
}

void check_balance(const Plan& plan, const PlanRequest& request, Findings& findings) {
    for (std::size_t at = 0; at < request.load_kw.size(); ++at) {
        double sum = request.load_kw[at];
        for (const auto& asset : plan.assets) sum += asset.power_kw[at];
        if (std::abs(sum - plan.import_kw[at]) > slack_kw)
            findings.add(fmt::format("balance at {}: import is {} kW, expected {} kW",
                                     loadstar::to_string(plan.axis.slot_start(static_cast<int>(at))),
                                     plan.import_kw[at], sum));
    }
}

}  // namespace

void Findings::add(const AssetPlan& asset, std::size_t slot, const std::string& what) {
    add(fmt::format("{} {} at {}: {}", asset.kind, asset.id,
                    loadstar::to_string(axis_.slot_start(static_cast<int>(slot))), what));
}

std::vector<std::string> check_plan(const Plan& plan, const PlanRequest& request) {
    Findings findings(request.axis);
    const auto slots = static_cast<std::size_t>(request.axis.slots);
    std::multiset<std::string> planned;
    for (const auto& asset : plan.assets) {
        planned.insert(asset.kind + " " + asset.id);
        if (asset.power_kw.size() != slots) return {fmt::format("{} has {} slots", asset.id, asset.power_kw.size())};
    }
    if (planned != expected_assets(request)) return {"the assets planned are not those of the plant"};
    if (plan.import_kw.size() != slots) return {fmt::format("the import has {} slots", plan.import_kw.size())};
    for (const auto& asset : plan.assets)
        if (asset.kind != "job") check_asset(asset, request, findings);
    check_jobs(plan.assets, request, findings);
    check_balance(plan, request, findings);
    const double cost = checked_cost(plan, request);
    if (std::abs(cost - plan.cost_after) > slack_money)
        findings.add(fmt::format("the plan says it costs {}, its slots cost {}", plan.cost_after, cost));
    return findings.take();
}

}  // namespace loadstar::plan
