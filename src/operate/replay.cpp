#include "operate/replay.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include "operate/billing_account.hpp"
#include "plan/job_shop.hpp"
#include "tariff/compile.hpp"
#include "tariff/cost.hpp"

namespace loadstar::operate {
namespace {

constexpr double negligible = 1e-4;  // per hour; what an optimiser leaves over

Horizon days_axis(const Plant& plant, LocalDay first, int days) {
    const auto start = plant.time_zone.start_of_day(first);
    const auto end = plant.time_zone.start_of_day(add_days(first, days));
    return {.start = start, .step = plant.step, .slots = static_cast<int>((end - start) / plant.step)};
}

std::vector<double> first_slots(const std::vector<double>& values, int slots) {
    return {values.begin(), values.begin() + std::min<std::ptrdiff_t>(slots, std::ssize(values))};
}

/// The start of a plan, without what it does later.
std::vector<plan::AssetPlan> first_slots(std::vector<plan::AssetPlan> assets, int slots) {
    for (auto& asset : assets) {
        asset.power_kw = first_slots(asset.power_kw, slots);
        for (auto& [carrier, flow] : asset.flows) flow = first_slots(flow, slots);
        asset.level_kwh = first_slots(asset.level_kwh, slots + 1);
        asset.load = first_slots(asset.load, slots);
        asset.running.resize(std::min(asset.running.size(), static_cast<std::size_t>(slots)));
    }
    return assets;
}

void append(std::vector<double>& all, const std::vector<double>& part) {
    all.insert(all.end(), part.begin(), part.end());
}

void append(World& world, const plan::Account& account) {
    append(world.import_kw, account.import_kw);
    for (const auto& supply : account.supplies) append(world.drawn[supply.grid], supply.drawn);
    if (world.beside_the_bills.empty()) {
        world.beside_the_bills = account.beside_the_bills;
        return;
    }
    for (std::size_t i = 0; i < account.beside_the_bills.size(); ++i)
        append(world.beside_the_bills[i].cost, account.beside_the_bills[i].cost);
}

void add_unserved(std::map<std::string, double>& unserved, const plan::Account& account, Hours step) {
    for (const auto& carrier : account.carriers) {
        auto& amount = unserved[carrier.carrier];
        for (const double missing : carrier.missing)
            if (missing > negligible) amount += missing * step.value();
    }
}

/// Replays day after day. Two worlds, the plans carried out and nothing done, each keep their own account of peaks.
class Replayer {
  public:
    Replayer(const ReplayRequest& request, const ReplaySources& sources) : request_(request), sources_(sources) {
        result_.axis = days_axis(*request.plant, request.first, days_between(request.first, request.last) + 1);
        result_.planned.end = request.state;
        result_.idle.end = request.state;
        for (const auto& job : request.plant->jobs) result_.idle.end.finished_jobs.push_back(job.id);
        jobs_idle_kw_ = plan::unplanned_job_power(
            {.plant = request.plant, .grid = request.grid, .axis = result_.axis, .state = request.state});
    }

    Result<void> run_day(LocalDay day) {
        const auto today = days_axis(*request_.plant, day, 1);
        result_.days.push_back({.day = day});
        auto& state = result_.planned.end;
        state.shifted_energy.clear();
        state.cut_hours.clear();
        for (auto& [id, status] : state.converters) status.starts = 0;
        for (auto at = today.start; at < today.end();) {
            const auto end = std::min(today.end(), at + request_.replan_every);
            LOADSTAR_CHECK(
                run_stretch({.start = at, .step = today.step, .slots = today.slot_of(end) - today.slot_of(at)}));
            at = end;
        }
        LOADSTAR_CHECK(do_nothing(today));
        auto& outcome = result_.days.back();
        outcome.measured_saving = outcome.cost_idle - outcome.cost;
        return {};
    }

    Replay take() { return std::move(result_); }

