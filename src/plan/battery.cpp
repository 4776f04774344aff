// Battery rows: level[t+1] = keep * level[t] + step * (in * charge[t] - discharge[t] / out).
// Charging and discharging at once is forbidden by a binary only in the slots where the linear plan tried it.

#include <algorithm>
#include <cmath>

#include "plan/one_way.hpp"

namespace loadstar::plan {
namespace {

class BatteryAsset final : public Asset {
  public:
    BatteryAsset(const Battery& battery, const PlanRequest& request)
        : battery_(battery),
          axis_(request.axis),
          stored_value_(request.stored_value_per_kwh),
          one_way_({battery.id + ": one direction", battery.id + "：单向"}) {
        const auto found = request.state.store_level.find(battery.id);
        initial_ = found != request.state.store_level.end() ? found->second : battery.initial_level * battery.capacity;
        if (battery.final_level) stored_value_ = 0;
        keep_ = 1 - battery.self_discharge_per_hour * axis_.step_hours().value();
        find_forced_level();
    }

    /// Stands still; if that ends below the level that is forced, charges evenly so that it ends there. A plan is
    /// compared with a site that keeps the same promise.
    [[nodiscard]] AssetPlan idle() const override {
        const auto slots = static_cast<std::size_t>(axis_.slots);
        AssetPlan plan{.id = battery_.id,
                       .kind = "battery",
                       .power_kw = std::vector<double>(slots, idle_power_.value()),
                       .level_kwh = {initial_.value()}};
        for (std::size_t slot = 0; slot < slots; ++slot) plan.level_kwh.push_back(level_later(plan.level_kwh.back()));
        return plan;
    }

    void add_rows(Model& model) override {
        auto& problem = model.problem;
        const auto step = axis_.step_hours();
        const auto balance = problem.limit({battery_.id + ": level", battery_.id + "：电量"});
        const auto reserve = battery_.min_level * battery_.capacity;
        level_.push_back(problem.variable(initial_, initial_));
        for (int slot = 0; slot < axis_.slots; ++slot) {
            const bool last = slot + 1 == axis_.slots;
            charge_.push_back(problem.variable(Power(0), battery_.max_charge));
            discharge_.push_back(problem.variable(Power(0), battery_.max_discharge, battery_.wear * step));
            // A level that starts below the reserve may stay there until it is charged.
            auto least = std::min(reserve, initial_ * keep_to(slot));
            if (last && forced_) least = std::max(least, *forced_);
            level_.push_back(problem.variable(least, battery_.capacity, EnergyPrice(last ? -stored_value_ : 0)));
            const auto at = static_cast<std::size_t>(slot);
            problem.require(level_[at + 1] == keep_ * level_[at] + (battery_.charge_efficiency * step) * charge_[at] -
                                                  (step / battery_.discharge_efficiency) * discharge_[at],
                            balance, slot);
            one_way_.add(charge_[at], discharge_[at]);
            model.draws.push_back({slot, {charge_[at].column, 1}});
            model.draws.push_back({slot, {discharge_[at].column, -1}});
        }
    }

    bool refine(Model& model, const std::vector<double>& solution, Refine how) override {
        return one_way_.refine(model, solution, how);
    }

    [[nodiscard]] AssetPlan planned(const std::vector<double>& values) const override {
        auto plan = idle();
        plan.before_kw = plan.power_kw;
        plan.level_kwh.front() = initial_.value();
        for (std::size_t at = 0; at < charge_.size(); ++at) {
            plan.power_kw[at] = value(values, charge_[at]) - value(values, discharge_[at]);
            plan.level_kwh[at + 1] = values[static_cast<std::size_t>(level_[at + 1].column)];
        }
        return plan;
    }

    [[nodiscard]] std::vector<double> own_cost(const AssetPlan& plan) const override {
        std::vector<double> cost;
        for (std::size_t at = 0; at < plan.power_kw.size(); ++at) {
            const double discharged = std::max(-plan.power_kw[at], 0.0) * axis_.step_hours().value();
            cost.push_back(battery_.wear.value() * discharged -
                           stored_value_ * (plan.level_kwh[at + 1] - plan.level_kwh[at]));
        }
        return cost;
    }
    [[nodiscard]] std::string own_cost_name() const override { return "wear"; }

  private:
    static double value(const std::vector<double>& values, PowerColumn column) {
        return values[static_cast<std::size_t>(column.column)];
    }
    [[nodiscard]] double keep_to(int slot) const { return std::pow(keep_, slot + 1); }
    /// Level one slot later when nothing is done, kWh.
    [[nodiscard]] double level_later(double level) const {
        return keep_ * level + (battery_.charge_efficiency * idle_power_ * axis_.step_hours()).value();
    }
    /// The final level, or what charging at full power reaches when the horizon is too short for it.
    void find_forced_level() {
        if (!battery_.final_level) return;
        double reach = 0;  // kWh at the end per kW charged all the time
        for (int slot = 0; slot < axis_.slots; ++slot)
            reach = keep_ * reach + battery_.charge_efficiency * axis_.step_hours().value();
        const Energy kept = initial_ * keep_to(axis_.slots - 1);
        const Energy missing = std::max(Energy(0), *battery_.final_level * battery_.capacity - kept);
        idle_power_ = std::min(battery_.max_charge, Power(missing.value() / reach));
        forced_ = std::min(*battery_.final_level * battery_.capacity, kept + Energy(idle_power_.value() * reach));
    }

    Battery battery_;
    Horizon axis_;
    double stored_value_;
    Energy initial_;
    std::optional<Energy> forced_;  ///< least level at the end of the horizon
    Power idle_power_{0};           ///< when nothing is done
    double keep_ = 1;
    std::vector<PowerColumn> charge_, discharge_;
    std::vector<EnergyColumn> level_;
    OneWay one_way_;
};

}  // namespace

std::unique_ptr<Asset> battery_asset(const Battery& battery, const PlanRequest& request) {
    return std::make_unique<BatteryAsset>(battery, request);
}

}  // namespace loadstar::plan
