#include "service/report_plan.hpp"

#include <algorithm>
#include <cmath>
#include <map>

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
constexpr double cent = 0.005;  // less is nothing on a page: what rounding left

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
    const auto* converter = find_by_id(plant.converters, id);
    if (converter != nullptr && !converter->name.empty()) return usual_name(converter->name);
    return name_of_id(id);
}

bool is_asset(const Plant& plant, const std::string& id) {
    return find_by_id(plant.batteries, id) != nullptr || find_by_id(plant.stores, id) != nullptr ||
           find_by_id(plant.converters, id) != nullptr || find_by_id(plant.shiftable_loads, id) != nullptr ||
           find_by_id(plant.interruptible_loads, id) != nullptr || find_by_id(plant.jobs, id) != nullptr;
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

std::string unit_of(const Plant& plant, const std::string& carrier) {
    const auto* known = find_by_id(plant.carriers, carrier);
    return known == nullptr ? "kWh" : known->unit;
}
std::string per_hour(const std::string& unit) { return unit == "kWh" ? "kW" : unit + "/h"; }

std::vector<double> negative(std::vector<double> path) {
    for (double& value : path) value = value == 0 ? 0 : -value;
    return path;
}

/// Asset by asset, each kind in a list of its own.
class AssetLists {
  public:
    AssetLists(const Plant& plant, const plan::Plan& plan) : plant_(plant), plan_(plan) {}

    void add(const plan::AssetPlan& asset) {
        if (asset.kind == "battery") return add_battery(asset);
        if (asset.kind == "store") return add_store(asset);
        if (asset.kind == "converter") return add_converter(asset);
        if (asset.kind == "photovoltaic") return;  // all together as the generation
        auto load = head(asset);
        load["before_kw"] = series(asset.before_kw);
        load["after_kw"] = series(asset.power_kw);
        lists_["shiftable_loads"].push_back(std::move(load));
    }
    void into(json& section) {
        for (auto& [name, list] : lists_) section[name] = std::move(list);
    }

  private:
    [[nodiscard]] json head(const plan::AssetPlan& asset) const {
        return {{"id", asset.id}, {"name", to_json(asset_name(plant_, asset.id))}};
    }
    [[nodiscard]] json series(const std::vector<double>& path) const {
        return series_json(plan_.axis, path, plant_.time_zone);
    }
    void add_battery(const plan::AssetPlan& asset) {
        auto battery = head(asset);
        const auto* known = find_by_id(plant_.batteries, asset.id);
        if (known == nullptr) known = find_by_id(plant_.stores, asset.id);
        battery["capacity_kwh"] = known->capacity.value();
        battery["power_kw"] = series(asset.power_kw);
        battery["level_kwh"] = series(asset.level_kwh);
        lists_["batteries"].push_back(std::move(battery));
    }
    void add_store(const plan::AssetPlan& asset) {
        const auto& known = *find_by_id(plant_.stores, asset.id);
        auto store = head(asset);
        store["unit"] = unit_of(plant_, known.carrier);
        store["capacity"] = known.capacity.value();
        store["flow"] = series(asset.flows.at(known.carrier));
        store["level"] = series(asset.level_kwh);
        lists_["stores"].push_back(std::move(store));
    }
    /// One chart per carrier that it gives.
    void add_converter(const plan::AssetPlan& asset) {
        const auto& planned = find_by_id(plant_.grids, plan_.grid)->carrier;
        for (const auto& [carrier, amount] : find_by_id(plant_.converters, asset.id)->points.back().draws) {
            if (amount >= 0) continue;
            const bool is_planned = carrier == planned;
            auto given = head(asset);
            given["id"] = asset.id + "." + carrier;
            given["carrier"] = to_json(name_of_id(carrier));
            given["unit"] = per_hour(unit_of(plant_, carrier));
            given["before"] = series(negative(is_planned ? asset.before_kw : asset.flows_before.at(carrier)));
            given["after"] = series(negative(is_planned ? asset.power_kw : asset.flows.at(carrier)));
            lists_["converters"].push_back(std::move(given));
        }
    }

    const Plant& plant_;
    const plan::Plan& plan_;
    std::map<std::string, json> lists_;
};

void add_assets(json& section, const Plant& plant, const plan::Plan& plan) {
    AssetLists lists(plant, plan);
    for (const auto& asset : plan.assets) lists.add(asset);
    lists.into(section);
    if (const auto own = generation(plan); !own.empty())
        section["generation_kw"] = series_json(plan.axis, own, plant.time_zone);
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

Text cost_label(const Plant& plant, const Text& label) {
    if (label.en == label.zh) return charge_name(label.en);
    const auto id = label.en.substr(0, label.en.find(": "));
    if (id == label.en || !is_asset(plant, id) || !label.zh.starts_with(id)) return label;
    const auto name = asset_name(plant, id);
    return {.en = name.en + label.en.substr(id.size()), .zh = name.zh + label.zh.substr(id.size())};
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
        if (std::abs(cost.before) < cent && std::abs(cost.after) < cent) continue;
        terms.push_back({{"id", cost.id},
                         {"label", to_json(cost_label(plant, cost.label))},
                         {"before_cost", cost.before},
                         {"after_cost", cost.after}});
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
