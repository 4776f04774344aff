#include <algorithm>
#include <cmath>
#include <map>

#include <fmt/format.h>

#include "plan/check.hpp"
#include "site/store.hpp"

namespace loadstar::plan {
namespace {

constexpr double slack = 1e-4;

int local_day(const PlanRequest& request, std::size_t slot) {
    const auto& zone = request.plant->time_zone;
    const auto day = [&zone](Instant at) { return zone.to_civil(at).date(); };
    return days_between(day(request.axis.start), day(request.axis.slot_start(static_cast<int>(slot))));
}

bool in_window(const DayWindow& window, const PlanRequest& request, std::size_t slot) {
    const auto civil = request.plant->time_zone.to_civil(request.axis.slot_start(static_cast<int>(slot)));
    const int since = (civil.minute_of_day() - window.from_minute + 24 * 60) % (24 * 60);
    const int length = window.to_minute - window.from_minute;
    return since < (length > 0 ? length : length + 24 * 60);
}

void check_range(const AssetPlan& asset, std::size_t at, double least, double most, Findings& findings) {
    if (asset.power_kw[at] < least - slack || asset.power_kw[at] > most + slack)
        findings.add(asset, at, fmt::format("{} kW is outside {} to {} kW", asset.power_kw[at], least, most));
}

/// What full or empty stores can take or give: evenly less beyond their tapers.
void check_tapers(const AssetPlan& asset, const Store& store, double power, std::size_t at, Findings& findings) {
    const double level = asset.level_kwh[at] / store.capacity.value();
    const double room = slack * std::max(1.0, store.max_charge.value() + store.max_discharge.value());
    if (store.charge_taper_from < 1 &&
        power > store.max_charge.value() * (1 - level) / (1 - store.charge_taper_from) + room)
        findings.add(asset, at, fmt::format("takes in {} per hour at level {}", power, level));
    if (store.discharge_taper_below > 0 &&
        -power > store.max_discharge.value() * level / store.discharge_taper_below + room)
        findings.add(asset, at, fmt::format("gives back {} per hour at level {}", -power, level));
}

void check_store(const AssetPlan& asset, const Store& store, const PlanRequest& request, Findings& findings) {
    const auto flow = asset.flows.find(store.carrier);
    const auto& power = flow == asset.flows.end() ? asset.power_kw : flow->second;
    const auto known = request.state.store_level.find(asset.id);
    const auto start = known == request.state.store_level.end() ? initial_level(store) : known->second;
    const double room = slack * std::max(1.0, store.capacity.value());
    const auto step = request.axis.step_hours();
    if (std::abs(asset.level_kwh.front() - start.value()) > room)
        findings.add(asset, 0, fmt::format("starts at {} kWh, expected {}", asset.level_kwh.front(), start.value()));
    auto reachable = start;
    for (std::size_t at = 0; at < power.size(); ++at) {
        if (power[at] < -store.max_discharge.value() - slack || power[at] > store.max_charge.value() + slack)
            findings.add(
                asset, at,
                fmt::format("{} {} is outside {} to {}", power[at], asset.kind == "battery" ? "kW" : "per hour",
                            -store.max_discharge.value(), store.max_charge.value()));
        check_tapers(asset, store, power[at], at, findings);
        const auto expected = level_after(store, Energy(asset.level_kwh[at]), Power(power[at]), step).value();
        const double level = asset.level_kwh[at + 1];
        if (std::abs(expected - level) > room)
            findings.add(asset, at, fmt::format("level {} kWh, expected {}", level, expected));
        if (level > store.capacity.value() + room || level < -room)
            findings.add(asset, at, fmt::format("level {} kWh is outside 0 to {}", level, store.capacity.value()));
        const double reserve = store.min_level * store.capacity.value();
        if (level < reserve - room && level < asset.level_kwh[at] - room && power[at] < -slack)
            findings.add(asset, at, fmt::format("level {} kWh goes below its reserve of {}", level, reserve));
        reachable = level_after(store, reachable, feasible_power(store, reachable, step).highest, step);
    }
    if (!store.final_level) return;
    const auto forced = std::min(*store.final_level * store.capacity, reachable).value();
    if (asset.level_kwh.back() < forced - room)
        findings.add(asset, asset.power_kw.size() - 1,
                     fmt::format("ends at {} kWh, below its final level of {}", asset.level_kwh.back(), forced));
}

void check_interruptible(const AssetPlan& asset, const PlanRequest& request, Findings& findings) {
    const auto& load = *find_by_id(request.plant->interruptible_loads, asset.id);
    const auto& running = request.asset_load_kw.at(asset.id);
    std::map<int, double> hours;
    const auto before = request.state.cut_hours.find(asset.id);
    if (before != request.state.cut_hours.end()) hours[0] = before->second.value();
    for (std::size_t at = 0; at < running.size(); ++at) {
        const double most = load.max_cut_share * running[at];
        check_range(asset, at, running[at] - most, running[at], findings);
        if (most > 0)
            hours[local_day(request, at)] +=
                (running[at] - asset.power_kw[at]) / most * request.axis.step_hours().value();
    }
    for (const auto& [day, cut] : hours)
        if (cut > load.max_cut_per_day.value() + slack)
            findings.add(fmt::format("{} is cut for {} hours on day {}, at most {} allowed", asset.id, cut, day + 1,
                                     load.max_cut_per_day.value()));
}

/// No local day gets more than its energy, but for what the least power draws anyway.
void check_shiftable(const AssetPlan& asset, const ShiftableLoad& load, const PlanRequest& request,
                     Findings& findings) {
    const double hours = request.axis.step_hours().value();
    std::map<int, double> served, least;
    for (std::size_t at = 0; at < asset.power_kw.size(); ++at) {
        const bool may = in_window(load.window, request, at);
        check_range(asset, at, may ? load.min_power.value() : 0, may ? load.max_power.value() : 0, findings);
        const double off_by = std::min(asset.power_kw[at], load.max_power.value() - asset.power_kw[at]);
        if (load.on_off && off_by > slack) findings.add(asset, at, "is neither on nor off");
        served[local_day(request, at)] += asset.power_kw[at] * hours;
        least[local_day(request, at)] += may ? load.min_power.value() * hours : 0;
    }
    for (const auto& [day, energy] : served)
        if (energy > std::max(load.energy_per_day.value(), least[day]) + slack * std::max(1.0, energy))
            findings.add(fmt::format("{} gets {} kWh on day {}, it needs {}", asset.id, energy, day + 1,
                                     load.energy_per_day.value()));
}

/// Slots during which each machine runs a job, first and end.
using Runs = std::map<std::string, std::vector<std::pair<int, int>>>;

bool works(const Machine& machine, const PlanRequest& request, Instant at) {
    if (machine.shifts.empty()) return true;
    const auto& plant = *request.plant;
    for (const auto& shift : plant.shifts) {
        if (std::ranges::find(machine.shifts, shift.name) == machine.shifts.end()) continue;
        for (const int back : {0, 1}) {  // the shift may have begun the day before
            const auto day = add_days(plant.time_zone.day_of(at), -back);
            const bool listed = std::ranges::find(shift.weekdays, weekday_from_monday(day)) != shift.weekdays.end();
            const bool on = shift.weekdays.empty() ? plant.calendar.day_type(day) == DayType::working : listed;
            if (!on || plant.calendar.shutdowns.contains(day)) continue;
            const int minute = plant.time_zone.to_civil(at).minute_of_day() + back * 24 * 60;
            const int end = shift.window.to_minute + (shift.window.to_minute <= shift.window.from_minute ? 24 * 60 : 0);
            if (minute >= shift.window.from_minute && minute < end) return true;
        }
    }
    return false;
}

/// A run that the plan may choose; one that was under way before is a fact.
void check_choice(const AssetPlan& asset, const BatchJob& job, const PlanRequest& request, Findings& findings) {
    if (std::ranges::find(job.machines, asset.machine) == job.machines.end())
        return findings.add(asset, 0, fmt::format("runs on {}, which its order does not name", asset.machine));
    if (*asset.job_start < job.release) findings.add(asset, 0, "starts before its release");
    if ((*asset.job_start - request.axis.start) % request.axis.step != Duration(0))
        findings.add(asset, 0, "starts between two slots");
    const auto& machine = *find_by_id(request.plant->machines, asset.machine);
    for (std::size_t step = 0; step < job.profile.size(); ++step) {
        const auto at = *asset.job_start + static_cast<int>(step) * request.axis.step;
        if (!works(machine, request, at))
            return findings.add(
                asset, 0, fmt::format("needs {} at {}, outside its shifts", asset.machine, loadstar::to_string(at)));
    }
    if (*asset.job_start + static_cast<int>(job.profile.size()) * request.axis.step > request.axis.end())
        findings.add(asset, 0, "ends after the horizon");
}

void check_job(const AssetPlan& asset, const PlanRequest& request, Runs& runs, Findings& findings) {
    const auto& job = *find_by_id(request.plant->jobs, asset.id);
    std::vector<double> expected(asset.power_kw.size(), 0.0);
    if (asset.job_start) {
        const auto status = request.state.machines.find(asset.machine);
        const bool under_way = status != request.state.machines.end() && status->second.job == job.id;
        if (!under_way) check_choice(asset, job, request, findings);
        const int first = request.axis.slot_of(*asset.job_start);
        const int length = static_cast<int>(job.profile.size());
        runs[asset.machine].emplace_back(first, first + length);
        for (int step = 0; step < length; ++step)
            if (first + step >= 0 && first + step < request.axis.slots)
                expected[static_cast<std::size_t>(first + step)] = job.profile[static_cast<std::size_t>(step)].value();
    }
    for (std::size_t at = 0; at < expected.size(); ++at) check_range(asset, at, expected[at], expected[at], findings);
}

}  // namespace

void check_asset(const AssetPlan& asset, const PlanRequest& request, Findings& findings) {
    if (asset.kind == "battery" || asset.kind == "store") {
        const auto* store = find_by_id(request.plant->batteries, asset.id);
        if (asset.kind == "store" || store == nullptr) store = find_by_id(request.plant->stores, asset.id);
        return check_store(asset, *store, request, findings);
    }
    if (asset.kind == "converter") return check_converter(asset, request, findings);
    if (asset.kind == "interruptible_load") return check_interruptible(asset, request, findings);
    const auto slots = asset.power_kw.size();
    if (asset.kind == "photovoltaic") {
        const auto& source = *find_by_id(request.plant->photovoltaics, asset.id);
        const auto& available = request.generation_kw.at(asset.id);
        for (std::size_t at = 0; at < slots; ++at)
            check_range(asset, at, -available[at], source.curtailable ? 0 : -available[at], findings);
    }
    if (asset.kind == "shiftable_load")
        check_shiftable(asset, *find_by_id(request.plant->shiftable_loads, asset.id), request, findings);
}

void check_jobs(const std::vector<AssetPlan>& assets, const PlanRequest& request, Findings& findings) {
    Runs runs;
    for (const auto& asset : assets)
        if (asset.kind == "job") check_job(asset, request, runs, findings);
    for (auto& [machine, taken] : runs) {
        std::ranges::sort(taken);
        for (std::size_t i = 1; i < taken.size(); ++i)
            if (taken[i].first < taken[i - 1].second)
                findings.add(fmt::format("{} runs two jobs at {}", machine,
                                         loadstar::to_string(request.axis.slot_start(taken[i].first))));
    }
}

}  // namespace loadstar::plan
