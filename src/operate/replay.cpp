#include "operate/replay.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "plan/job_shop.hpp"
#include "series/units.hpp"
#include "tariff/compile.hpp"
#include "tariff/cost.hpp"
#include "tariff/history.hpp"

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

/// Adds a stretch to what its billing period, and the year of its charges, have used.
BillingState after_stretch(const tariff::ChargeTerms& terms, const BillingState& billing,
                           const std::vector<double>& import_kw) {
    const double per_kw = terms.axis.step_hours().value() / kwh_per(terms.unit).value_or(1);
    auto imported = Series::missing({"import", SeriesKind::interval_energy, terms.unit}, terms.axis);
    auto exported = imported;
    for (int slot = 0; slot < terms.axis.slots; ++slot) {
        const double energy = import_kw[static_cast<std::size_t>(slot)] * per_kw;
        imported.set(slot, std::max(0.0, energy));
        exported.set(slot, std::max(0.0, -energy));
    }
    return tariff::state_after(terms, billing, {.imported = std::move(imported), .exported = std::move(exported)});
}

/// Replays day after day. Two worlds, the plans carried out and nothing done, each keep their own account of peaks.
class Replayer {
  public:
    Replayer(const ReplayRequest& request, const ReplaySources& sources) : request_(request), sources_(sources) {
        result_.axis = days_axis(*request.plant, request.first, days_between(request.first, request.last) + 1);
        result_.end = request.state;
        contract_ = find_by_id(request.plant->grids, request.grid)->contract;
        idle_billing_ = billing();
        jobs_idle_kw_ = plan::unplanned_job_power(
            {.plant = request.plant, .grid = request.grid, .axis = result_.axis, .state = request.state});
    }

    Result<void> run_day(LocalDay day) {
        const auto today = days_axis(*request_.plant, day, 1);
        result_.days.push_back({.day = day});
        result_.end.shifted_energy.clear();
        result_.end.cut_hours.clear();
        for (auto at = today.start; at < today.end();) {
            const auto end = std::min(today.end(), at + request_.replan_every);
            LOADSTAR_CHECK(
                run_stretch({.start = at, .step = today.step, .slots = today.slot_of(end) - today.slot_of(at)}));
            at = end;
        }
        return {};
    }

    Replay take() { return std::move(result_); }

  private:
    /// Plans at the start of a stretch and carries the plan out to its end.
    Result<void> run_stretch(const Horizon& stretch) {
        auto& outcome = result_.days.back();
        LOADSTAR_TRY(const auto request, plan_request(horizon_at(stretch.start)));
        NoProgress quiet;
        LOADSTAR_TRY(const auto plan, plan::make_plan(request, quiet));
        if (plan.import_kw.empty()) {
            return Error{.code = ErrorCode::invalid_input,
                         .message = "there is no plan: " + plan.explanation.en,
                         .where = to_string(outcome.day)};
        }
        if (stretch.start == request_.plant->time_zone.start_of_day(outcome.day)) LOADSTAR_CHECK(note_promise(plan));
        LOADSTAR_TRY(const auto reality, sources_.reality(stretch));
        auto done = execute(plan, request, reality, stretch.slots);
        for (int slot = 0; slot < stretch.slots; ++slot) {
            const auto since_first = result_.axis.slot_of(stretch.slot_start(slot));
            done.import_idle_kw[static_cast<std::size_t>(slot)] += jobs_idle_kw_[static_cast<std::size_t>(since_first)];
        }
        note_errors(outcome, request.load_kw, reality.load_kw, stretch.step_hours());
        outcome.corrections.insert(outcome.corrections.end(), done.corrections.begin(), done.corrections.end());
        LOADSTAR_CHECK(settle(done));
        auto billing = std::move(result_.end.billing);
        result_.end = done.end;
        result_.end.billing = std::move(billing);
        append(result_.load_kw, reality.load_kw);
        append(result_.import_kw, done.import_kw);
        append(result_.import_idle_kw, done.import_idle_kw);
        return {};
    }

    /// From an instant to the end of the last day whose outlook is out.
    [[nodiscard]] Horizon horizon_at(Instant start) const {
        const auto& zone = request_.plant->time_zone;
        auto last = zone.day_of(start);
        const bool next_is_known =
            request_.next_day_known_at && zone.to_civil(start).minute_of_day() >= *request_.next_day_known_at;
        if (next_is_known && days_between(last, request_.last) > 0) last = add_days(last, 1);
        const auto end = zone.start_of_day(add_days(last, 1));
        return {.start = start,
                .step = request_.plant->step,
                .slots = static_cast<int>((end - start) / request_.plant->step)};
    }

