#include "plan/rows.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "plan/carbon.hpp"
#include "plan/carriers.hpp"
#include "plan/losses.hpp"

namespace loadstar::plan {
namespace {

bool refine(Model& model, std::vector<PlanPart>& parts, const std::vector<double>& values, Refine how) {
    bool added = false;
    for (auto& part : parts) {
        for (const auto& asset : part.assets) added = asset->refine(model, values, how) || added;
        for (auto& columns : part.rows.connections) added = columns.one_way.refine(model, values, how) || added;
    }
    return added;
}

ConnectionColumns add_supply(Model& model, const PlanRequest& request, const Supply& supply) {
    const auto connection = connection_of(request, supply);
    return add_connection(model, connection, fed_in(request, connection.grid->carrier, supply.load), 1);
}

/// Takes the memory at once: about as much as most plants need, and never less than is there.
void reserve(solver::Problem& problem, const PlanRequest& request, const Assets& assets) {
    const auto slots = static_cast<std::size_t>(request.axis.slots);
    const auto connections = 1 + request.supplies.size() + request.load_scenarios_kw.size();
    const auto columns = slots * (3 * assets.size() + 2 * connections + 2);
    const auto rows = slots * (assets.size() + 2 * connections + 1);
    problem.reserve({.columns = problem.cost.size() + columns,
                     .rows = problem.row_lower.size() + rows,
                     .entries = problem.row_columns.size() + 2 * columns});
}

}  // namespace

PlanRows add_plan_rows(Model& model, const PlanRequest& request, const Assets& assets) {
    PlanRows rows;
    model.carrier = carrier_of(request);
    model.draws.clear();
    model.swings.clear();
    model.occupancy.clear();
    reserve(model.problem, request, assets);
    for (const auto& carrier : request.plant->carriers)
        if (carrier.loss_share > 0) model.fed_per_taken[carrier.id] = losses_of(*request.plant, carrier.id).fed(1);
    for (const auto& asset : assets) asset->add_rows(model);
    add_capacity_rows(model);
    for (const auto& carrier : made_carriers(request))
        rows.balances[carrier] = add_made_carrier(model, request, carrier);
    for (const auto& supply : request.supplies) rows.connections.push_back(add_supply(model, request, supply));
    const auto connection = connection_of(request);
    if (request.load_scenarios_kw.empty())
        rows.connections.push_back(add_connection(model, connection, request.load_kw, 1));
    const double weight = 1.0 / static_cast<double>(std::max<std::size_t>(1, request.load_scenarios_kw.size()));
    for (const auto& path : request.load_scenarios_kw)
        rows.connections.push_back(add_connection(model, connection, path, weight));
    add_carbon_caps(model, request, rows.connections);
    return rows;
}

Result<solver::Solution> solve_refined(Model& model, std::vector<PlanPart>& parts, const SolveLimits& limits,
                                       Progress& progress) {
    constexpr int rounds_slot_by_slot = 4;
    const double slot_by_slot_s = limits.time_limit_s / 4;
    auto how = Refine::where_needed;
    std::vector<double> values;
    double seconds = 0;
    double whole_seconds = 0;  // the time limit counts where there is something to try out
    for (int round = 1;; ++round) {
        progress.report("plan", 0, 0);
        const double until_s = how == Refine::where_needed && round > 1 ? slot_by_slot_s : limits.time_limit_s;
        const bool linear = !model.problem.has_binaries();
        const double limit_s = linear ? solver::infinity : std::max(0.1, until_s - whole_seconds);
        LOADSTAR_TRY(
            auto solution,
            solver::solve(model.problem,
                          {.time_limit_s = limit_s, .mip_gap = limits.mip_gap, .accepted_gap = limits.accepted_gap},
                          progress));
        seconds += solution.seconds;
        if (!linear) whole_seconds += solution.seconds;
        solution.seconds = seconds;
        const bool solved = !solution.values.empty();
        if (solved) values = solution.values;
        if (values.empty() || how == Refine::everywhere || solution.status == solver::Status::infeasible)
            return solution;
        if (!solved || round >= rounds_slot_by_slot || whole_seconds > slot_by_slot_s) how = Refine::everywhere;
        if (!refine(model, parts, values, how)) return solution;
    }
}

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

}  // namespace loadstar::plan
