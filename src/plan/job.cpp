// Batch job rows, time-indexed: one yes-or-no column per group of machines and start slot, exactly one of them yes; the
// power of the job follows. No slot uses more machines of a group than there are. What a late end costs is the price of
// its column. An order that finds a place without a plan must find one with it; any other may stay without and then
// pays as if it ran right after the horizon.

#include <algorithm>
#include <memory>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "plan/job_shop.hpp"

namespace loadstar::plan {
namespace {

/// A start that may be chosen.
struct Choice {
    int group;
    int slot;
    std::int32_t column;
};

/// What the jobs of one plan share.
struct Jobs {
    explicit Jobs(const PlanRequest& request) : shop(request), choices(shop.jobs().size()) {}

    /// Who runs where, from the columns that are yes.
    [[nodiscard]] std::vector<std::optional<JobRun>> runs(const std::vector<double>& values) const {
        std::vector<std::optional<std::pair<int, int>>> chosen(choices.size());
        for (std::size_t job = 0; job < choices.size(); ++job)
            for (const auto& choice : choices[job])
                if (values[static_cast<std::size_t>(choice.column)] > 0.5) chosen[job] = {choice.group, choice.slot};
        return shop.shared_out(chosen);
    }

    JobShop shop;
    std::vector<std::vector<Choice>> choices;  ///< [job]
};

class JobAsset final : public Asset {
  public:
    JobAsset(std::shared_ptr<Jobs> jobs, int index, const Horizon& axis)
        : jobs_(std::move(jobs)),
          index_(index),
          axis_(axis),
          job_(*jobs_->shop.jobs()[static_cast<std::size_t>(index)]) {}

    [[nodiscard]] AssetPlan idle() const override { return plan_of(jobs_->shop.as_soon_as_possible(index_)); }

    void add_rows(Model& model) override {
        const auto& shop = jobs_->shop;
        if (shop.under_way(index_)) {
            const auto power = shop.power(index_, shop.under_way(index_));
            for (int slot = 0; slot < axis_.slots; ++slot) {
                const Power fixed(power[static_cast<std::size_t>(slot)]);
                if (fixed > Power(0))
                    model.site_draws().push_back({slot, {model.problem.variable(fixed, fixed).column, 1}});
            }
            return;
        }
        for (const int group : shop.groups_of(index_))
            for (const int slot : shop.starts(index_, group))
                if (slot <= shop.last_start(index_)) add_choice(model, group, slot);
        if (choices().empty()) return;
        const auto once = model.problem.limit({job_.id + ": one start", job_.id + "：一次开工"});
        for (const auto& choice : choices()) model.problem.add_entry({choice.column, 1});
        if (!shop.as_soon_as_possible(index_))
            model.problem.add_entry({model.problem.binary(Money(shop.late_cost(index_, std::nullopt))).column, 1});
        model.problem.end_row(1, 1, {once, 0});
        add_power(model);
    }

    [[nodiscard]] AssetPlan planned(const std::vector<double>& values) const override {
        auto plan = plan_of(jobs_->runs(values)[static_cast<std::size_t>(index_)]);
        const auto before = idle();
        plan.before_kw = before.power_kw;
        plan.job_start_before = before.job_start;
        return plan;
    }

    /// Lateness is charged in the last slot of the job, or of the horizon.
    [[nodiscard]] std::vector<double> own_cost(const AssetPlan& plan) const override {
        std::vector<double> cost(static_cast<std::size_t>(axis_.slots), 0.0);
        const auto run = run_of(plan);
        const int end = run ? run->slot + static_cast<int>(job_.profile.size()) : axis_.slots;
        cost[static_cast<std::size_t>(std::clamp(end, 1, axis_.slots) - 1)] = jobs_->shop.late_cost(index_, run);
        return cost;
    }
    [[nodiscard]] std::string own_cost_name() const override { return "late"; }
    [[nodiscard]] std::optional<OrderProblem> problem(const AssetPlan& plan) const override {
        return jobs_->shop.problem(index_, run_of(plan));
    }

