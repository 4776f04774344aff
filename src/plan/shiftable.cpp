// Shiftable load rows: inside its window it draws between its least and most power, outside nothing; the energy of each
// local day is delivered, no more of it even where power is paid for, or the rest is paid for as unserved. A day the
// horizon cuts owes its share of the window.

#include <algorithm>
#include <cmath>
#include <map>

#include "plan/model.hpp"

namespace loadstar::plan {
namespace {

class ShiftableAsset final : public Asset {
  public:
    ShiftableAsset(const ShiftableLoad& load, const PlanRequest& request)
        : load_(load), axis_(request.axis), days_(local_days(request)) {
        for (int slot = 0; slot < axis_.slots; ++slot) {
            inside_.push_back(inside(load.window, request, slot));
            if (inside_.back()) need_[days_[static_cast<std::size_t>(slot)]] += axis_.step_hours().value();
        }
        const int length = load.window.to_minute - load.window.from_minute;
        const double window_hours = (length > 0 ? length : length + 24 * 60) / 60.0;
        for (auto& [day, hours] : need_) hours = std::min(1.0, hours / window_hours) * load.energy_per_day.value();
        const auto given = request.asset_load_kw.find(load.id);
        undisturbed_ = given != request.asset_load_kw.end() ? given->second : evenly();
        const auto done = request.state.shifted_energy.find(load.id);
        if (done != request.state.shifted_energy.end() && need_.count(0) > 0)
            need_[0] = std::max(0.0, load.energy_per_day.value() - done->second.value());
    }

    [[nodiscard]] AssetPlan idle() const override {
        return {.id = load_.id, .kind = "shiftable_load", .power_kw = undisturbed_};
    }

    void add_rows(Model& model) override {
        auto& problem = model.problem;
        const auto step = axis_.step_hours();
        const auto kind = problem.limit({load_.id + ": energy of the day", load_.id + "：当日电量"});
        const auto switched = problem.limit({load_.id + ": on or off", load_.id + "：开或关"});
        for (int slot = 0; slot < axis_.slots; ++slot) {
            const bool runs = inside_[static_cast<std::size_t>(slot)];
            power_.push_back(problem.variable(runs ? load_.min_power : Power(0), runs ? load_.max_power : Power(0)));
            if (load_.on_off && runs)
                problem.require(power_.back() - load_.max_power * problem.binary() == Power(0), switched, slot);
            model.site_draws().push_back({slot, {power_.back().column, 1}});
        }
        for (const auto& [day, need] : need_) {
            const auto unserved = problem.variable(Energy(0), Energy(solver::infinity), load_.unserved_price);
            double least = 0;  // what its least power draws anyway
            for (std::size_t at = 0; at < power_.size(); ++at) {
                if (days_[at] != day || !inside_[at]) continue;
                problem.add_entry({power_[at].column, step.value()});
                least += (load_.min_power * step).value();
            }
            problem.add_entry({unserved.column, 1});
            problem.end_row(need, std::max(need, least), {kind, day});
        }
    }

    [[nodiscard]] AssetPlan planned(const std::vector<double>& values) const override {
        auto plan = idle();
        plan.before_kw = plan.power_kw;
        for (std::size_t at = 0; at < power_.size(); ++at)
            plan.power_kw[at] = values[static_cast<std::size_t>(power_[at].column)];
        return plan;
    }

    /// Unserved energy is charged in the last slot of its day.
    [[nodiscard]] std::vector<double> own_cost(const AssetPlan& plan) const override {
        std::vector<double> cost(plan.power_kw.size(), 0.0);
        for (const auto& [day, need] : need_) {
            double served = 0;
            std::size_t last = 0;
            for (std::size_t at = 0; at < cost.size(); ++at) {
                if (days_[at] != day) continue;
                last = at;
                if (inside_[at]) served += plan.power_kw[at] * axis_.step_hours().value();
            }
            cost[last] += load_.unserved_price.value() * std::max(0.0, need - served);
        }
        return cost;
    }
    [[nodiscard]] std::string own_cost_name() const override { return "unserved"; }

  private:
    /// Each day's energy at even power over its window, whatever was done of it before the horizon.
    [[nodiscard]] std::vector<double> evenly() const {
        std::vector<double> power(static_cast<std::size_t>(axis_.slots), 0.0);
        for (const auto& [day, need] : need_) {
            double hours_inside = 0;
            for (std::size_t at = 0; at < power.size(); ++at)
                if (days_[at] == day && inside_[at]) hours_inside += axis_.step_hours().value();
            for (std::size_t at = 0; at < power.size(); ++at)
                if (days_[at] == day && inside_[at])
                    power[at] = std::clamp(need / hours_inside, load_.min_power.value(), load_.max_power.value());
        }
        return power;
    }

    ShiftableLoad load_;
    Horizon axis_;
    std::vector<int> days_;
    std::vector<bool> inside_;
    std::map<int, double> need_;  ///< by day, kWh
    std::vector<double> undisturbed_;
    std::vector<PowerColumn> power_;
};

}  // namespace

std::unique_ptr<Asset> shiftable_asset(const ShiftableLoad& load, const PlanRequest& request) {
    return std::make_unique<ShiftableAsset>(load, request);
}

}  // namespace loadstar::plan
