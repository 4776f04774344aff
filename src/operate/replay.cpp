#include "operate/replay.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "tariff/cost.hpp"

namespace loadstar::operate {
namespace {

Horizon days_axis(const Plant& plant, LocalDay first, int days) {
    const auto start = plant.time_zone.start_of_day(first);
    const auto end = plant.time_zone.start_of_day(add_days(first, days));
    return {.start = start, .step = plant.step, .slots = static_cast<int>((end - start) / plant.step)};
}

std::vector<double> first_slots(const std::vector<double>& values, int slots) {
    return {values.begin(), values.begin() + std::min<std::ptrdiff_t>(slots, std::ssize(values))};
}

void append(std::vector<double>& all, const std::vector<double>& part) {
    all.insert(all.end(), part.begin(), part.end());
}

/// Adds the energy and the peaks of a day to what its billing period has used; a new period starts from nothing.
BillingState after_day(const tariff::ChargeTerms& terms, BillingState billing, const std::vector<double>& import_kw) {
    if (std::ranges::any_of(terms.periods, [&](const auto& period) { return period.end == terms.axis.end(); }))
        return {};
    double energy = 0;
    for (const double power : import_kw) energy += std::max(0.0, power) * terms.axis.step_hours().value();
    billing.incurred_kwh += Decimal::from_double(energy);
    for (const auto& term : terms.peaks) {
        const auto peak = Decimal::from_double(tariff::largest_interval_mean(term, terms.axis.step, import_kw));
        auto& incurred = billing.incurred_kw[term.line];
        incurred = std::max(incurred, peak);
    }
    return billing;
}

/// Replays day after day. Two worlds, the plans carried out and nothing done, each keep their own account of peaks.
class Replayer {
  public:
    Replayer(const ReplayRequest& request, const ReplaySources& sources) : request_(request), sources_(sources) {
        result_.axis = days_axis(*request.plant, request.first, days_between(request.first, request.last) + 1);
        result_.end = request.state;
        const auto& contract = find_by_id(request.plant->grids, request.grid)->contract;
        billing_ = &result_.end.billing[contract];
        idle_billing_ = *billing_;
    }

    Result<void> run_day(LocalDay day) {
        const auto today = days_axis(*request_.plant, day, 1);
        LOADSTAR_TRY(const auto request, plan_request(days_axis(*request_.plant, day, request_.plan_days)));
        NoProgress quiet;
        LOADSTAR_TRY(const auto plan, plan::make_plan(request, quiet));
        if (plan.import_kw.empty()) {
            return Error{.code = ErrorCode::invalid_input,
                         .message = "no plan keeps the limits: " + plan.explanation.en,
                         .where = to_string(day)};
        }
        LOADSTAR_TRY(const auto reality, sources_.reality(today));
        const auto done = execute(plan, request, reality, today.slots);
        DayOutcome outcome{.day = day, .corrections = done.corrections};
        note_errors(outcome, request.load_kw, reality.load_kw, today.step_hours());
        LOADSTAR_CHECK(settle(outcome, plan, done));
        result_.end.at = done.end.at;
        result_.end.store_level = done.end.store_level;
        append(result_.load_kw, reality.load_kw);
        append(result_.import_kw, done.import_kw);
        append(result_.import_idle_kw, done.import_idle_kw);
        result_.days.push_back(std::move(outcome));
        return {};
    }

    Replay take() { return std::move(result_); }

  private:
    Result<plan::PlanRequest> plan_request(const Horizon& horizon) {
        LOADSTAR_TRY(auto outlook, sources_.outlook(horizon));
        LOADSTAR_TRY(auto terms, sources_.terms(horizon, *billing_));
        return plan::PlanRequest{.plant = request_.plant,
                                 .grid = request_.grid,
                                 .terms = std::move(terms),
                                 .axis = horizon,
                                 .state = result_.end,
                                 .load_kw = std::move(outlook.load_kw),
                                 .generation_kw = std::move(outlook.generation_kw),
                                 .asset_load_kw = std::move(outlook.asset_load_kw),
                                 .load_scenarios_kw = std::move(outlook.load_scenarios_kw),
                                 .stored_value_per_kwh = request_.stored_value_per_kwh,
                                 .time_limit_s = request_.time_limit_s};
    }

    static void note_errors(DayOutcome& outcome, const std::vector<double>& expected_kw,
                            const std::vector<double>& measured_kw, Hours step) {
        for (std::size_t slot = 0; slot < measured_kw.size(); ++slot) {
            outcome.load_kwh += measured_kw[slot] * step.value();
            outcome.forecast_error_kwh += std::abs(measured_kw[slot] - expected_kw[slot]) * step.value();
        }
    }

    /// Costs the day as promised and as it came in both worlds, and carries their accounts on.
    Result<void> settle(DayOutcome& outcome, const plan::Plan& plan, const Execution& done) {
        LOADSTAR_TRY(const auto terms, sources_.terms(done.axis, *billing_));
        LOADSTAR_TRY(const auto idle_terms, sources_.terms(done.axis, idle_billing_));
        const auto cost = [](const tariff::ChargeTerms& of, const std::vector<double>& import_kw) {
            return tariff::decided_cost(of, first_slots(import_kw, of.axis.slots));
        };
        outcome.promised_cost = cost(terms, plan.import_kw);
        outcome.promised_saving = cost(idle_terms, plan.import_before_kw) - outcome.promised_cost;
        outcome.cost_idle = cost(idle_terms, done.import_idle_kw);
        outcome.cost = cost(terms, done.import_kw);
        outcome.measured_saving = outcome.cost_idle - outcome.cost;
        *billing_ = after_day(terms, std::move(*billing_), done.import_kw);
        idle_billing_ = after_day(idle_terms, std::move(idle_billing_), done.import_idle_kw);
        return {};
    }

    const ReplayRequest& request_;
    const ReplaySources& sources_;
    Replay result_;
    BillingState* billing_ = nullptr;  ///< the contract's account in result_.end
    BillingState idle_billing_;
};

}  // namespace

Result<Replay> replay(const ReplayRequest& request, const ReplaySources& sources, Progress& progress) {
    Replayer replayer(request, sources);
    const int days = days_between(request.first, request.last) + 1;
    for (int day = 0; day < days; ++day) {
        progress.report("replay", day, days);
        if (progress.cancelled()) return Error{.code = ErrorCode::cancelled, .message = "the replay was cancelled"};
        LOADSTAR_CHECK(replayer.run_day(add_days(request.first, day)));
    }
    return replayer.take();
}

}  // namespace loadstar::operate
