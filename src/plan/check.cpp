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

/// What the plan says comes in of a carrier.
struct Said {
    std::string carrier;
    const std::vector<double>& load;
    const std::vector<double>& drawn;
    bool of_site = false;  ///< power of the planned connection, not a flow
};

/// Load and draws of a carrier against what the plan says comes in. What users take has lost a share on the way, and
/// some is lost whatever they take.
void check_balance(const Plan& plan, const Plant& plant, const Said& said, Findings& findings) {
    const auto& [carrier, load, drawn, of_site] = said;
    if (drawn.size() != load.size()) return findings.add(fmt::format("{} has {} slots", carrier, drawn.size()));
    const auto* known = find_by_id(plant.carriers, carrier);
    const double arrives = known == nullptr ? 1 : 1 - known->loss_share;
    for (std::size_t at = 0; at < load.size(); ++at) {
        double taken = std::max(0.0, load[at]), given = std::max(0.0, -load[at]);
        for (const auto& asset : plan.assets) {
            const auto flow = asset.flows.find(carrier);
            const double none = of_site ? asset.power_kw[at] : 0;
            const double power = of_site || flow == asset.flows.end() ? none : flow->second[at];
            (power > 0 ? taken : given) += std::abs(power);
        }
        const double expected = taken / arrives + (known == nullptr ? 0 : known->standing_loss) - given;
        if (std::abs(expected - drawn[at]) > slack_kw)
            findings.add(fmt::format("balance of {} at {}: the plan draws {}, expected {}", carrier,
                                     loadstar::to_string(plan.axis.slot_start(static_cast<int>(at))), drawn[at],
                                     expected));
    }
}

void check_balances(const Plan& plan, const PlanRequest& request, Findings& findings) {
    const auto& plant = *request.plant;
    const auto& site = find_by_id(plant.grids, request.grid)->carrier;
    check_balance(plan, plant, {site, request.load_kw, plan.import_kw, true}, findings);
    if (plan.supplies.size() != request.supplies.size()) return findings.add("a connection has no flows");
    for (std::size_t i = 0; i < request.supplies.size(); ++i)
        check_balance(plan, plant, {plan.supplies[i].carrier, request.supplies[i].load, plan.supplies[i].drawn},
                      findings);
    const std::vector<double> nothing(request.load_kw.size(), 0.0);
    for (const auto& carrier : plan.carriers) {
        const auto load = request.carrier_load.find(carrier.carrier);
        check_balance(plan, plant,
                      {carrier.carrier, load == request.carrier_load.end() ? nothing : load->second, carrier.missing},
                      findings);
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
