// Converter rows. A machine runs anywhere between its operating points: with a share w[k] of each point,
//   sum of w[k] = machines that run;   draw of a carrier = sum of w[k] x draw at point k.
// Machines that are told on from off have a whole number of running ones, starts and stops (the formulation of Rajan
// and Takriti 2005 for shortest runs and stops); the others need no whole number at all. Between points that are no
// neighbours a mixture is no state of the machine; where a plan chose one, a yes-or-no column per stretch is added.

#include <algorithm>
#include <cmath>

#include "plan/connection.hpp"
#include "plan/load_following.hpp"

namespace loadstar::plan {
namespace {

using Share = solver::Variable<double>;

class ConverterAsset final : public Asset {
  public:
    ConverterAsset(const Converter& converter, const PlanRequest& request, std::shared_ptr<LoadRule> rule)
        : converter_(converter), request_(request), rule_(std::move(rule)), switches_(converter.switches()) {
        const auto known = request.state.converters.find(converter.id);
        if (known != request.state.converters.end()) status_ = known->second;
        const bool is_curve = converter.points.size() > 2;
        for (const auto& point : converter.points)
            if (switches_ || is_curve || point.load > 0) points_.push_back(point);
    }

    [[nodiscard]] AssetPlan idle() const override {
        auto plan = empty();
        plan.load = rule_->of(converter_.id);
        for (std::size_t at = 0; at < plan.load.size(); ++at) {
            plan.running.push_back(machines_for(converter_, plan.load[at]));
            const auto outdoors = outdoors_of(converter_, request_, at);
            for (const auto& [carrier, amount] : draws_of(converter_, plan.load[at], outdoors))
                path_of(plan, carrier)[at] = amount;
        }
        return plan;
    }

    void add_rows(Model& model) override {
        auto& problem = model.problem;
        words(problem);
        size_ = model.size_of({converter_.id, SizedValue::converter_scale});
        for (int slot = 0; slot < request_.axis.slots; ++slot) {
            const auto at = static_cast<std::size_t>(slot);
            add_shares(model, at);
            if (switches_) {
                add_running(problem, at);
                if (has_starts()) add_start(problem, at);
            }
            if (converter_.ramp_per_hour) add_ramp(problem, at);
        }
        if (converter_.min_up > Hours(0)) add_shortest(problem, starts_, converter_.min_up, true);
        if (converter_.min_down > Hours(0)) add_shortest(problem, stops_, converter_.min_down, false);
        if (converter_.max_starts_per_day) add_most_starts(problem);
        skips_.assign(shares_.size(), false);
    }

    /// Mixtures of points that are no neighbours: of one machine only, as several may run at several points.
    bool refine(Model& model, const std::vector<double>& solution, Refine how) override {
        if (converter_.count > 1 || points_.size() < 3) return false;
        bool added = false;
        const bool everywhere =
            how == Refine::everywhere && std::ranges::any_of(skips_, [](bool skip) { return skip; });
        for (std::size_t at = 0; at < shares_.size(); ++at) {
            if (skips_[at] || (!everywhere && !mixes_far_points(solution, at))) continue;
            add_stretches(model.problem, at);
            skips_[at] = true;
            added = true;
        }
        return added;
    }

    [[nodiscard]] AssetPlan planned(const std::vector<double>& values) const override {
        auto plan = empty();
        const auto before = idle();
        plan.before_kw = before.power_kw;
        plan.flows_before = before.flows;
        plan.load_before = before.load;
        for (std::size_t at = 0; at < shares_.size(); ++at) {
            const auto outdoors = outdoors_of(converter_, request_, at);
            double load = 0;
            for (std::size_t k = 0; k < points_.size(); ++k) {
                const double weight = value(values, shares_[at][k]);
                load += weight * points_[k].load;
                for (const auto& [carrier, amount] : points_[k].draws)
                    path_of(plan, carrier)[at] += weight * amount * factor(amount, outdoors);
            }
            plan.load.push_back(load);
            plan.running.push_back(switches_ ? static_cast<int>(std::lround(value(values, running_[at])))
                                             : machines_for(converter_, load > tolerance ? load : 0));
        }
        return plan;
    }

    /// Running, full load and starts.
    [[nodiscard]] Path own_cost(const AssetPlan& plan) const override {
        Path cost;
        int before = status_.running;
        for (std::size_t at = 0; at < plan.load.size(); ++at) {
            const auto hours = request_.axis.step_hours();
            const int started = std::max(0, plan.running[at] - before);
            cost.push_back((plan.running[at] * converter_.running_cost * hours +
                            plan.load[at] * converter_.full_load_cost * hours + started * converter_.start_cost)
                               .value());
            before = plan.running[at];
        }
        return cost;
    }
    [[nodiscard]] std::string own_cost_name() const override { return "running"; }

