#include <algorithm>
#include <optional>

#include <nlohmann/json.hpp>

#include "service/ledger.hpp"
#include "service/plan.hpp"
#include "service/report_sections.hpp"

namespace loadstar::service {
namespace {

nlohmann::json costs_json(const plan::Plan& plan) {
    auto costs = nlohmann::json::array();
    for (const auto& cost : plan.costs)
        costs.push_back(
            {{"id", cost.id}, {"label", to_json(cost.label)}, {"before", cost.before}, {"after", cost.after}});
    return costs;
}

nlohmann::json actions_json(const plan::Plan& plan, const TimeZone& zone) {
    auto actions = nlohmann::json::array();
    for (const auto& action : plan.actions) {
        actions.push_back({{"start", zone.format(action.start)},
                           {"end", zone.format(action.end)},
                           {"asset", action.asset},
                           {"what", to_json(action.what)},
                           {"reason", to_json(action.reason)},
                           {"saving", action.saving}});
    }
    return actions;
}

nlohmann::json assets_json(const plan::Plan& plan, const TimeZone& zone) {
    const auto instant = [&zone](const std::optional<Instant>& at) {
        return at ? nlohmann::json(zone.format(*at)) : nlohmann::json();
    };
    auto assets = nlohmann::json::array();
    for (const auto& asset : plan.assets) {
        assets.push_back(
            {{"id", asset.id}, {"kind", asset.kind}, {"power_kw", asset.power_kw}, {"before_kw", asset.before_kw}});
        if (!asset.level_kwh.empty()) assets.back()[asset.kind == "store" ? "level" : "level_kwh"] = asset.level_kwh;
        if (!asset.flows.empty()) assets.back()["draws_per_hour"] = asset.flows;
        if (!asset.flows_before.empty()) assets.back()["draws_before_per_hour"] = asset.flows_before;
        if (asset.kind == "converter") {
            assets.back()["load"] = asset.load;
            assets.back()["load_before"] = asset.load_before;
            assets.back()["running"] = asset.running;
        }
        if (asset.kind != "job") continue;
        assets.back()["machine"] = asset.machine.empty() ? nlohmann::json() : nlohmann::json(asset.machine);
        assets.back()["start"] = instant(asset.job_start);
        assets.back()["start_before"] = instant(asset.job_start_before);
    }
    return assets;
}

/// Only of carriers that lose something.
void add_losses(nlohmann::json& carrier, const std::vector<double>& lost) {
    if (std::ranges::any_of(lost, [](double amount) { return amount != 0; })) carrier["lost_per_hour"] = lost;
}

/// What is bought emits; null where no carrier has a factor.
nlohmann::json carbon_json(const plan::CarbonTotals& carbon) {
    if (carbon.average == 0 && carbon.average_before == 0 && carbon.marginal == 0 && carbon.marginal_before == 0)
        return {};
    return {{"average_before", carbon.average_before},
            {"average_after", carbon.average},
            {"marginal_before", carbon.marginal_before},
            {"marginal_after", carbon.marginal}};
}

/// Carriers beside that of the planned connection: bought, or made on the site.
nlohmann::json carriers_json(const plan::Plan& plan) {
    auto carriers = nlohmann::json::array();
    for (const auto& supply : plan.supplies) {
        carriers.push_back({{"carrier", supply.carrier},
                            {"grid", supply.grid},
                            {"drawn_per_hour", supply.drawn},
                            {"drawn_before_per_hour", supply.drawn_before}});
        add_losses(carriers.back(), supply.lost);
    }
    for (const auto& made : plan.carriers) {
        carriers.push_back({{"carrier", made.carrier},
                            {"missing_per_hour", made.missing},
                            {"missing_before_per_hour", made.missing_before},
                            {"value_per_unit", made.value}});
        add_losses(carriers.back(), made.lost);
    }
    return carriers;
}

nlohmann::json order_problems_json(const plan::Plan& plan) {
    auto problems = nlohmann::json::array();
    for (const auto& told : plan.order_problems) {
        problems.push_back({{"job", told.job},
                            {"machine", told.machine},
                            {"problem", to_json(told.problem)},
                            {"remedy", to_json(told.remedy)}});
    }
    return problems;
}

nlohmann::json breaches_json(const plan::Plan& plan, const TimeZone& zone) {
    auto breaches = nlohmann::json::array();
    for (const auto& breach : plan.breaches) {
        breaches.push_back({{"limit", to_json(breach.limit)},
                            {"start", zone.format(breach.start)},
                            {"end", zone.format(breach.end)},
                            {"kw", breach.kw},
                            {"unit", breach.unit},
                            {"cost", breach.cost}});
    }
    return breaches;
}

nlohmann::json bases_json(const PlanReport& report) {
    auto bases = nlohmann::json::array();
    for (const auto& basis : report.bases) {
        bases.push_back({{"series", basis.series}, {"method", basis.method}, {"note", to_json(basis.note)}});
        if (basis.issued_at) bases.back()["issued_at"] = report.zone.format(*basis.issued_at);
    }
    return bases;
}

nlohmann::json start_json(const PlanReport& report) {
    auto levels = nlohmann::json::array();
    for (const auto& start : report.levels) {
        levels.push_back(
            {{"battery", start.battery}, {"level_kwh", start.level.value()}, {"from", to_string(start.origin)}});
        if (start.read_at) levels.back()["read_at"] = report.zone.format(*start.read_at);
    }
    return {{"levels", std::move(levels)},
            {"incurred_peak_kw", report.peak.incurred_kw},
            {"incurred_peak_from", to_string(report.peak.origin)}};
}

nlohmann::json unplanned_json(const PlanReport& report) {
    auto unplanned = nlohmann::json::array();
    for (const auto& charge : report.unplanned)
        unplanned.push_back({{"line", charge.line}, {"name", charge.name}, {"why", to_json(charge.why)}});
    return unplanned;
}

}  // namespace

nlohmann::json to_json(const PlanReport& report) {
    const auto& plan = report.plan;
    const auto& zone = report.zone;
    nlohmann::json json{{"schema", "loadstar.plan/1"},
                        {"plant", report.plant},
                        {"grid", plan.grid},
                        {"contract", report.contract},
                        {"currency", report.currency},
                        {"foresight", to_string(report.foresight)},
                        {"scenarios", report.scenarios},
                        {"basis", bases_json(report)},
                        {"start_state", start_json(report)},
                        {"outcome", plan::to_string(plan.outcome)},
                        {"gap", plan.gap},
                        {"start", zone.format(plan.axis.start)},
                        {"step_minutes", plan.axis.step / minutes(1)},
                        {"slots", plan.axis.slots}};
    if (plan.import_kw.empty()) {
        json["explanation"] = to_json(plan.explanation);
        return json;
    }
    json["cost_before"] = plan.cost_before;
    json["cost_after"] = plan.cost_after;
    json["fixed_cost"] = plan.fixed_cost;
    json["costs"] = costs_json(plan);
    json["carbon_kg"] = carbon_json(plan.carbon);
    json["actions"] = actions_json(plan, zone);
    json["not_planned"] = unplanned_json(report);
    json["breaches"] = breaches_json(plan, zone);
    json["assets"] = assets_json(plan, zone);
    json["carriers"] = carriers_json(plan);
    json["order_problems"] = order_problems_json(plan);
    json["load"] = series_json(plan.axis, plan.load_kw, zone);
    json["import"] = series_json(plan.axis, plan.import_kw, zone);
    json["import_before"] = series_json(plan.axis, plan.import_before_kw, zone);
    return json;
}

Result<void> keep_plan(Session& session, const PlanReport& report) {
    const auto& plan = report.plan;
    if (plan.import_kw.empty()) {
        return Error{.code = ErrorCode::invalid_argument, .message = "there is no plan to keep", .where = plan.grid};
    }
    std::optional<Instant> issued_at;
    for (const auto& basis : report.bases) issued_at = std::max(issued_at, basis.issued_at);
    const historian::PlanRecord record{
        .origin = plan.grid + (report.foresight == Foresight::perfect ? ", perfect foresight" : ""),
        .issued_at = issued_at.value_or(plan.axis.start),
        .axis = plan.axis,
        .cost = Money(plan.cost_after),
        .payload = to_json(report).dump()};
    return keep(session, [&](historian::Historian& historian) { return historian::put_plans(historian, {record}); });
}

}  // namespace loadstar::service
