// Store rows, of a battery or of a tank: level[t+1] = keep * level[t] + step * (in * charge[t] - discharge[t] / out).
// Charging and discharging at once is forbidden by a binary only in the slots where the linear plan tried it.

#include "site/store.hpp"

#include <algorithm>
#include <cmath>

#include "plan/connection.hpp"

namespace loadstar::plan {
namespace {

class StoreAsset final : public Asset {
  public:
    StoreAsset(const Store& store, const PlanRequest& request)
        : store_(store),
          axis_(request.axis),
          of_site_(store.carrier == carrier_of(request)),
          stored_value_(request.stored_value_per_kwh),
          one_way_({store.id + ": one direction", store.id + "：单向"}) {
        const auto found = request.state.store_level.find(store.id);
        initial_ = found != request.state.store_level.end() ? found->second : store.initial_level * store.capacity;
        if (store.final_level || !of_site_) stored_value_ = 0;
        keep_ = 1 - store.self_discharge_per_hour * axis_.step_hours().value();
        find_forced_level();
    }

    /// Stands still; if that ends below the level that is forced, charges evenly so that it ends there. A plan is
    /// compared with a site that keeps the same promise.
    [[nodiscard]] AssetPlan idle() const override {
        const auto slots = static_cast<std::size_t>(axis_.slots);
        AssetPlan plan{.id = store_.id, .kind = kind(), .power_kw = Path(slots, 0.0), .level_kwh = {initial_.value()}};
        path_of(plan) = Path(slots, idle_power_.value());
        for (std::size_t slot = 0; slot < slots; ++slot) plan.level_kwh.push_back(level_later(plan.level_kwh.back()));
        return plan;
    }

    void add_rows(Model& model) override {
        auto& problem = model.problem;
        sizes_ = {model.size_of({store_.id, SizedValue::capacity}), model.size_of({store_.id, SizedValue::max_charge}),
                  model.size_of({store_.id, SizedValue::max_discharge})};
        const auto balance = problem.limit({store_.id + ": level", store_.id + "：电量"});
        size_row_ = problem.limit({store_.id + ": size", store_.id + "：容量"});
        add_first_level(problem);
        const auto first_draw = model.draws[store_.carrier].size();
        for (int slot = 0; slot < axis_.slots; ++slot) {
            const auto at = static_cast<std::size_t>(slot);
            add_powers(model, slot);
            add_level(model, slot);
            problem.require(level_[at + 1] == keep_ * level_[at] +
                                                  (store_.charge_efficiency * axis_.step_hours()) * charge_[at] -
                                                  (axis_.step_hours() / store_.discharge_efficiency) * discharge_[at],
                            balance, slot);
            add_tapers(problem, at);
        }
        add_swing(model, first_draw);
    }

    bool refine(Model& model, const std::vector<double>& solution, Refine how) override {
        return one_way_.refine(model, solution, how);
    }

    [[nodiscard]] AssetPlan planned(const std::vector<double>& values) const override {
        auto plan = idle();
        plan.before_kw = plan.power_kw;
        plan.flows_before = plan.flows;
        plan.level_kwh.front() = initial_.value();
        auto& power = path_of(plan);
        for (std::size_t at = 0; at < charge_.size(); ++at) {
            power[at] = value(values, charge_[at]) - value(values, discharge_[at]);
            plan.level_kwh[at + 1] = values[static_cast<std::size_t>(level_[at + 1].column)];
        }
        return plan;
    }

    [[nodiscard]] std::vector<double> own_cost(const AssetPlan& plan) const override {
        std::vector<double> cost;
        const auto& power = of_site_ ? plan.power_kw : plan.flows.at(store_.carrier);
        for (std::size_t at = 0; at < power.size(); ++at) {
            const double discharged = std::max(-power[at], 0.0) * axis_.step_hours().value();
            cost.push_back(store_.wear.value() * discharged -
                           stored_value_ * (plan.level_kwh[at + 1] - plan.level_kwh[at]));
        }
        return cost;
    }
    [[nodiscard]] std::string own_cost_name() const override { return "wear"; }

  private:
    [[nodiscard]] std::string kind() const { return of_site_ ? "battery" : "store"; }
    [[nodiscard]] Path& path_of(AssetPlan& plan) const { return of_site_ ? plan.power_kw : plan.flows[store_.carrier]; }

    void add_first_level(solver::Problem& problem) {
        if (sizes_.capacity == nullptr) return level_.push_back(problem.variable(initial_, initial_));
        level_.push_back(problem.variable(Energy(0), Energy(solver::infinity)));
        problem.require(level_.back() - initial_ * sizes_.capacity->column == Energy(0), size_row_, 0);
    }

    void add_powers(Model& model, int slot) {
        auto& draws = model.draws[store_.carrier];
        const auto step = axis_.step_hours();
        charge_.push_back(
            sized_variable(model, store_.max_charge, EnergyPrice(0) * step, {sizes_.charge, {size_row_, slot}}));
        discharge_.push_back(
            sized_variable(model, store_.max_discharge, store_.wear * step, {sizes_.discharge, {size_row_, slot}}));
        // Where nothing is lost, both at once are no more than the difference of them.
        const bool loses = store_.charge_efficiency * store_.discharge_efficiency < 1;
        if (loses) one_way_.add(charge_.back(), discharge_.back());
        draws.push_back({slot, {charge_.back().column, 1}});
        draws.push_back({slot, {discharge_.back().column, -1}});
    }