    Result<plan::PlanRequest> plan_request(const Horizon& horizon) {
        LOADSTAR_TRY(auto outlook, sources_.outlook(horizon));
        LOADSTAR_TRY(const auto terms, sources_.terms(horizon, billing()));
        LOADSTAR_CHECK(tariff::check_probabilities(terms));
        return plan::PlanRequest{.plant = request_.plant,
                                 .grid = request_.grid,
                                 .terms = tariff::plan_terms(terms, {.import_kw = undisturbed_import(outlook)}),
                                 .axis = horizon,
                                 .state = result_.end,
                                 .load_kw = std::move(outlook.load_kw),
                                 .generation_kw = std::move(outlook.generation_kw),
                                 .asset_load_kw = std::move(outlook.asset_load_kw),
                                 .load_scenarios_kw = std::move(outlook.load_scenarios_kw),
                                 .stored_value_per_kwh = request_.stored_value_per_kwh,
                                 .mip_gap = request_.plant->jobs.empty() ? 1e-6 : plan::schedule_gap,
                                 .time_limit_s = request_.time_limit_s};
    }

    static void note_errors(DayOutcome& outcome, const std::vector<double>& expected_kw,
                            const std::vector<double>& measured_kw, Hours step) {
        for (std::size_t slot = 0; slot < measured_kw.size(); ++slot) {
            outcome.load_kwh += measured_kw[slot] * step.value();
            outcome.forecast_error_kwh += std::abs(measured_kw[slot] - expected_kw[slot]) * step.value();
        }
    }

    /// What the first plan of a day says that it saves on that day.
    Result<void> note_promise(const plan::Plan& plan) {
        auto& outcome = result_.days.back();
        const auto today = days_axis(*request_.plant, outcome.day, 1);
        LOADSTAR_TRY(const auto terms, sources_.terms(today, billing()));
        LOADSTAR_TRY(const auto idle_terms, sources_.terms(today, idle_billing_));
        outcome.promised_cost = account(terms, first_slots(plan.import_kw, today.slots));
        outcome.promised_saving =
            account(idle_terms, first_slots(plan.import_before_kw, today.slots)) - outcome.promised_cost;
        return {};
    }

    /// Costs a stretch as it came in both worlds, and carries their accounts on.
    Result<void> settle(const Execution& done) {
        auto& outcome = result_.days.back();
        LOADSTAR_TRY(const auto terms, sources_.terms(done.axis, billing()));
        LOADSTAR_TRY(const auto idle_terms, sources_.terms(done.axis, idle_billing_));
        outcome.cost_idle += account(idle_terms, done.import_idle_kw);
        outcome.cost += account(terms, done.import_kw);
        outcome.measured_saving = outcome.cost_idle - outcome.cost;
        billing() = after_stretch(terms, billing(), done.import_kw);
        idle_billing_ = after_stretch(idle_terms, idle_billing_, done.import_idle_kw);
        return {};
    }

    /// What a stretch adds to the bill. Nothing is expected after it, so that stretches add up over a billing period.
    static double account(const tariff::ChargeTerms& terms, const std::vector<double>& import_kw) {
        return tariff::decided_cost(tariff::plan_terms(terms, {}), import_kw);
    }

    /// The contract's account of the world in which plans are carried out.
    BillingState& billing() { return result_.end.billing[contract_]; }

    const ReplayRequest& request_;
    const ReplaySources& sources_;
    Replay result_;
    std::string contract_;
    BillingState idle_billing_;
    std::vector<double> jobs_idle_kw_;  ///< [slot of the replay], jobs when nobody plans
};

}  // namespace

std::vector<double> undisturbed_import(const Outlook& outlook) {
    auto import_kw = outlook.load_kw;
    const auto add = [&import_kw](const std::map<std::string, std::vector<double>>& paths, double sign) {
        for (const auto& [id, path] : paths)
            for (std::size_t slot = 0; slot < import_kw.size(); ++slot) import_kw[slot] += sign * path[slot];
    };
    add(outlook.generation_kw, -1);
    add(outlook.asset_load_kw, 1);
    return import_kw;
}

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