  private:
    static double value(const std::vector<double>& values, Share column) {
        return values[static_cast<std::size_t>(column.column)];
    }
    static double factor(double amount, const TemperaturePoint& outdoors) {
        return amount > 0 ? outdoors.draws_factor : outdoors.gives_factor;
    }
    [[nodiscard]] bool has_starts() const {
        return converter_.start_cost > Money(0) || converter_.min_up > Hours(0) || converter_.min_down > Hours(0) ||
               converter_.ramp_per_hour || converter_.max_starts_per_day;
    }
    [[nodiscard]] AssetPlan empty() const {
        const auto slots = static_cast<std::size_t>(request_.axis.slots);
        AssetPlan plan{.id = converter_.id, .kind = "converter", .power_kw = Path(slots, 0.0)};
        for (const auto& point : converter_.points)
            for (const auto& [carrier, amount] : point.draws) path_of(plan, carrier).resize(slots, 0.0);
        return plan;
    }
    Path& path_of(AssetPlan& plan, const std::string& carrier) const {
        return carrier == carrier_of(request_) ? plan.power_kw : plan.flows[carrier];
    }

    void words(solver::Problem& problem) {
        const auto& id = converter_.id;
        running_row_ = problem.limit({id + ": machines that run", id + "：运行台数"});
        start_row_ = problem.limit({id + ": starts", id + "：启停"});
        ramp_row_ = problem.limit({id + ": change of load", id + "：负荷变化速率"});
    }

    void add_shares(Model& model, std::size_t at) {
        const int slot = static_cast<int>(at);
        const double machines = available(converter_, request_, at);
        const bool at_full_load = points_.size() == 1 && !switches_;  // then a share is a load
        const double most = machines * (at_full_load ? most_load(converter_, request_, at) : 1);
        const auto outdoors = outdoors_of(converter_, request_, at);
        auto& shares = shares_.emplace_back();
        for (const auto& point : points_) {
            const auto cost = point.load * converter_.full_load_cost * request_.axis.step_hours();
            shares.push_back(sized_variable(model, most, cost, {size_, {running_row_, slot}}));
            for (const auto& [carrier, amount] : point.draws) {
                if (amount != 0)
                    model.draws[carrier].push_back({slot, {shares.back().column, amount * factor(amount, outdoors)}});
            }
        }
        if (!at_full_load && !converter_.max_load_series.empty() && !switches_)
            add_most_load(model.problem, at, machines);
        if (switches_ || points_.size() == 1) return;
        for (const auto& share : shares) model.problem.add_entry({share.column, 1});
        model.problem.end_row(most, most, {running_row_, slot});
    }

    /// The load of machines that may run at most so much, together.
    /// @param machines  that run; those of the slot's column when it has one
    void add_most_load(solver::Problem& problem, std::size_t at, double machines) {
        const double most = most_load(converter_, request_, at);
        for (std::size_t k = 0; k < points_.size(); ++k) problem.add_entry({shares_[at][k].column, points_[k].load});
        if (switches_) problem.add_entry({running_[at].column, -most});
        problem.end_row(-solver::infinity, switches_ ? 0 : machines * most, {running_row_, static_cast<int>(at)});
    }

    void add_running(solver::Problem& problem, std::size_t at) {
        const int most = available(converter_, request_, at);
        running_.push_back(problem.whole(most, converter_.running_cost * request_.axis.step_hours()));
        for (const auto& share : shares_[at]) problem.add_entry({share.column, 1});
        problem.add_entry({running_[at].column, -1});
        problem.end_row(0, 0, {running_row_, static_cast<int>(at)});
        if (!converter_.max_load_series.empty()) add_most_load(problem, at, most);
    }

    /// running[t] - running[t-1] = starts - stops.
    void add_start(solver::Problem& problem, std::size_t at) {
        const double count = converter_.count;
        starts_.push_back(problem.variable(0.0, count, converter_.start_cost));
        stops_.push_back(problem.variable(0.0, count, Money(0)));
        problem.add_entry({running_[at].column, 1});
        problem.add_entry({starts_[at].column, -1});
        problem.add_entry({stops_[at].column, 1});
        if (at > 0) problem.add_entry({running_[at - 1].column, -1});
        const double before = at == 0 ? status_.running : 0;
        problem.end_row(before, before, {start_row_, static_cast<int>(at)});
        if (converter_.ramp_per_hour) add_no_restart(problem, at);
    }

    /// A machine that runs cannot start, one that is off cannot stop: a restart within a slot would pass by the ramp.
    void add_no_restart(solver::Problem& problem, std::size_t at) {
        const double count = converter_.count;
        problem.add_entry({starts_[at].column, 1});
        if (at > 0) problem.add_entry({running_[at - 1].column, 1});
        problem.end_row(-solver::infinity, count - (at == 0 ? status_.running : 0), {start_row_, static_cast<int>(at)});
        problem.add_entry({stops_[at].column, 1});
        problem.add_entry({running_[at].column, 1});
        problem.end_row(-solver::infinity, count, {start_row_, static_cast<int>(at)});
    }