    /// The level at the end of a slot. One that starts below the reserve may stay there until it is charged.
    void add_level(Model& model, int slot) {
        const bool last = slot + 1 == axis_.slots;
        auto least = std::min(store_.min_level * store_.capacity, initial_ * keep_to(slot));
        const EnergyPrice worth(last ? -stored_value_ : 0);
        if (const auto* size = sizes_.capacity) {
            if (last && store_.final_level) least = std::max(least, *store_.final_level * store_.capacity);
            level_.push_back(sized_variable(model, store_.capacity, worth, {size, {size_row_, slot}}));
            if (least > Energy(0))
                model.problem.require(level_.back() - least * size->column >= Energy(0), size_row_, slot);
            return;
        }
        if (last && forced_) least = std::max(least, *forced_);
        level_.push_back(model.problem.variable(least, store_.capacity, worth));
    }

    /// With kept level k, c charged and d discharged: d / out = level before - level after + in c - losses.
    void add_swing(Model& model, std::size_t first_draw) const {
        const auto& draws = model.draws[store_.carrier];
        const double scale = sizes_.capacity == nullptr ? 1 : sizes_.capacity->most;
        const double power_scale = sizes_.charge == nullptr ? 1 : sizes_.charge->most;
        const double held = store_.discharge_efficiency * scale * std::max(store_.capacity, initial_).value();
        const double cycled = 1 - store_.charge_efficiency * store_.discharge_efficiency;
        const double charged = power_scale * (store_.max_charge * axis_.step_hours()).value();
        model.swings[store_.carrier].push_back({.first = first_draw,
                                                .end = draws.size(),
                                                .given = held,
                                                .taken = held,
                                                .lost_per_slot = cycled * charged + (1 - keep_) * held});
    }

    /// Near full it charges, near empty it discharges more slowly: by the level at the start of the slot.
    void add_tapers(solver::Problem& problem, std::size_t at) {
        const int slot = static_cast<int>(at);
        if (store_.charge_taper_from < 1) {
            if (at == 0)
                charge_taper_ = problem.limit({store_.id + ": charging near full", store_.id + "：接近充满时的充入"});
            const Power at_empty = store_.max_charge / (1 - store_.charge_taper_from);
            const auto tapered = charge_[at] + (at_empty / store_.capacity) * level_[at];
            if (sizes_.charge == nullptr)
                problem.require(tapered <= at_empty, charge_taper_, slot);
            else
                problem.require(tapered - at_empty * sizes_.charge->column <= Power(0), charge_taper_, slot);
        }
        if (store_.discharge_taper_below > 0) {
            if (at == 0)
                discharge_taper_ =
                    problem.limit({store_.id + ": discharging near empty", store_.id + "：接近放空时的放出"});
            const Power at_full = store_.max_discharge / store_.discharge_taper_below;
            problem.require(discharge_[at] - (at_full / store_.capacity) * level_[at] <= Power(0), discharge_taper_,
                            slot);
        }
    }
    static double value(const std::vector<double>& values, PowerColumn column) {
        return values[static_cast<std::size_t>(column.column)];
    }
    [[nodiscard]] double keep_to(int slot) const { return std::pow(keep_, slot + 1); }
    /// Level one slot later when nothing is done, kWh.
    [[nodiscard]] double level_later(double level) const {
        return keep_ * level + (store_.charge_efficiency * idle_power_ * axis_.step_hours()).value();
    }
    /// The final level, or what charging all the time reaches when the horizon is too short for it.
    void find_forced_level() {
        if (!store_.final_level) return;
        double reach = 0;  // kWh at the end per kW charged all the time
        for (int slot = 0; slot < axis_.slots; ++slot)
            reach = keep_ * reach + store_.charge_efficiency * axis_.step_hours().value();
        const Energy kept = initial_ * keep_to(axis_.slots - 1);
        const Energy missing = std::max(Energy(0), *store_.final_level * store_.capacity - kept);
        idle_power_ = std::min(store_.max_charge, Power(missing.value() / reach));
        auto reachable = initial_;  // near full it charges more slowly
        for (int slot = 0; slot < axis_.slots; ++slot) {
            const auto most = feasible_power(store_, reachable, axis_.step_hours()).highest;
            reachable = level_after(store_, reachable, most, axis_.step_hours());
        }
        forced_ = std::min(*store_.final_level * store_.capacity, reachable);
    }

    Store store_;
    Horizon axis_;
    /// What is chosen of it; nullptr where the plant's own size holds.
    struct Sizes {
        const SizeColumn* capacity = nullptr;
        const SizeColumn* charge = nullptr;
        const SizeColumn* discharge = nullptr;
    } sizes_;
    std::int32_t size_row_ = 0;
    bool of_site_;  ///< keeps the carrier of the planned connection
    std::int32_t charge_taper_ = 0, discharge_taper_ = 0;
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

std::unique_ptr<Asset> store_asset(const Store& store, const PlanRequest& request) {
    return std::make_unique<StoreAsset>(store, request);
}

}  // namespace loadstar::plan
