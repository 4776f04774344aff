#include "plan/job_shop.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace loadstar::plan {
namespace {

/// The day whose shifts count: hours after midnight of a shift that passes midnight belong to the day before.
bool shift_holds(const Shift& shift, const PlanRequest& request, Instant at) {
    const auto& zone = request.plant->time_zone;
    const auto civil = zone.to_civil(at);
    const int minute = civil.minute_of_day();
    const auto& window = shift.window;
    const bool passes_midnight = window.to_minute <= window.from_minute;
    const bool early = passes_midnight && minute < window.to_minute;
    if (!passes_midnight && (minute < window.from_minute || minute >= window.to_minute)) return false;
    if (passes_midnight && !early && minute < window.from_minute) return false;
    const auto day = early ? add_days(civil.date(), -1) : civil.date();
    const auto& calendar = request.plant->calendar;
    if (calendar.shutdowns.contains(day)) return false;
    if (shift.weekdays.empty()) return calendar.day_type(day) == DayType::working;
    return std::ranges::find(shift.weekdays, weekday_from_monday(day)) != shift.weekdays.end();
}

const Shift* find_shift(const Plant& plant, const std::string& name) {
    const auto found = std::ranges::find_if(plant.shifts, [&](const Shift& shift) { return shift.name == name; });
    return found == plant.shifts.end() ? nullptr : &*found;
}

bool runs_from(const std::vector<bool>& open, int slot, int length) {
    if (slot < 0 || slot + length > static_cast<int>(open.size())) return false;
    return std::all_of(open.begin() + slot, open.begin() + slot + length, [](bool slot_open) { return slot_open; });
}

void take(std::vector<bool>& open, int slot, int length) {
    const int end = std::min(slot + length, static_cast<int>(open.size()));
    for (int at = std::max(0, slot); at < end; ++at) open[static_cast<std::size_t>(at)] = false;
}

}  // namespace

std::vector<bool> working_slots(const Machine& machine, const PlanRequest& request) {
    std::vector<bool> open(static_cast<std::size_t>(request.axis.slots), machine.shifts.empty());
    for (const auto& name : machine.shifts) {
        const auto* shift = find_shift(*request.plant, name);
        for (int slot = 0; shift != nullptr && slot < request.axis.slots; ++slot)
            if (shift_holds(*shift, request, request.axis.slot_start(slot)))
                open[static_cast<std::size_t>(slot)] = true;
    }
    return open;
}

std::vector<double> unplanned_job_power(const PlanRequest& request) {
    std::vector<double> total(static_cast<std::size_t>(request.axis.slots), 0.0);
    const JobShop shop(request);
    for (int job = 0; job < static_cast<int>(shop.jobs().size()); ++job) {
        const auto power = shop.power(job, shop.as_soon_as_possible(job));
        for (std::size_t at = 0; at < total.size(); ++at) total[at] += power[at];
    }
    return total;
}

JobShop::JobShop(const PlanRequest& request) : request_(request) {
    find_jobs();
    find_groups();
    run_without_plan();
}

void JobShop::find_jobs() {
    const auto& finished = request_.state.finished_jobs;
    const auto& carrier = find_by_id(request_.plant->grids, request_.grid)->carrier;
    std::vector<const BatchJob*> listed;
    for (const auto& job : request_.plant->jobs) listed.push_back(&job);
    std::ranges::stable_sort(listed, {}, [](const BatchJob* job) { return job->line; });
    for (const auto* entry : listed) {
        const auto& job = *entry;
        if (job.release >= request_.axis.end()) continue;
        if (std::ranges::find(finished, job.id) != finished.end()) continue;
        const auto* first = job.machines.empty() ? nullptr : find_by_id(request_.plant->machines, job.machines.front());
        if (first == nullptr || first->carrier != carrier) continue;
        std::optional<JobRun> run;
        for (const auto& [machine, status] : request_.state.machines) {
            if (status.job == job.id) run = JobRun{machine, request_.axis.slot_of(status.since)};
        }
        jobs_.push_back(&job);
        under_way_.push_back(run);
    }
}

void JobShop::find_groups() {
    for (const auto& machine : request_.plant->machines) {
        MachineGroup group{.machines = {machine.id}, .open = working_slots(machine, request_)};
        for (int job = 0; job < static_cast<int>(jobs_.size()); ++job) {
            const auto& run = under_way_[static_cast<std::size_t>(job)];
            const auto& wanted = jobs_[static_cast<std::size_t>(job)]->machines;
            if (run && run->machine == machine.id) take(group.open, run->slot, length(job));
            if (!run && std::ranges::find(wanted, machine.id) != wanted.end()) group.jobs.push_back(job);
        }
        if (group.jobs.empty()) continue;
        const auto same = std::ranges::find_if(
            groups_, [&](const MachineGroup& other) { return other.jobs == group.jobs && other.open == group.open; });
        if (same == groups_.end())
            groups_.push_back(std::move(group));
        else
            same->machines.push_back(machine.id);
    }
}

