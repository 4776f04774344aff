#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include <fmt/format.h>

#include "plan/carbon.hpp"
#include "plan/carriers.hpp"
#include "plan/connection.hpp"
#include "plan/losses.hpp"
#include "plan/model.hpp"
#include "plan/problem_of.hpp"
#include "plan/reasons.hpp"
#include "plan/rows.hpp"
#include "solver/solve.hpp"

namespace loadstar::plan {
namespace {

Result<void> check_sizes(const PlanRequest& request) {
    const auto slots = static_cast<std::size_t>(request.axis.slots);
    const auto wrong = [](std::string message) {
        return Error{.code = ErrorCode::invalid_argument, .message = std::move(message)};
    };
    if (slots == 0) return wrong("expected a horizon of at least one slot, found none");
    if (find_by_id(request.plant->grids, request.grid) == nullptr)
        return wrong(fmt::format("no grid connection is called '{}'", request.grid));
    const auto losses = losses_of(*request.plant, carrier_of(request));
    if (losses.share > 0 || losses.standing > 0)
        return wrong(
            fmt::format("losses of {} are part of the load of connection {}", carrier_of(request), request.grid));
    if (request.terms.axis != request.axis) return wrong("the charge terms lie on another axis than the plan");
    if (request.load_kw.size() != slots)
        return wrong(fmt::format("expected a load of {} slots, found {}", slots, request.load_kw.size()));
    for (const auto& supply : request.supplies) {
        if (find_by_id(request.plant->grids, supply.grid) == nullptr)
            return wrong(fmt::format("no grid connection is called '{}'", supply.grid));
        if (supply.terms.axis != request.axis || supply.load.size() != slots)
            return wrong(fmt::format("the terms or the load of {} do not fit the axis of the plan", supply.grid));
    }
    for (const auto& [carrier, load] : request.carrier_load) {
        if (find_by_id(request.plant->carriers, carrier) == nullptr)
            return wrong(fmt::format("no carrier is called '{}'", carrier));
        if (load.size() != slots)
            return wrong(fmt::format("expected a load of {} slots of {}, found {}", slots, carrier, load.size()));
    }
    for (const auto& path : request.load_scenarios_kw) {
        if (path.size() != slots)
            return wrong(fmt::format("expected scenarios of {} slots, found {}", slots, path.size()));
    }
    return {};
}

void add_flows(Plan& plan, const PlanRequest& request) {
    const auto& site = carrier_of(request);
    plan.import_kw = fed_in(request, site, request.load_kw, plan.assets, false).amount;
    plan.import_before_kw = fed_in(request, site, request.load_kw, plan.assets, true).amount;
    for (const auto& supply : request.supplies) {
        const auto& carrier = find_by_id(request.plant->grids, supply.grid)->carrier;
        auto planned = fed_in(request, carrier, supply.load, plan.assets, false);
        auto before = fed_in(request, carrier, supply.load, plan.assets, true);
        plan.supplies.push_back({.grid = supply.grid,
                                 .carrier = carrier,
                                 .drawn = std::move(planned.amount),
                                 .drawn_before = std::move(before.amount),
                                 .lost = std::move(planned.lost)});
    }
    for (const auto& carrier : made_carriers(request))
        plan.carriers.push_back(carrier_plan(request, carrier, plan.assets));
    plan.carbon = carbon_totals(request, plan);
}

/// Adds the slots in which a limit is passed, neighbours as one.
void add_breach(Plan& plan, std::size_t at, Text limit, double amount, double cost) {
    if (amount < tolerance) return;
    const auto start = plan.axis.slot_start(static_cast<int>(at));
    const auto open = std::ranges::find_if(
        plan.breaches, [&](const Breach& breach) { return breach.end == start && breach.limit == limit; });
    if (open == plan.breaches.end()) {
        plan.breaches.push_back({std::move(limit), start, start + plan.axis.step, amount, cost});
        return;
    }
    open->end += plan.axis.step;
    open->kw = std::max(open->kw, amount);
    open->cost += cost;
}

/// What the limits of a connection are called.
struct LimitWords {
    Text drawn, given;
};

void add_breaches(Plan& plan, const Connection& connection, const Path& drawn, const LimitWords& words) {
    for (std::size_t at = 0; at < drawn.size(); ++at) {
        const double above = drawn[at] - connection.max_import;
        const double below = -drawn[at] - connection.max_export;
        add_breach(plan, at, words.drawn, above, above * connection.breach_price);
        add_breach(plan, at, words.given, below, below * connection.breach_price);
    }
}

void add_breaches(Plan& plan, const PlanRequest& request) {
    add_breaches(plan, connection_of(request), plan.import_kw,
                 {.drawn = {"import limit of the connection", "并网点购电限值"},
                  .given = {"export limit of the connection", "并网点上网限值"}});
    for (std::size_t i = 0; i < plan.supplies.size(); ++i) {
        const auto& name = plan.supplies[i].grid;
        add_breaches(plan, connection_of(request, request.supplies[i]), plan.supplies[i].drawn,
                     {.drawn = {"import limit of " + name, name + "购入限值"},
                      .given = {"export limit of " + name, name + "送出限值"}});
    }
    for (const auto& carrier : plan.carriers) {
        const auto* known = find_by_id(request.plant->carriers, carrier.carrier);
        for (std::size_t at = 0; at < carrier.missing.size(); ++at) {
            const double missing = carrier.missing[at];
            const double cost = missing_cost(request, carrier.carrier, missing);
            add_breach(plan, at, {"need of " + carrier.carrier, carrier.carrier + "的需求"}, missing, cost);
            if (!known->release_price)
                add_breach(plan, at, {"use of all " + carrier.carrier, carrier.carrier + "不得放散"}, -missing, cost);
        }
    }
    for (auto& breach : carbon_breaches(request, plan)) plan.breaches.push_back(std::move(breach));
}

void add_costs(Plan& plan, const PlanRequest& request, const Assets& assets) {
    plan.costs = connection_costs(connection_of(request), plan.import_before_kw, plan.import_kw);
    for (std::size_t i = 0; i < plan.supplies.size(); ++i) {
        const auto& supply = plan.supplies[i];
        for (auto cost :
             connection_costs(connection_of(request, request.supplies[i]), supply.drawn_before, supply.drawn)) {
            cost.id = supply.grid + "." + cost.id;
            cost.label = {supply.grid + ": " + cost.label.en, supply.grid + "：" + cost.label.zh};
            plan.costs.push_back(std::move(cost));
        }
    }
    for (const auto& carrier : plan.carriers)
        for (auto& cost : carrier_costs(request, carrier)) plan.costs.push_back(std::move(cost));
    for (auto& cost : carbon_cap_costs(request, plan)) plan.costs.push_back(std::move(cost));
    for (std::size_t i = 0; i < assets.size(); ++i) {
        const auto total = [](const Path& cost) { return std::accumulate(cost.begin(), cost.end(), 0.0); };
        const double before = total(assets[i]->own_cost(assets[i]->idle()));
        const double after = total(assets[i]->own_cost(plan.assets[i]));
        if (before == 0 && after == 0) continue;
        const auto& asset = plan.assets[i];
        const auto name = assets[i]->own_cost_name();
        plan.costs.push_back({fmt::format("{}.{}.{}", asset.kind, asset.id, name),
                              {fmt::format("{}: {}", asset.id, name), fmt::format("{}：自身成本", asset.id)},
                              before,
                              after});
    }
    for (const auto& cost : plan.costs) {
        plan.cost_before += cost.before;
        plan.cost_after += cost.after;
    }
    const auto add_fixed = [&plan](const tariff::ChargeTerms& terms) {
        for (const auto& term : terms.fixed) plan.fixed_cost += term.amount.to_double();
        for (const auto& term : terms.peaks) plan.fixed_cost += term.cost(Decimal()).to_double();
    };
    add_fixed(request.terms);
    for (const auto& supply : request.supplies) add_fixed(supply.terms);
}

/// What one more unit of each carrier that is made on the site would cost under the plan: the duals of its balances.
Result<void> add_values(Plan& plan, const Model& model, const PlanRows& rows, const std::vector<double>& values,
                        Progress& progress) {
    if (plan.carriers.empty()) return {};
    const auto fixed = model.problem.with_whole_at(values);
    LOADSTAR_TRY(const auto solution,
                 solver::solve(fixed, {.time_limit_s = solver::infinity, .with_duals = true}, progress));
    if (solution.row_duals.empty()) return {};
    const double hours = plan.axis.step_hours().value();
    for (auto& carrier : plan.carriers)
        for (std::size_t at = 0; at < carrier.missing.size(); ++at)
            carrier.value.push_back(solution.row_duals[rows.balances.at(carrier.carrier) + at] / hours);
    return {};
}

}  // namespace

const char* to_string(Outcome outcome) {
    switch (outcome) {
        case Outcome::optimal: return "optimal";
        case Outcome::feasible: return "feasible";
        case Outcome::infeasible: return "infeasible";
        case Outcome::no_solution: return "no_solution";
    }
    return "unknown";
}

Result<solver::Problem> problem_of(const PlanRequest& request) {
    LOADSTAR_CHECK(check_sizes(request));
    LOADSTAR_TRY(const auto assets, assets_of(request));
    Model model;
    add_plan_rows(model, request, assets);
    return std::move(model.problem);
}

Result<Plan> make_plan(const PlanRequest& request, Progress& progress) {
    LOADSTAR_CHECK(check_sizes(request));
    LOADSTAR_TRY(const auto assets, assets_of(request));
    Model model;
    std::vector<PlanPart> parts{{assets, add_plan_rows(model, request, assets)}};
    LOADSTAR_TRY(const auto solution, solve_refined(model, parts, {request.time_limit_s, request.mip_gap}, progress));
    Plan plan{.outcome = static_cast<Outcome>(solution.status),
              .gap = solution.gap,
              .axis = request.axis,
              .grid = request.grid,
              .load_kw = request.load_kw,
              .solve_seconds = solution.seconds};
    if (solution.status == solver::Status::infeasible) plan.explanation = conflict(model, solution, request.axis);
    if (solution.status == solver::Status::no_solution)
        plan.explanation = {"no plan was found in the time allowed", "在限定时间内未找到方案"};
    if (solution.values.empty()) return plan;
    for (const auto& asset : assets) {
        plan.assets.push_back(asset->planned(solution.values));
        if (auto problem = asset->problem(plan.assets.back())) plan.order_problems.push_back(std::move(*problem));
    }
    add_flows(plan, request);
    add_costs(plan, request, assets);
    add_breaches(plan, request);
    LOADSTAR_CHECK(add_values(plan, model, parts.front().rows, solution.values, progress));
    plan.actions = explain(plan, request, assets);
    return plan;
}

}  // namespace loadstar::plan