  private:
    using Billing = std::map<std::string, BillingState>;  ///< by contract

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
        if (stretch.start == request_.plant->time_zone.start_of_day(outcome.day))
            LOADSTAR_CHECK(note_promise(plan, request));
        LOADSTAR_TRY(const auto reality, sources_.reality(stretch));
        auto done = execute(plan, request, reality, stretch.slots);
        note_errors(outcome, request.load_kw, reality.load_kw, stretch.step_hours());
        outcome.corrections.insert(outcome.corrections.end(), done.corrections.begin(), done.corrections.end());
        outcome.out_of_turn += done.out_of_turn;
        add_unserved(outcome.unserved, done.account, stretch.step_hours());
        auto& world = result_.planned;
        LOADSTAR_TRY(const double cost, settle(stretch, done.account, world.end.billing));
        outcome.cost += cost;
        done.end.billing = std::move(world.end.billing);
        world.end = std::move(done.end);
        append(result_.load_kw, reality.load_kw);
        append(world, done.account);
        return {};
    }

    /// What the day that has passed would have been without a plan.
    Result<void> do_nothing(const Horizon& today) {
        auto& outcome = result_.days.back();
        auto& world = result_.idle;
        LOADSTAR_TRY(auto reality, sources_.reality(today));
        plan::PlanRequest request{.plant = request_.plant,
                                  .grid = request_.grid,
                                  .terms = {},
                                  .axis = today,
                                  .state = world.end,
                                  .load_kw = with_jobs(std::move(reality.load_kw), today),
                                  .generation_kw = std::move(reality.generation_kw),
                                  .asset_load_kw = std::move(reality.asset_load_kw)};
        LOADSTAR_CHECK(add_contracts_and_carriers(request, {}, std::move(reality.others)));
        LOADSTAR_TRY(const auto assets, plan::idle_assets(request));
        const auto account = plan::account_of(request, assets);
        add_unserved(outcome.unserved_idle, account, today.step_hours());
        LOADSTAR_TRY(outcome.cost_idle, settle(today, account, world.end.billing));
        for (const auto& asset : assets) {
            if (!asset.level_kwh.empty()) world.end.store_level[asset.id] = Energy(asset.level_kwh.back());
            if (asset.kind == "converter")
                world.end.converters[asset.id] = {
                    .running = asset.running.back(), .since = {}, .load = asset.load.back()};
        }
        world.end.at = today.end();
        append(world, account);
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
        const auto& plant = *request_.plant;
        const tariff::Expectation expected{.import_kw = undisturbed_import(outlook)};
        const bool switches = std::ranges::any_of(plant.converters, &Converter::switches);
        plan::PlanRequest request{.plant = request_.plant,
                                  .grid = request_.grid,
                                  .terms = {},
                                  .axis = horizon,
                                  .state = result_.planned.end,
                                  .load_kw = std::move(outlook.load_kw),
                                  .generation_kw = std::move(outlook.generation_kw),
                                  .asset_load_kw = std::move(outlook.asset_load_kw),
                                  .load_scenarios_kw = std::move(outlook.load_scenarios_kw),
                                  .stored_value_per_kwh = request_.stored_value_per_kwh,
                                  .mip_gap = plant.jobs.empty() && !switches ? 1e-6 : plan::schedule_gap,
                                  .time_limit_s = request_.time_limit_s};
        LOADSTAR_CHECK(add_contracts_and_carriers(request, expected, std::move(outlook.others)));
        return request;
    }

    /// @param expected  of the planned connection
    Result<void> add_contracts_and_carriers(plan::PlanRequest& request, const tariff::Expectation& expected,
                                            OtherCarriers others) {
        LOADSTAR_TRY(request.terms, planned_terms(request.grid, request, expected));
        for (auto& [grid, load] : others.supply_load) {
            LOADSTAR_TRY(auto terms, planned_terms(grid, request, {.import_kw = load}));
            request.supplies.push_back({.grid = grid, .terms = std::move(terms), .load = std::move(load)});
        }
        request.carrier_load = std::move(others.carrier_load);
        request.celsius = std::move(others.celsius);
        request.max_load = std::move(others.max_load);
        request.carbon = std::move(others.carbon);
        return {};
    }