void JobShop::run_without_plan() {
    std::map<std::string, std::vector<bool>> free;
    for (const auto& group : groups_)
        for (const auto& machine : group.machines) free[machine] = group.open;
    soonest_ = under_way_;
    for (int job = 0; job < static_cast<int>(jobs_.size()); ++job) {
        auto& run = soonest_[static_cast<std::size_t>(job)];
        if (run) continue;
        for (const int group : groups_of(job)) {
            for (const auto& machine : groups_[static_cast<std::size_t>(group)].machines) {
                for (const int slot : starts(job, group)) {
                    if (run && slot >= run->slot) break;
                    if (runs_from(free[machine], slot, length(job))) run = JobRun{machine, slot};
                }
            }
        }
        if (run) take(free[run->machine], run->slot, length(job));
    }
}

std::vector<int> JobShop::groups_of(int job) const {
    std::vector<int> found;
    for (std::size_t group = 0; group < groups_.size(); ++group)
        if (std::ranges::find(groups_[group].jobs, job) != groups_[group].jobs.end())
            found.push_back(static_cast<int>(group));
    return found;
}

std::vector<int> JobShop::starts(int job, int group) const {
    const auto& open = groups_[static_cast<std::size_t>(group)].open;
    const auto& release = jobs_[static_cast<std::size_t>(job)]->release;
    std::vector<int> slots;
    for (int slot = 0; slot + length(job) <= request_.axis.slots; ++slot) {
        if (request_.axis.slot_start(slot) >= release && runs_from(open, slot, length(job))) slots.push_back(slot);
    }
    return slots;
}

const std::optional<JobRun>& JobShop::under_way(int job) const { return under_way_[static_cast<std::size_t>(job)]; }

const std::optional<JobRun>& JobShop::as_soon_as_possible(int job) const {
    return soonest_[static_cast<std::size_t>(job)];
}

int JobShop::last_start(int job) const {
    const auto& soonest = as_soon_as_possible(job);
    if (!soonest) return request_.axis.slots;
    const auto in_time = jobs_[static_cast<std::size_t>(job)]->due - length(job) * request_.axis.step;
    return std::max(soonest->slot, request_.axis.slot_of(in_time));
}

Instant JobShop::end_of(int job, const std::optional<JobRun>& run) const {
    return request_.axis.slot_start((run ? run->slot : request_.axis.slots) + length(job));
}

double JobShop::late_cost(int job, const std::optional<JobRun>& run) const {
    const auto& order = *jobs_[static_cast<std::size_t>(job)];
    const double hours = std::max(0.0, to_hours(end_of(job, run) - order.due).value());
    return hours * order.late_price.value();
}

std::vector<double> JobShop::power(int job, const std::optional<JobRun>& run) const {
    std::vector<double> power(static_cast<std::size_t>(request_.axis.slots), 0.0);
    if (!run) return power;
    const auto& profile = jobs_[static_cast<std::size_t>(job)]->profile;
    for (int step = std::max(0, -run->slot); step < length(job) && run->slot + step < request_.axis.slots; ++step)
        power[static_cast<std::size_t>(run->slot + step)] = profile[static_cast<std::size_t>(step)].value();
    return power;
}

std::vector<std::optional<JobRun>> JobShop::shared_out(
    const std::vector<std::optional<std::pair<int, int>>>& chosen) const {
    auto runs = under_way_;
    std::vector<int> order;
    for (int job = 0; job < static_cast<int>(jobs_.size()); ++job)
        if (chosen[static_cast<std::size_t>(job)]) order.push_back(job);
    std::ranges::stable_sort(order, {}, [&](int job) { return chosen[static_cast<std::size_t>(job)]->second; });
    std::map<std::string, int> free_from;
    for (const int job : order) {
        const auto [group, slot] = *chosen[static_cast<std::size_t>(job)];
        for (const auto& machine : groups_[static_cast<std::size_t>(group)].machines) {
            if (free_from[machine] > slot) continue;
            free_from[machine] = slot + length(job);
            runs[static_cast<std::size_t>(job)] = JobRun{machine, slot};
            break;
        }
    }
    return runs;
}

}  // namespace loadstar::plan
