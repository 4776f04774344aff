#include "service/report_plan.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "service/report_power.hpp"
#include "service/report_sections.hpp"
#include "service/report_words.hpp"

namespace loadstar::service {
namespace {

using nlohmann::json;

constexpr int past_days = 7;
constexpr int days_to_search = 60;

bool complete(const ReportScope& scope, Instant from, Instant to) {
    const auto& power = scope.power;
    for (int slot = power.axis.slot_of(from); slot < power.axis.slot_of(to); ++slot)
        if (slot < 0 || slot >= power.size() || !power.has(slot)) return false;
    return true;
}

/// First day of the latest week without a gap in the meter's readings.
std::optional<LocalDay> latest_complete_week(const Plant& plant, const ReportScope& scope) {
    const auto& zone = plant.time_zone;
    const auto last = zone.day_of(scope.axis.end() - Duration(1));
    for (int back = 0; back < days_to_search; ++back) {
        const auto first = add_days(last, 1 - past_days - back);
        if (complete(scope, zone.start_of_day(first), zone.start_of_day(add_days(first, past_days)))) return first;
    }
    return std::nullopt;
}

/// The only battery is "the battery" to everybody, whatever its id.
Text asset_name(const Plant& plant, const std::string& id) {
    if (find_by_id(plant.batteries, id) != nullptr && plant.batteries.size() == 1) return usual_name("Battery");
    if (const auto* machine = find_by_id(plant.machines, id); machine != nullptr) return machine_name(*machine);
    return name_of_id(id);
}

/// Charges of the contract by their usual names; costs of an asset, such as "bess: wear", under the name of the asset.
Text cost_name(const Plant& plant, const plan::Plan& plan, const plan::TermCost& cost) {
    for (const auto& asset : plan.assets) {
        if (!cost.label.en.starts_with(asset.id)) continue;
        const auto name = asset_name(plant, asset.id);
        const auto renamed = [&](const std::string& label, const std::string& shown) {
            return label.starts_with(asset.id) ? shown + label.substr(asset.id.size()) : label;
        };
        return {.en = renamed(cost.label.en, name.en), .zh = renamed(cost.label.zh, name.zh)};
    }
    return cost.label.en == cost.label.zh ? charge_name(cost.label.en) : cost.label;
}

/// Power of all sources together, generated = positive; empty without sources.
std::vector<double> generation(const plan::Plan& plan) {
    std::vector<double> sum;
    for (const auto& asset : plan.assets) {
        if (asset.kind != "photovoltaic") continue;
        sum.resize(asset.power_kw.size());
        for (std::size_t at = 0; at < sum.size(); ++at) sum[at] -= asset.power_kw[at];
    }
    return sum;
}

void add_assets(json& section, const Plant& plant, const plan::Plan& plan) {
    const auto& zone = plant.time_zone;
    auto batteries = json::array();
    auto loads = json::array();
    for (const auto& asset : plan.assets) {
        const json head{{"id", asset.id}, {"name", to_json(asset_name(plant, asset.id))}};
        if (asset.kind == "battery") {
            auto levels = series_json(plan.axis, asset.level_kwh, zone);
            const auto* battery = find_by_id(plant.batteries, asset.id);
            batteries.push_back(head);
            batteries.back()["capacity_kwh"] = battery == nullptr ? 0 : battery->capacity.value();
            batteries.back()["power_kw"] = series_json(plan.axis, asset.power_kw, zone);
            batteries.back()["level_kwh"] = std::move(levels);
        } else if (asset.kind != "photovoltaic") {
            loads.push_back(head);
            loads.back()["before_kw"] = series_json(plan.axis, asset.before_kw, zone);
            loads.back()["after_kw"] = series_json(plan.axis, asset.power_kw, zone);
        }
    }
    if (!batteries.empty()) section["batteries"] = std::move(batteries);
    if (!loads.empty()) section["shiftable_loads"] = std::move(loads);
    if (const auto own = generation(plan); !own.empty()) section["generation_kw"] = series_json(plan.axis, own, zone);
}

json breaches(const plan::Plan& plan) {
    auto list = json::array();
    for (const auto& breach : plan.breaches) list.push_back({{"limit", to_json(breach.limit)}, {"cost", breach.cost}});
    return list;
}

}  // namespace

Result<PlanReport> plan_of_report(Session& session, const ReportScope& scope, Progress& progress) {
    const auto& grid = scope.connection->grid.id;
    auto coming = plan_days(session, {.grid = grid}, progress);
    if (coming || coming.error().code == ErrorCode::cancelled) return coming;
    const auto week = latest_complete_week(session.plant(), scope);
    if (!week) return coming;
    auto past =
        plan_days(session, {.grid = grid, .from = *week, .days = past_days, .foresight = Foresight::perfect}, progress);
    // What is missing for the plan of the coming days is what the reader can mend.
    return past ? past : coming;
}

double saving_of(const plan::Plan& plan) { return plan.cost_before - plan.cost_after; }

Result<json> plan_section(Session& session, const PlanReport& report) {
    const auto& plan = report.plan;
    const auto& zone = report.zone;
    LOADSTAR_TRY(const auto connection, billed_connection(session.plant(), plan.grid));
    LOADSTAR_TRY(const auto terms, contract_terms(session, plan.grid, plan.axis, {}));
    json section{{"period", {{"start", zone.format(plan.axis.start)}, {"end", zone.format(plan.axis.end())}}},
                 {"basis", to_string(report.foresight)},
                 {"outcome", plan::to_string(plan.outcome)},
                 {"before_cost", plan.cost_before},
                 {"after_cost", plan.cost_after},
                 {"load_kw", series_json(plan.axis, plan.load_kw, zone)},
                 {"import_before_kw", series_json(plan.axis, plan.import_before_kw, zone)},
                 {"import_after_kw", series_json(plan.axis, plan.import_kw, zone)},
                 {"price_per_kwh", series_json(plan.axis, import_prices(terms), zone)},
                 {"references", demand_references(connection.contract)},
                 {"breaches", breaches(plan)}};
    if (plan.outcome == plan::Outcome::feasible) section["gap_percent"] = 100 * plan.gap;
    if (!terms.band_names.empty()) section["tariff_bands"] = tariff_bands_json(terms, zone);
    add_assets(section, session.plant(), plan);
    return section;
}

json plan_costs_section(const PlanReport& report, const Plant& plant) {
    const auto& plan = report.plan;
    auto terms = json::array();
    for (const auto& cost : plan.costs) {
        if (cost.before == 0 && cost.after == 0) continue;
        const auto label = cost_name(plant, plan, cost);
        terms.push_back(
            {{"id", cost.id}, {"label", to_json(label)}, {"before_cost", cost.before}, {"after_cost", cost.after}});
    }
    return {{"terms", std::move(terms)}, {"before_cost", plan.cost_before}, {"after_cost", plan.cost_after}};
}

json plan_reasons_section(const PlanReport& report, const Plant& plant) {
    auto reasons = json::array();
    double saving = 0;
    for (const auto& action : report.plan.actions) {
        saving += action.saving;
        reasons.push_back({{"start", report.zone.format(action.start)},
                           {"end", report.zone.format(action.end)},
                           {"asset", to_json(asset_name(plant, action.asset))},
                           {"action", to_json(action.what)},
                           {"reason", to_json(action.reason)},
                           {"saving_cost", action.saving}});
    }
    return {{"reasons", std::move(reasons)}, {"saving_cost", saving}};
}

}  // namespace loadstar::service
