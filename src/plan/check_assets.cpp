#include <algorithm>
#include <cmath>
#include <map>

#include <fmt/format.h>

#include "plan/check.hpp"
#include "site/battery.hpp"

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

void check_battery(const AssetPlan& asset, const PlanRequest& request, Findings& findings) {
    const auto& battery = *find_by_id(request.plant->batteries, asset.id);
    const auto known = request.state.store_level.find(asset.id);
    const auto start = known == request.state.store_level.end() ? initial_level(battery) : known->second;
    const double room = slack * std::max(1.0, battery.capacity.value());
    const auto step = request.axis.step_hours();
    if (std::abs(asset.level_kwh.front() - start.value()) > room)
        findings.add(asset, 0, fmt::format("starts at {} kWh, expected {}", asset.level_kwh.front(), start.value()));
    auto reachable = start;
    for (std::size_t at = 0; at < asset.power_kw.size(); ++at) {
        check_range(asset, at, -battery.max_discharge.value(), battery.max_charge.value(), findings);
        const auto expected =
            level_after(battery, Energy(asset.level_kwh[at]), Power(asset.power_kw[at]), step).value();
        const double level = asset.level_kwh[at + 1];
        if (std::abs(expected - level) > room)
            findings.add(asset, at, fmt::format("level {} kWh, expected {}", level, expected));
        if (level > battery.capacity.value() + room || level < -room)
            findings.add(asset, at, fmt::format("level {} kWh is outside 0 to {}", level, battery.capacity.value()));
        const double reserve = battery.min_level * battery.capacity.value();
        if (level < reserve - room && level < asset.level_kwh[at] - room && asset.power_kw[at] < -slack)
            findings.add(asset, at, fmt::format("level {} kWh goes below its reserve of {}", level, reserve));
        reachable = level_after(battery, reachable, feasible_power(battery, reachable, step).highest, step);
    }
    if (!battery.final_level) return;
    const auto forced = std::min(*battery.final_level * battery.capacity, reachable).value();
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
    if (asset.kind == "battery") return check_battery(asset, request, findings);
    if (asset.kind == "interruptible_load") return check_interruptible(asset, request, findings);
    const auto slots = asset.power_kw.size();
    if (asset.kind == "photovoltaic") {
        const auto& source = *find_by_id(request.plant->photovoltaics, asset.id);
        const auto& available = request.generation_kw.at(asset.id);
        for (std::size_t at = 0; at < slots; ++at)
            check_range(asset, at, -available[at], source.curtailable ? 0 : -available[at], findings);
    }
    if (asset.kind == "shiftable_load") {
        const auto& load = *find_by_id(request.plant->shiftable_loads, asset.id);
        for (std::size_t at = 0; at < slots; ++at) {
            const bool may = in_window(load.window, request, at);
            check_range(asset, at, may ? load.min_power.value() : 0, may ? load.max_power.value() : 0, findings);
        }
    }
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
