#pragma once
// Batch jobs on machines: where each may start, what happens when nobody plans, and who gets which machine.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "plan/model.hpp"

namespace loadstar::plan {

/// A job placed on the axis of a plan. One that runs already when the plan starts has a negative slot.
struct JobRun {
    std::string machine;
    int slot = 0;
};

/// Machines that can stand for each other: the same hours, wanted by the same jobs. A job is given to a group, which
/// must not be asked for more machines than it has; as every run is an interval, they can then be shared out.
struct MachineGroup {
    std::vector<std::string> machines;
    std::vector<int> jobs;   ///< that may run here, index into JobShop::jobs()
    std::vector<bool> open;  ///< [slot], the machines work and no earlier job runs on them
};

/// The jobs of one plan.
class JobShop {
  public:
    explicit JobShop(const PlanRequest& request);  ///< keeps a reference

    /// Jobs that this plan is about, in the order of the plant file: released before the horizon ends, not finished.
    [[nodiscard]] const std::vector<const BatchJob*>& jobs() const { return jobs_; }
    [[nodiscard]] const std::vector<MachineGroup>& groups() const { return groups_; }
    /// Groups that a job may run on.
    [[nodiscard]] std::vector<int> groups_of(int job) const;
    /// Slots at which a job may start in a group: released, within working hours to its end, within the horizon.
    [[nodiscard]] std::vector<int> starts(int job, int group) const;
    /// The run that is under way when the plan starts.
    [[nodiscard]] const std::optional<JobRun>& under_way(int job) const;
    /// When nobody plans: jobs in the order of the plant file, each at the earliest slot a machine is free for all of
    /// it. Nothing when it finds no place.
    [[nodiscard]] const std::optional<JobRun>& as_soon_as_possible(int job) const;

    /// The last slot at which a plan may start a job: in time, or where it starts without a plan when that is late. So
    /// no order is late because energy was cheaper then, and the problem stays small.
    [[nodiscard]] int last_start(int job) const;

    /// What being late costs: from the end of the run; a job without a place counts as run right after the horizon.
    [[nodiscard]] double late_cost(int job, const std::optional<JobRun>& run) const;
    /// Power of a run on the axis, kW.
    [[nodiscard]] std::vector<double> power(int job, const std::optional<JobRun>& run) const;
    [[nodiscard]] Instant start_of(const JobRun& run) const { return request_.axis.slot_start(run.slot); }

    /// Shares machines out among runs of which only group and start are known, first come first served.
    /// @param chosen  [job], {group, slot}
    [[nodiscard]] std::vector<std::optional<JobRun>> shared_out(
        const std::vector<std::optional<std::pair<int, int>>>& chosen) const;

    /// What stands in the way of an order that is late or without a place, and what would make it possible.
    [[nodiscard]] std::optional<OrderProblem> problem(int job, const std::optional<JobRun>& run) const;

  private:
    void find_jobs();
    void find_groups();
    void run_without_plan();
    [[nodiscard]] int length(int job) const {
        return static_cast<int>(jobs_[static_cast<std::size_t>(job)]->profile.size());
    }
    [[nodiscard]] Instant end_of(int job, const std::optional<JobRun>& run) const;
    [[nodiscard]] std::optional<JobRun> earliest_alone(int job) const;
    [[nodiscard]] int longest_opening(int job) const;

    const PlanRequest& request_;
    std::vector<const BatchJob*> jobs_;
    std::vector<MachineGroup> groups_;
    std::vector<std::optional<JobRun>> under_way_, soonest_;
};

/// Power of all jobs when nobody plans, [slot], kW; only plant, grid, axis and state of the request count.
std::vector<double> unplanned_job_power(const PlanRequest& request);

/// Hours in which a machine may work, [slot].
std::vector<bool> working_slots(const Machine& machine, const PlanRequest& request);

}  // namespace loadstar::plan
