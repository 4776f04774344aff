#include "operate/execution.hpp"

#include <algorithm>
#include <cmath>

namespace loadstar::operate {
namespace {

/// One battery while a plan is carried out.
struct RunningBattery {
    const Store* battery = nullptr;
    const plan::AssetPlan* planned = nullptr;
    plan::AssetPlan executed;
};

/// Power of an asset that is no battery: what it does under the plan, and had nothing been done, kW.
struct AssetPower {
    double planned = 0;
    double idle = 0;
};

/// Value of a series at a slot; what the plan assumed where nothing was measured.
double measured_or(const std::map<std::string, std::vector<double>>& series, const std::string& id, std::size_t slot,
                   double assumed) {
    const auto found = series.find(id);
    return found == series.end() ? assumed : found->second[slot];
}

/// What a source or a load follows keeps the share that the plan left of it.
double share_left(const plan::AssetPlan& asset, std::size_t slot) {
    const double before = asset.before_kw[slot];
    return before == 0 ? 1.0 : asset.power_kw[slot] / before;
}

AssetPower power_of(const plan::AssetPlan& asset, const Reality& reality, std::size_t slot) {
    const double share = share_left(asset, slot);
    if (asset.kind == "photovoltaic") {
        const double idle = -measured_or(reality.generation_kw, asset.id, slot, -asset.before_kw[slot]);
        return {.planned = share * idle, .idle = idle};
    }
    if (asset.kind == "interruptible_load") {
        const double idle = measured_or(reality.asset_load_kw, asset.id, slot, asset.before_kw[slot]);
        return {.planned = share * idle, .idle = idle};
    }
    if (asset.kind == "shiftable_load") {
        const double idle = measured_or(reality.asset_load_kw, asset.id, slot, asset.before_kw[slot]);
        return {.planned = asset.power_kw[slot], .idle = idle};
    }
    return {.planned = asset.power_kw[slot], .idle = 0};  // a job: see Execution::import_idle_kw
}

Energy level_of(const Store& battery, const PlantState& state) {
    const auto known = state.store_level.find(battery.id);
    return known == state.store_level.end() ? initial_level(battery) : known->second;
}

std::vector<RunningBattery> start_batteries(const plan::Plan& plan, const plan::PlanRequest& request) {
    std::vector<RunningBattery> running;
    for (const auto& asset : plan.assets) {
        if (asset.kind != "battery") continue;
        const auto* battery = find_by_id(request.plant->batteries, asset.id);
        running.push_back(
            {.battery = battery,
             .planned = &asset,
             .executed = {
                 .id = asset.id, .kind = asset.kind, .level_kwh = {level_of(*battery, request.state).value()}}});
    }
    return running;
}

/// Joins the slots that the guard corrected.
void note_correction(std::vector<Correction>& corrections, Instant start, Instant end, Power deviation) {
    if (!corrections.empty() && corrections.back().end == start) {
        corrections.back().end = end;
        corrections.back().largest = std::max(corrections.back().largest, deviation);
    } else {
        corrections.push_back({.start = start, .end = end, .largest = deviation});
    }
}

/// Runs the batteries of one slot and returns the import, kW.
double run_slot(std::vector<RunningBattery>& batteries, Power other, const Corridor& corridor, Execution& done,
                int slot) {
    const auto at = static_cast<std::size_t>(slot);
    const Hours step = done.axis.step_hours();
    std::vector<BatteryOrder> orders;
    for (const auto& running : batteries) {
        orders.push_back({.battery = running.battery,
                          .level = Energy(running.executed.level_kwh.back()),
                          .target = Energy(running.planned->level_kwh[at + 1])});
    }
    const auto guarded = guard(orders, other, corridor, step);
    Power deviation(0.0);
    for (std::size_t i = 0; i < batteries.size(); ++i) {
        auto& executed = batteries[i].executed;
        const double power = guarded.power[i].value();
        executed.power_kw.push_back(power);
        executed.before_kw.push_back(0);
        executed.level_kwh.push_back(level_after(*orders[i].battery, orders[i].level, guarded.power[i], step).value());
        deviation = std::max(deviation, Power(std::abs(power - batteries[i].planned->power_kw[at])));
    }
    if (guarded.corrected)
        note_correction(done.corrections, done.axis.slot_start(slot), done.axis.slot_start(slot + 1), deviation);
    return guarded.import.value();
}

/// Carries on what counts over a local day, and what jobs and machines have come to.
void note_state(const plan::AssetPlan& asset, const plan::AssetPlan& done, const plan::PlanRequest& request,
                Execution& execution) {
    const Hours step = execution.axis.step_hours();
    for (std::size_t at = 0; at < done.power_kw.size(); ++at) {
        if (asset.kind == "shiftable_load") execution.end.shifted_energy[asset.id] += Power(done.power_kw[at]) * step;
        const auto* load = find_by_id(request.plant->interruptible_loads, asset.id);
        if (asset.kind == "interruptible_load" && load->max_cut_share > 0)
            execution.end.cut_hours[asset.id] += (1 - share_left(asset, at)) / load->max_cut_share * step;
    }
    if (asset.kind != "job" || !asset.job_start || *asset.job_start >= execution.axis.end()) return;
    const auto& job = *find_by_id(request.plant->jobs, asset.id);
    const auto end = *asset.job_start + static_cast<int>(job.profile.size()) * execution.axis.step;
    auto& machine = execution.end.machines[asset.machine];
    if (end <= execution.axis.end()) {
        execution.end.finished_jobs.push_back(asset.id);
        if (machine.job == asset.id) machine = {.state = "off", .since = end, .job = ""};
    } else {
        machine = {.state = "run", .since = *asset.job_start, .job = asset.id};
    }
}

}  // namespace

Execution execute(const plan::Plan& plan, const plan::PlanRequest& request, const Reality& reality, int slots) {
    Execution done{.axis = {.start = plan.axis.start, .step = plan.axis.step, .slots = slots}, .end = request.state};
    const auto* grid = find_by_id(request.plant->grids, request.grid);
    const auto corridor = corridors(request.terms, *grid, plan.import_kw);
    auto batteries = start_batteries(plan, request);
    for (const auto& asset : plan.assets)
        if (asset.kind != "battery")
            done.assets.push_back(
                {.id = asset.id, .kind = asset.kind, .machine = asset.machine, .job_start = asset.job_start});
    for (int slot = 0; slot < slots; ++slot) {
        const auto at = static_cast<std::size_t>(slot);
        double other = reality.load_kw[at];
        double idle = other;
        std::size_t next = 0;
        for (const auto& asset : plan.assets) {
            if (asset.kind == "battery") continue;
            const auto power = power_of(asset, reality, at);
            done.assets[next].power_kw.push_back(power.planned);
            done.assets[next].before_kw.push_back(power.idle);
            ++next;
            other += power.planned;
            idle += power.idle;
        }
        done.import_idle_kw.push_back(idle);
        done.import_kw.push_back(run_slot(batteries, Power(other), corridor[at], done, slot));
    }
    done.end.at = done.axis.end();
    std::size_t next = 0;
    for (const auto& asset : plan.assets)
        if (asset.kind != "battery") note_state(asset, done.assets[next++], request, done);
    for (auto& running : batteries) {
        done.end.store_level[running.battery->id] = Energy(running.executed.level_kwh.back());
        done.assets.push_back(std::move(running.executed));
    }
    return done;
}

}  // namespace loadstar::operate