    Result<tariff::ChargeTerms> planned_terms(const std::string& grid, const plan::PlanRequest& request,
                                              const tariff::Expectation& expected) {
        LOADSTAR_TRY(const auto terms, terms_of(grid, request.axis, request.state.billing));
        LOADSTAR_CHECK(tariff::check_probabilities(terms));
        return tariff::plan_terms(terms, expected);
    }

    /// As they bill.
    Result<tariff::ChargeTerms> terms_of(const std::string& grid, const Horizon& axis, const Billing& billing) {
        const auto known = billing.find(contract_of(grid));
        return sources_.terms(grid, axis, known == billing.end() ? BillingState{} : known->second);
    }
    [[nodiscard]] const std::string& contract_of(const std::string& grid) const {
        return find_by_id(request_.plant->grids, grid)->contract;
    }

    /// A load with the jobs of its slots as they would run when nobody plans.
    [[nodiscard]] std::vector<double> with_jobs(std::vector<double> load_kw, const Horizon& axis) const {
        const auto first = static_cast<std::size_t>(result_.axis.slot_of(axis.start));
        for (std::size_t at = 0; at < load_kw.size(); ++at) load_kw[at] += jobs_idle_kw_[first + at];
        return load_kw;
    }

    static void note_errors(DayOutcome& outcome, const std::vector<double>& expected_kw,
                            const std::vector<double>& measured_kw, Hours step) {
        for (std::size_t slot = 0; slot < measured_kw.size(); ++slot) {
            outcome.load_kwh += measured_kw[slot] * step.value();
            outcome.forecast_error_kwh += std::abs(measured_kw[slot] - expected_kw[slot]) * step.value();
        }
    }

    /// What the first plan of a day says that it saves on that day, if the day comes as it is believed.
    Result<void> note_promise(const plan::Plan& plan, const plan::PlanRequest& request) {
        auto& outcome = result_.days.back();
        const auto today = days_axis(*request_.plant, outcome.day, 1);
        auto believed = as_it_came(request, {.load_kw = request.load_kw}, today.slots);
        auto billing = result_.planned.end.billing;
        LOADSTAR_TRY(outcome.promised_cost,
                     settle(today, plan::account_of(believed, first_slots(plan.assets, today.slots)), billing));
        believed.state = result_.idle.end;
        believed.load_kw = with_jobs(std::move(believed.load_kw), today);
        LOADSTAR_TRY(const auto assets, plan::idle_assets(believed));
        billing = result_.idle.end.billing;
        LOADSTAR_TRY(const double cost_idle, settle(today, plan::account_of(believed, assets), billing));
        outcome.promised_saving = cost_idle - outcome.promised_cost;
        return {};
    }

    /// Costs a stretch as it came in one world, and carries the accounts of its contracts on.
    Result<double> settle(const Horizon& axis, const plan::Account& account, Billing& billing) {
        double cost = 0;
        const auto add = [&](const std::string& grid, const std::vector<double>& drawn) -> Result<void> {
            LOADSTAR_TRY(const auto terms, terms_of(grid, axis, billing));
            // Nothing is expected after the stretch, so that stretches add up over a billing period.
            cost += tariff::decided_cost(tariff::plan_terms(terms, {}), drawn);
            auto& state = billing[contract_of(grid)];
            state = after_stretch(terms, state, drawn);
            return {};
        };
        LOADSTAR_CHECK(add(request_.grid, account.import_kw));
        for (const auto& supply : account.supplies) LOADSTAR_CHECK(add(supply.grid, supply.drawn));
        for (const auto& path : account.beside_the_bills)
            cost = std::accumulate(path.cost.begin(), path.cost.end(), cost);
        return cost;
    }

    const ReplayRequest& request_;
    const ReplaySources& sources_;
    Replay result_;
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
    const auto step = request.plant->step;
    if (request.replan_every < step || request.replan_every % step != Duration(0)) {
        return Error{.code = ErrorCode::invalid_argument,
                     .message = fmt::format("expected plans anew every multiple of {} minutes, found {} minutes",
                                            step / minutes(1), request.replan_every / minutes(1)),
                     .hint = "a plan tells nothing shorter than step_minutes of the plant file"};
    }
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
