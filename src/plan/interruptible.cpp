// Interruptible load rows: cut[t] <= share of its power; the cuts of a local day, weighted by their depth, stay within
// the hours allowed. The site draws what runs less what is cut.

#include <algorithm>
#include <map>

#include "plan/model.hpp"

namespace loadstar::plan {
namespace {

class InterruptibleAsset final : public Asset {
  public:
    InterruptibleAsset(const InterruptibleLoad& load, const PlanRequest& request)
        : load_(load), axis_(request.axis), running_(request.asset_load_kw.at(load.id)), days_(local_days(request)) {
        const auto cut = request.state.cut_hours.find(load.id);
        if (cut != request.state.cut_hours.end()) cut_before_ = cut->second;
    }

    [[nodiscard]] AssetPlan idle() const override {
        return {.id = load_.id, .kind = "interruptible_load", .power_kw = running_};
    }

    void add_rows(Model& model) override {
        auto& problem = model.problem;
        const auto kind = problem.limit({load_.id + ": hours cut per day", load_.id + "：每日中断小时数"});
        std::map<int, std::vector<solver::Entry>> hours;
        for (int slot = 0; slot < axis_.slots; ++slot) {
            const auto at = static_cast<std::size_t>(slot);
            const Power most(load_.max_cut_share * running_[at]);
            // What runs undisturbed is no decision, but the connection carries it.
            const auto running = problem.variable(Power(running_[at]), Power(running_[at]));
            model.site_draws().push_back({slot, {running.column, 1}});
            cut_.push_back(problem.variable(Power(0), most, load_.compensation * axis_.step_hours()));
            model.site_draws().push_back({slot, {cut_.back().column, -1}});
            if (most > Power(0))
                hours[days_[at]].push_back({cut_.back().column, axis_.step_hours().value() / most.value()});
        }
        for (const auto& [day, entries] : hours) {
            for (const auto& entry : entries) problem.add_entry(entry);
            const Hours left = load_.max_cut_per_day - (day == 0 ? cut_before_ : Hours(0));
            problem.end_row(-solver::infinity, std::max(0.0, left.value()), {kind, day});
        }
    }

    [[nodiscard]] AssetPlan planned(const std::vector<double>& values) const override {
        auto plan = idle();
        plan.before_kw = plan.power_kw;
        for (std::size_t at = 0; at < cut_.size(); ++at)
            plan.power_kw[at] -= values[static_cast<std::size_t>(cut_[at].column)];
        return plan;
    }
    [[nodiscard]] std::vector<double> own_cost(const AssetPlan& plan) const override {
        std::vector<double> cost;
        for (std::size_t at = 0; at < plan.power_kw.size(); ++at)
            cost.push_back(load_.compensation.value() * axis_.step_hours().value() *
                           (running_[at] - plan.power_kw[at]));
        return cost;
    }
    [[nodiscard]] std::string own_cost_name() const override { return "compensation"; }

  private:
    InterruptibleLoad load_;
    Horizon axis_;
    std::vector<double> running_;
    std::vector<int> days_;
    Hours cut_before_{0};  ///< on the first local day, before the horizon
    std::vector<PowerColumn> cut_;
};

}  // namespace

std::unique_ptr<Asset> interruptible_asset(const InterruptibleLoad& load, const PlanRequest& request) {
    return std::make_unique<InterruptibleAsset>(load, request);
}

}  // namespace loadstar::plan
