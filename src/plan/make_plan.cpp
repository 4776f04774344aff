#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include <fmt/format.h>

#include "plan/carriers.hpp"
#include "plan/connection.hpp"
#include "plan/model.hpp"
#include "plan/problem_of.hpp"
#include "plan/reasons.hpp"
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

/// The limits of a conflict, each kind once, with the first instant at which it counts.
Text conflict(const Model& model, const solver::Solution& solution, const Horizon& axis) {
    if (solution.conflicting.empty())
        return {"the limits contradict each other, and the solver could not say which",
                "各项限值互相矛盾，无法指出具体项"};
    Text text{"these limits cannot hold together: ", "下列限值无法同时满足："};
    std::set<std::int32_t> told;
    for (const auto& row : solution.conflicting) {
        if (!told.insert(row.kind).second) continue;
        const auto& words = model.problem.limits[static_cast<std::size_t>(row.kind)];
        const auto when = to_string(axis.slot_start(row.slot));
        text.en += fmt::format("{}{} (from {})", told.size() > 1 ? "; " : "", words.en, when);
        text.zh += fmt::format("{}{}（自 {}）", told.size() > 1 ? "；" : "", words.zh, when);
    }
    return text;
}

/// load + draws of all assets, with the plan or before it.
Path drawn_of(const Path& load, const std::vector<AssetPlan>& assets, const std::string& carrier,
              const std::string& site_carrier, bool before) {
    auto drawn = load;
    for (const auto& asset : assets) {
        const auto* draw =
            before ? draw_before_of(asset, carrier, site_carrier) : draw_of(asset, carrier, site_carrier);
        for (std::size_t at = 0; draw != nullptr && at < drawn.size(); ++at) drawn[at] += (*draw)[at];
    }
    return drawn;
}

void add_flows(Plan& plan, const PlanRequest& request) {
    const auto& site = carrier_of(request);
    plan.import_kw = drawn_of(request.load_kw, plan.assets, site, site, false);
    plan.import_before_kw = drawn_of(request.load_kw, plan.assets, site, site, true);
    for (const auto& supply : request.supplies) {
        const auto& carrier = find_by_id(request.plant->grids, supply.grid)->carrier;
        plan.supplies.push_back({.grid = supply.grid,
                                 .carrier = carrier,
                                 .drawn = drawn_of(supply.load, plan.assets, carrier, site, false),
                                 .drawn_before = drawn_of(supply.load, plan.assets, carrier, site, true)});
    }
    for (const auto& carrier : made_carriers(request))
        plan.carriers.push_back(carrier_plan(request, carrier, plan.assets));
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

struct Rows {
    Model model;
    std::vector<ConnectionColumns> connections;
    std::map<std::string, std::size_t> balances;  ///< carrier without a connection -> row of its first slot
};

Rows build(const PlanRequest& request, const Assets& assets) {
    Rows rows;
    rows.model.carrier = carrier_of(request);
    for (const auto& asset : assets) asset->add_rows(rows.model);
    add_capacity_rows(rows.model);
    for (const auto& carrier : made_carriers(request))
        rows.balances[carrier] = add_made_carrier(rows.model, request, carrier);
    for (const auto& supply : request.supplies)
        rows.connections.push_back(add_connection(rows.model, connection_of(request, supply), supply.load, 1));
    const auto connection = connection_of(request);
    if (request.load_scenarios_kw.empty())
        rows.connections.push_back(add_connection(rows.model, connection, request.load_kw, 1));
    const double weight = 1.0 / static_cast<double>(std::max<std::size_t>(1, request.load_scenarios_kw.size()));
    for (const auto& path : request.load_scenarios_kw)
        rows.connections.push_back(add_connection(rows.model, connection, path, weight));
    return rows;
}

bool refine(Rows& rows, const Assets& assets, const std::vector<double>& values, Refine how) {
    bool added = false;
    for (const auto& asset : assets) added = asset->refine(rows.model, values, how) || added;
    for (auto& columns : rows.connections) added = columns.one_way.refine(rows.model, values, how) || added;
    return added;
}

/// Solves, and again with the binaries that the last plan turned out to need: slot by slot while that is a matter of a
/// few, then everywhere.
Result<solver::Solution> solve_refined(Rows& rows, const Assets& assets, const PlanRequest& request,
                                       Progress& progress) {
    constexpr int rounds_slot_by_slot = 4;
    const double slot_by_slot_s = request.time_limit_s / 4;
    auto how = Refine::where_needed;
    std::vector<double> values;
    double seconds = 0;
    double whole_seconds = 0;  // the time limit counts where there is something to try out
    for (int round = 1;; ++round) {
        progress.report("plan", 0, 0);
        const double until_s = how == Refine::where_needed && round > 1 ? slot_by_slot_s : request.time_limit_s;
        const bool linear = !rows.model.problem.has_binaries();
        const double limit_s = linear ? solver::infinity : std::max(0.1, until_s - whole_seconds);
        LOADSTAR_TRY(auto solution, solver::solve(rows.model.problem, {limit_s, request.mip_gap}, progress));
        seconds += solution.seconds;
        if (!linear) whole_seconds += solution.seconds;
        solution.seconds = seconds;
        const bool solved = !solution.values.empty();
        if (solved) values = solution.values;
        if (values.empty() || how == Refine::everywhere || solution.status == solver::Status::infeasible)
            return solution;
        if (!solved || round >= rounds_slot_by_slot || whole_seconds > slot_by_slot_s) how = Refine::everywhere;
        if (!refine(rows, assets, values, how)) return solution;
    }
}

/// What one more unit of each carrier that is made on the site would cost under the plan: the duals of its balances.
Result<void> add_values(Plan& plan, const Rows& rows, const std::vector<double>& values, Progress& progress) {
    if (plan.carriers.empty()) return {};
    const auto fixed = rows.model.problem.with_whole_at(values);
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
    return build(request, assets).model.problem;
}

Result<Plan> make_plan(const PlanRequest& request, Progress& progress) {
    LOADSTAR_CHECK(check_sizes(request));
    LOADSTAR_TRY(const auto assets, assets_of(request));
    auto rows = build(request, assets);
    LOADSTAR_TRY(const auto solution, solve_refined(rows, assets, request, progress));
    Plan plan{.outcome = static_cast<Outcome>(solution.status),
              .gap = solution.gap,
              .axis = request.axis,
              .grid = request.grid,
              .load_kw = request.load_kw,
              .solve_seconds = solution.seconds};
    if (solution.status == solver::Status::infeasible) plan.explanation = conflict(rows.model, solution, request.axis);
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
    LOADSTAR_CHECK(add_values(plan, rows, solution.values, progress));
    plan.actions = explain(plan, request, assets);
    return plan;
}

}  // namespace loadstar::plan
