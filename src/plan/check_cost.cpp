#include <algorithm>
#include <map>

#include "plan/check.hpp"

namespace loadstar::plan {
namespace {

double energy_cost(const Plan& plan, const PlanRequest& request) {
    double cost = 0;
    bool contract_pays_export = false;
    const double hours = to_hours(request.axis.step).value();
    const auto& grid = *find_by_id(request.plant->grids, request.grid);
    const auto* carrier = find_by_id(request.plant->carriers, grid.carrier);
    for (const auto& term : request.terms.energy) {
        contract_pays_export = contract_pays_export || term.is_export;
        for (std::size_t at = 0; at < plan.import_kw.size(); ++at) {
            const double kwh = plan.import_kw[at] * hours;
            if (term.applies[at] && (kwh < 0) == term.is_export) cost += kwh * term.price[at].to_double();
        }
    }
    const double carbon =
        carrier == nullptr ? 0 : carrier->carbon_kg_per_unit * request.plant->plan.carbon_price.value();
    for (const double power : plan.import_kw) {
        if (power > 0) cost += carbon * power * hours;
        if (power < 0 && !contract_pays_export) cost += grid.export_price.value() * power * hours;
        const double above = grid.max_import ? power - grid.max_import->value() : 0;
        const double below = -power - (grid.max_export ? grid.max_export->value() : 0);
        cost += grid.breach_price.value() * (std::max(0.0, above) + std::max(0.0, below));
    }
    return cost;
}

double demand_cost(const Plan& plan, const tariff::PeakTerm& term, Duration step) {
    double billed = std::max(term.floor_kw.to_double(), term.incurred_kw.to_double());
    const auto slots = static_cast<std::size_t>(std::max<Duration::rep>(1, term.interval / step));
    double drawn = 0;
    for (std::size_t at = 0; at < plan.import_kw.size(); ++at) {
        if (at % slots == 0) drawn = 0;
        drawn += std::max(0.0, plan.import_kw[at]);
        const bool complete = at % slots == slots - 1;
        if (complete && term.applies[at + 1 - slots]) billed = std::max(billed, drawn / static_cast<double>(slots));
    }
    double cost = term.fixed.to_double();
    for (std::size_t i = 0; i < term.segments.size(); ++i) {
        const double from = term.segments[i].from_kw.to_double();
        const double to = i + 1 < term.segments.size() ? term.segments[i + 1].from_kw.to_double() : billed;
        if (billed > from)
            cost += term.segments[i].jump.to_double() +
                    term.segments[i].rate_per_kw.to_double() * (std::min(billed, to) - from);
    }
    return cost;
}

double battery_cost(const AssetPlan& asset, const PlanRequest& request) {
    const auto& battery = *find_by_id(request.plant->batteries, asset.id);
    double discharged = 0;
    for (const double power : asset.power_kw) discharged += std::max(0.0, -power) * request.axis.step_hours().value();
    const double worth = battery.final_level ? 0 : request.stored_value_per_kwh;
    return battery.wear.value() * discharged - worth * (asset.level_kwh.back() - asset.level_kwh.front());
}

double unserved_cost(const AssetPlan& asset, const PlanRequest& request) {
    const auto& load = *find_by_id(request.plant->shiftable_loads, asset.id);
    const auto& zone = request.plant->time_zone;
    const int length = load.window.to_minute - load.window.from_minute;
    const int window = length > 0 ? length : length + 24 * 60;
    struct Day {
        double hours = 0, served = 0;
    };
    std::map<int, Day> days;
    const auto first = zone.day_of(request.axis.start);
    for (std::size_t at = 0; at < asset.power_kw.size(); ++at) {
        const auto start = request.axis.slot_start(static_cast<int>(at));
        const int since = (zone.to_civil(start).minute_of_day() - load.window.from_minute + 24 * 60) % (24 * 60);
        if (since >= window) continue;
        auto& day = days[days_between(first, zone.day_of(start))];
        day.hours += request.axis.step_hours().value();
        day.served += asset.power_kw[at] * request.axis.step_hours().value();
    }
    double missing = 0;
    for (const auto& [number, day] : days) {
        double need = std::min(1.0, day.hours * 60 / window) * load.energy_per_day.value();
        const auto done = request.state.shifted_energy.find(load.id);
        if (number == 0 && done != request.state.shifted_energy.end())
            need = std::max(0.0, load.energy_per_day.value() - done->second.value());
        missing += std::max(0.0, need - day.served);
    }
    return missing * load.unserved_price.value();
}

double cut_cost(const AssetPlan& asset, const PlanRequest& request) {
    const auto& load = *find_by_id(request.plant->interruptible_loads, asset.id);
    double cut = 0;
    for (std::size_t at = 0; at < asset.power_kw.size(); ++at)
        cut += request.asset_load_kw.at(asset.id)[at] - asset.power_kw[at];
    return cut * request.axis.step_hours().value() * load.compensation.value();
}

double late_cost(const AssetPlan& asset, const PlanRequest& request) {
    const auto& job = *find_by_id(request.plant->jobs, asset.id);
    const auto length = static_cast<int>(job.profile.size()) * request.axis.step;
    const auto end = asset.job_start.value_or(request.axis.end()) + length;
    return std::max(0.0, to_hours(end - job.due).value()) * job.late_price.value();
}

}  // namespace

double checked_cost(const Plan& plan, const PlanRequest& request) {
    double cost = energy_cost(plan, request);
    for (const auto& term : request.terms.peaks) cost += demand_cost(plan, term, request.axis.step);
    for (const auto& term : request.terms.fixed) cost += term.amount.to_double();
    for (const auto& asset : plan.assets) {
        if (asset.kind == "battery") cost += battery_cost(asset, request);
        if (asset.kind == "shiftable_load") cost += unserved_cost(asset, request);
        if (asset.kind == "interruptible_load") cost += cut_cost(asset, request);
        if (asset.kind == "job") cost += late_cost(asset, request);
    }
    return cost;
}

}  // namespace loadstar::plan