    /// What started in the last `shortest` hours still runs; what stopped is still off.
    void add_shortest(solver::Problem& problem, const std::vector<Share>& events, Hours shortest, bool up) {
        const auto step = request_.axis.step_hours();
        const auto span = static_cast<std::size_t>(std::ceil(shortest / step - 1e-9));
        if (span <= 1) return;
        const auto since = to_hours(request_.axis.start - status_.since);
        const bool changed_lately = status_.since > Instant{} && since < shortest;
        const auto held = changed_lately ? static_cast<std::size_t>(std::ceil((shortest - since) / step - 1e-9)) : 0;
        const int fixed = up ? status_.running : converter_.count - status_.running;
        for (std::size_t at = 0; at < running_.size(); ++at) {
            const int room = available(converter_, request_, at);
            if (room == 0) continue;  // maintenance goes before
            for (auto event = at + 1 >= span ? at + 1 - span : 0; event <= at; ++event)
                problem.add_entry({events[event].column, 1});
            problem.add_entry({running_[at].column, up ? -1.0 : 1.0});
            const int held_now = at < held ? fixed : 0;
            problem.end_row(-solver::infinity, up ? -held_now : converter_.count - held_now,
                            {start_row_, static_cast<int>(at)});
        }
    }

    void add_most_starts(solver::Problem& problem) {
        const auto days = local_days(request_);
        for (std::size_t at = 0; at < starts_.size(); ++at) {
            problem.add_entry({starts_[at].column, 1});
            const bool last_of_day = at + 1 == starts_.size() || days[at + 1] != days[at];
            if (!last_of_day) continue;
            const int left = *converter_.max_starts_per_day - (days[at] == 0 ? status_.starts : 0);
            problem.end_row(-solver::infinity, std::max(0, left), {start_row_, static_cast<int>(at)});
        }
    }

    /// The load of machines that go on changes by at most the ramp; one that starts or stops may step to its least
    /// load.
    void add_ramp(solver::Problem& problem, std::size_t at) {
        const double ramp = *converter_.ramp_per_hour * request_.axis.step_hours().value();
        const double step = std::max(points_.front().load, ramp);
        for (const double direction : {1.0, -1.0}) {
            for (std::size_t k = 0; k < points_.size(); ++k) {
                problem.add_entry({shares_[at][k].column, direction * points_[k].load});
                if (at > 0) problem.add_entry({shares_[at - 1][k].column, -direction * points_[k].load});
            }
            if (switches_) {
                problem.add_entry({running_[at].column, -ramp});
                problem.add_entry({starts_[at].column, direction > 0 ? ramp - step : ramp});
                if (direction < 0) problem.add_entry({stops_[at].column, -step});
            }
            const double before = at == 0 ? direction * status_.load : 0;
            if (size_ != nullptr) problem.add_entry({size_->column.column, -ramp * converter_.count});
            problem.end_row(-solver::infinity, before + (switches_ || size_ != nullptr ? 0 : ramp * converter_.count),
                            {ramp_row_, static_cast<int>(at)});
        }
    }

    [[nodiscard]] bool mixes_far_points(const std::vector<double>& solution, std::size_t at) const {
        std::size_t first = points_.size(), last = 0;
        for (std::size_t k = 0; k < points_.size(); ++k) {
            if (value(solution, shares_[at][k]) < tolerance) continue;
            first = std::min(first, k);
            last = k;
        }
        return last > first + 1;
    }

    /// One stretch between neighbours at a time: w[k] <= the stretches that end at point k.
    void add_stretches(solver::Problem& problem, std::size_t at) {
        std::vector<Share> stretches;
        for (std::size_t k = 0; k + 1 < points_.size(); ++k) stretches.push_back(problem.binary());
        for (std::size_t k = 0; k < points_.size(); ++k) {
            problem.add_entry({shares_[at][k].column, 1});
            if (k > 0) problem.add_entry({stretches[k - 1].column, -1});
            if (k < stretches.size()) problem.add_entry({stretches[k].column, -1});
            problem.end_row(-solver::infinity, 0, {running_row_, static_cast<int>(at)});
        }
        for (const auto& stretch : stretches) problem.add_entry({stretch.column, 1});
        problem.end_row(-solver::infinity, 1, {running_row_, static_cast<int>(at)});
    }

    const Converter& converter_;
    const PlanRequest& request_;
    std::shared_ptr<LoadRule> rule_;
    const SizeColumn* size_ = nullptr;  ///< where it is chosen with the plan
    bool switches_;
    ConverterStatus status_{};
    std::vector<OperatingPoint> points_;
    std::int32_t running_row_ = 0, start_row_ = 0, ramp_row_ = 0;
    std::vector<std::vector<Share>> shares_;  ///< [slot][point]
    std::vector<Share> running_, starts_, stops_;
    std::vector<bool> skips_;  ///< [slot] has its stretches
};

}  // namespace

std::unique_ptr<Asset> converter_asset(const Converter& converter, const PlanRequest& request,
                                       std::shared_ptr<LoadRule> rule) {
    return std::make_unique<ConverterAsset>(converter, request, std::move(rule));
}

}  // namespace loadstar::plan
