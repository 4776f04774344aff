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
    for (const auto& store : plant.stores)
        if (store.exists) names.insert((store.carrier == carrier ? "battery " : "store ") + store.id);
    for (const auto& converter : plant.converters) names.insert("converter " + converter.id);
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

/// Load and draws of a carrier against what the plan says comes in.
void check_balance(const Plan& plan, const std::string& carrier, std::vector<double> load,
                   const std::vector<double>& said, Findings& findings) {
    if (said.size() != load.size()) return findings.add(fmt::format("{} has {} slots", carrier, said.size()));
    for (std::size_t at = 0; at < load.size(); ++at) {
        for (const auto& asset : plan.assets) {
            const auto flow = asset.flows.find(carrier);
            if (flow != asset.flows.end()) load[at] += flow->second[at];
        }
        if (std::abs(load[at] - said[at]) > slack_kw)
            findings.add(fmt::format("balance of {} at {}: the plan draws {}, expected {}", carrier,
                                     loadstar::to_string(plan.axis.slot_start(static_cast<int>(at))), said[at],
                                     load[at]));
    }
}

void check_balances(const Plan& plan, const PlanRequest& request, Findings& findings) {
    auto site = request.load_kw;
    for (const auto& asset : plan.assets)
        for (std::size_t at = 0; at < site.size(); ++at) site[at] += asset.power_kw[at];
    check_balance(plan, find_by_id(request.plant->grids, request.grid)->carrier, site, plan.import_kw, findings);
    if (plan.supplies.size() != request.supplies.size()) return findings.add("a connection has no flows");
    for (std::size_t i = 0; i < request.supplies.size(); ++i)
        check_balance(plan, plan.supplies[i].carrier, request.supplies[i].load, plan.supplies[i].drawn, findings);
    for (const auto& carrier : plan.carriers) {
        const auto load = request.carrier_load.find(carrier.carrier);
        check_balance(plan, carrier.carrier,
                      load == request.carrier_load.end() ? std::vector<double>(site.size(), 0.0) : load->second,
                      carrier.missing, findings);
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
    check_balances(plan, request, findings);
    const double cost = checked_cost(plan, request);
    if (std::abs(cost - plan.cost_after) > slack_money)
        findings.add(fmt::format("the plan says it costs {}, its slots cost {}", plan.cost_after, cost));
    return findings.take();
}

}  // namespace loadstar::plan
