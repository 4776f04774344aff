#include "plan/carriers.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "plan/connection.hpp"
#include "plan/losses.hpp"

namespace loadstar::plan {
namespace {

const Carrier& named(const PlanRequest& request, const std::string& carrier) {
    return *find_by_id(request.plant->carriers, carrier);
}

/// Letting go what may not be let go costs as much as missing it.
double release_price(const Carrier& carrier) { return carrier.release_price.value_or(carrier.unserved_price); }

const Path& load_of(const PlanRequest& request, const std::string& carrier, const Path& nothing) {
    const auto found = request.carrier_load.find(carrier);
    return found == request.carrier_load.end() ? nothing : found->second;
}

}  // namespace

std::set<std::string> made_carriers(const PlanRequest& request) {
    const auto& plant = *request.plant;
    std::set<std::string> carriers;
    for (const auto& [carrier, load] : request.carrier_load) carriers.insert(carrier);
    for (const auto& store : plant.stores)
        if (store.exists) carriers.insert(store.carrier);
    for (const auto& converter : plant.converters)
        for (const auto& [carrier, amount] : converter.points.back().draws) carriers.insert(carrier);
    carriers.erase(carrier_of(request));
    for (const auto& supply : request.supplies) carriers.erase(find_by_id(plant.grids, supply.grid)->carrier);
    return carriers;
}

std::size_t add_made_carrier(Model& model, const PlanRequest& request, const std::string& carrier) {
    const Path nothing(static_cast<std::size_t>(request.axis.slots), 0.0);
    const auto load = fed_in(request, carrier, load_of(request, carrier, nothing));
    const auto step = request.axis.step_hours();
    const auto& known = named(request, carrier);
    std::vector<PowerColumn> missing, released;
    for (std::size_t at = 0; at < load.size(); ++at) {
        missing.push_back(
            model.problem.variable(Power(0), Power(solver::infinity), EnergyPrice(known.unserved_price) * step));
        released.push_back(
            model.problem.variable(Power(0), Power(solver::infinity), EnergyPrice(release_price(known)) * step));
        model.problem.last_resort(missing.back());
        if (!known.release_price) model.problem.last_resort(released.back());
    }
    const auto first = model.problem.row_names.size();
    add_balance(model, carrier, load, {{1, std::move(missing)}, {-1, std::move(released)}});
    return first;
}

CarrierPlan carrier_plan(const PlanRequest& request, const std::string& carrier, const std::vector<AssetPlan>& assets) {
    const Path nothing(static_cast<std::size_t>(request.axis.slots), 0.0);
    const auto& load = load_of(request, carrier, nothing);
    auto planned = fed_in(request, carrier, load, assets, false);
    auto before = fed_in(request, carrier, load, assets, true);
    return {.carrier = carrier,
            .missing = std::move(planned.amount),
            .missing_before = std::move(before.amount),
            .lost = std::move(planned.lost)};
}

double missing_cost(const PlanRequest& request, const std::string& carrier, double missing) {
    const auto& known = named(request, carrier);
    const double amount = missing * request.axis.step_hours().value();
    return missing > 0 ? known.unserved_price * amount : -release_price(known) * amount;
}

std::vector<TermCost> carrier_costs(const PlanRequest& request, const CarrierPlan& plan) {
    const auto& carrier = plan.carrier;
    TermCost missing{.id = carrier + ".missing",
                     .label = {carrier + ": needed and not there (on no bill)", carrier + "：供应不足（不在账单上）"}};
    TermCost released{.id = carrier + ".released", .label = {carrier + ": let go", carrier + "：放散"}};
    for (std::size_t at = 0; at < plan.missing.size(); ++at) {
        (plan.missing[at] > 0 ? missing : released).after += missing_cost(request, carrier, plan.missing[at]);
        (plan.missing_before[at] > 0 ? missing : released).before +=
            missing_cost(request, carrier, plan.missing_before[at]);
    }
    std::vector<TermCost> costs;
    for (auto& cost : {missing, released})
        if (std::abs(cost.before) > tolerance || std::abs(cost.after) > tolerance) costs.push_back(cost);
    return costs;
}

}  // namespace loadstar::plan
