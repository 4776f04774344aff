#include "plan/account.hpp"

#include <fmt/format.h>

#include "plan/carriers.hpp"
#include "plan/connection.hpp"
#include "plan/losses.hpp"

namespace loadstar::plan {
namespace {

CostPath carbon(const Connection& connection, const Path& drawn, const std::string& prefix) {
    CostPath path{
        .id = prefix.empty() ? "carbon" : prefix + ".carbon",
        .label = {prefix.empty() ? "Carbon" : prefix + ": Carbon", prefix.empty() ? "碳成本" : prefix + "：碳成本"},
        .cost = {}};
    const double hours = connection.axis.step_hours().value();
    for (std::size_t at = 0; at < drawn.size(); ++at)
        path.cost.push_back(connection.carbon_price[at] * hours * std::max(0.0, drawn[at]));
    return path;
}

/// Cost of what a carrier lacked, and of what was let go.
void add_carrier(Account& account, const PlanRequest& request, const CarrierPlan& plan) {
    const auto& name = plan.carrier;
    CostPath missing{name + ".missing",
                     {name + ": needed and not there (on no bill)", name + "：供应不足（不在账单上）"},
                     Path(plan.missing.size(), 0.0)};
    CostPath released{name + ".released", {name + ": let go", name + "：放散"}, Path(plan.missing.size(), 0.0)};
    for (std::size_t at = 0; at < plan.missing.size(); ++at)
        (plan.missing[at] > 0 ? missing : released).cost[at] = missing_cost(request, name, plan.missing[at]);
    account.beside_the_bills.push_back(std::move(missing));
    account.beside_the_bills.push_back(std::move(released));
}

/// The rules of an asset whose own cost is paid slot by slot; nullptr for the others.
std::unique_ptr<Asset> paid_by_slot(const AssetPlan& asset, const PlanRequest& request) {
    const auto& plant = *request.plant;
    if (asset.kind == "converter") return converter_asset(*find_by_id(plant.converters, asset.id), request, {});
    if (asset.kind == "interruptible_load")
        return interruptible_asset(*find_by_id(plant.interruptible_loads, asset.id), request);
    if (asset.kind != "battery" && asset.kind != "store") return nullptr;
    const auto* battery = asset.kind == "battery" ? find_by_id(plant.batteries, asset.id) : nullptr;
    return store_asset(battery != nullptr ? *battery : *find_by_id(plant.stores, asset.id), request);
}

}  // namespace

Account account_of(const PlanRequest& with_worth, const std::vector<AssetPlan>& assets) {
    auto request = with_worth;
    request.stored_value_per_kwh = 0;
    Account account{.import_kw = fed_in(request, carrier_of(request), request.load_kw, assets, false).amount,
                    .supplies = {},
                    .carriers = {},
                    .beside_the_bills = {}};
    account.beside_the_bills.push_back(carbon(connection_of(request), account.import_kw, ""));
    for (const auto& supply : request.supplies) {
        const auto connection = connection_of(request, supply);
        const auto& carrier = connection.grid->carrier;
        auto drawn = fed_in(request, carrier, supply.load, assets, false).amount;
        account.beside_the_bills.push_back(carbon(connection, drawn, supply.grid));
        account.supplies.push_back({supply.grid, carrier, std::move(drawn), {}});
    }
    for (const auto& carrier : made_carriers(request)) {
        account.carriers.push_back(carrier_plan(request, carrier, assets));
        add_carrier(account, request, account.carriers.back());
    }
    for (const auto& asset : assets) {
        const auto rules = paid_by_slot(asset, request);
        if (rules == nullptr) continue;
        const auto name = rules->own_cost_name();
        account.beside_the_bills.push_back({fmt::format("{}.{}.{}", asset.kind, asset.id, name),
                                            {fmt::format("{}: {}", asset.id, name), asset.id + "：自身成本"},
                                            rules->own_cost(asset)});
    }
    return account;
}

Result<std::vector<AssetPlan>> idle_assets(const PlanRequest& request) {
    LOADSTAR_TRY(const auto assets, assets_of(request));
    std::vector<AssetPlan> idle;
    for (const auto& asset : assets) idle.push_back(asset->idle());
    return idle;
}

}  // namespace loadstar::plan