  private:
    [[nodiscard]] std::vector<Choice>& choices() { return jobs_->choices[static_cast<std::size_t>(index_)]; }
    [[nodiscard]] std::optional<JobRun> run_of(const AssetPlan& plan) const {
        if (!plan.job_start) return std::nullopt;
        return JobRun{plan.machine, axis_.slot_of(*plan.job_start)};
    }
    [[nodiscard]] AssetPlan plan_of(const std::optional<JobRun>& run) const {
        AssetPlan plan{.id = job_.id, .kind = "job", .power_kw = jobs_->shop.power(index_, run)};
        if (run) {
            plan.machine = run->machine;
            plan.job_start = axis_.slot_start(run->slot);
        }
        return plan;
    }

    void add_choice(Model& model, int group, int slot) {
        const auto& shop = jobs_->shop;
        const auto& machines = shop.groups()[static_cast<std::size_t>(group)].machines;
        const auto start = model.problem.binary(Money(shop.late_cost(index_, JobRun{machines.front(), slot})));
        choices().push_back({group, slot, start.column});
        auto& occupancy = model.occupancy[fmt::format("{}", fmt::join(machines, ", "))];
        occupancy.machines = static_cast<int>(machines.size());
        for (int step = 0; step < static_cast<int>(job_.profile.size()); ++step)
            occupancy.uses.push_back({slot + step, {start.column, 1}});
        const auto& soonest = shop.as_soon_as_possible(index_);
        const bool is_soonest =
            soonest && soonest->slot == slot && std::ranges::find(machines, soonest->machine) != machines.end();
        model.problem.start_from({start.column, is_soonest ? 1.0 : 0.0});
    }

    /// The power of the job is a column of its own, so that the connection knows the most it can be.
    void add_power(Model& model) {
        const auto kind = model.problem.limit({job_.id + ": power", job_.id + "：功率"});
        std::vector<std::vector<solver::Entry>> slots(static_cast<std::size_t>(axis_.slots));
        for (const auto& choice : choices())
            for (std::size_t step = 0; step < job_.profile.size(); ++step)
                slots[static_cast<std::size_t>(choice.slot) + step].push_back(
                    {choice.column, -job_.profile[step].value()});
        const auto most = *std::ranges::max_element(job_.profile);
        for (int slot = 0; slot < axis_.slots; ++slot) {
            const auto& entries = slots[static_cast<std::size_t>(slot)];
            if (entries.empty()) continue;
            const auto power = model.problem.variable(Power(0), most);
            model.site_draws().push_back({slot, {power.column, 1}});
            model.problem.add_entry({power.column, 1});
            for (const auto& entry : entries) model.problem.add_entry(entry);
            model.problem.end_row(0, 0, {kind, slot});
        }
    }

    std::shared_ptr<Jobs> jobs_;
    int index_;
    Horizon axis_;
    const BatchJob& job_;
};

}  // namespace

void add_job_assets(Assets& assets, const PlanRequest& request) {
    const auto jobs = std::make_shared<Jobs>(request);
    for (int job = 0; job < static_cast<int>(jobs->shop.jobs().size()); ++job)
        assets.push_back(std::make_unique<JobAsset>(jobs, job, request.axis));
}

void add_capacity_rows(Model& model) {
    for (const auto& [machines, occupancy] : model.occupancy) {
        const auto kind = model.problem.limit({machines + ": one job at a time", machines + "：一次一个任务"});
        std::map<int, std::vector<solver::Entry>> slots;
        for (const auto& use : occupancy.uses) slots[use.slot].push_back(use.entry);
        for (const auto& [slot, entries] : slots) {
            for (const auto& entry : entries) model.problem.add_entry(entry);
            model.problem.end_row(-solver::infinity, occupancy.machines, {kind, slot});
        }
    }
}

}  // namespace loadstar::plan
