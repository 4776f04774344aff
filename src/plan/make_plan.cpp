#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include <fmt/format.h>

#include "plan/connection.hpp"
#include "plan/model.hpp"
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

std::vector<double> import_of(const std::vector<double>& load_kw, const std::vector<AssetPlan>& assets, bool before) {
    auto import_kw = load_kw;
    for (const auto& asset : assets) {
        const auto& power = before ? asset.before_kw : asset.power_kw;
        for (std::size_t at = 0; at < import_kw.size(); ++at) import_kw[at] += power[at];
    }
    return import_kw;
}

void add_breaches(Plan& plan, const Connection& connection) {
    const auto add = [&plan, &connection](std::size_t at, Text limit, double kw) {
        if (kw < tolerance) return;
        const auto start = plan.axis.slot_start(static_cast<int>(at));
        const double cost = kw * connection.breach_price;
        if (!plan.breaches.empty() && plan.breaches.back().end == start && plan.breaches.back().limit == limit) {
            auto& last = plan.breaches.back();
            last.end += plan.axis.step;
            last.kw = std::max(last.kw, kw);
            last.cost += cost;
        } else {
            plan.breaches.push_back({std::move(limit), start, start + plan.axis.step, kw, cost});
        }
    };
    for (std::size_t at = 0; at < plan.import_kw.size(); ++at) {
        add(at, {"import limit of the connection", "并网点购电限值"}, plan.import_kw[at] - connection.max_import);
        add(at, {"export limit of the connection", "并网点上网限值"}, -plan.import_kw[at] - connection.max_export);
    }
}

void add_costs(Plan& plan, const PlanRequest& request, const Assets& assets) {
    plan.costs = site_costs(request, plan.import_before_kw, plan.import_kw);
    for (std::size_t i = 0; i < assets.size(); ++i) {
        const auto total = [](const std::vector<double>& cost) {
            return std::accumulate(cost.begin(), cost.end(), 0.0);
        };
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
    for (const auto& term : request.terms.fixed) plan.fixed_cost += term.amount.to_double();
    for (const auto& term : request.terms.peaks) plan.fixed_cost += term.cost(Decimal()).to_double();
}

struct Rows {
    Model model;
    std::vector<ConnectionColumns> connections;
};

Rows build(const PlanRequest& request, const Assets& assets) {
    Rows rows;
    for (const auto& asset : assets) asset->add_rows(rows.model);
    add_capacity_rows(rows.model);
    if (request.load_scenarios_kw.empty()) {
        rows.connections.push_back(add_connection(rows.model, request, request.load_kw, 1));
    }
    const double weight = 1.0 / static_cast<double>(std::max<std::size_t>(1, request.load_scenarios_kw.size()));
    for (const auto& path : request.load_scenarios_kw)
        rows.connections.push_back(add_connection(rows.model, request, path, weight));
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
    plan.import_kw = import_of(request.load_kw, plan.assets, false);
    plan.import_before_kw = import_of(request.load_kw, plan.assets, true);
    add_costs(plan, request, assets);
    add_breaches(plan, connection_of(request));
    plan.actions = explain(plan, request, assets);
    return plan;
}

}  // namespace loadstar::plan
