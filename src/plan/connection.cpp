#include "plan/connection.hpp"

#include <algorithm>
#include <cmath>

#include "plan/carbon.hpp"
#include "plan/charge_rows.hpp"
#include "plan/flow_reach.hpp"
#include "tariff/cost.hpp"

namespace loadstar::plan {
namespace {

/// The flow in one direction; the part beyond `most` is a column of its own that pays the breach price.
struct Flow {
    std::vector<double> price;  ///< [slot], money per kWh
    std::vector<double> reach;  ///< [slot], kW
    double most = 0;            ///< kW
};

std::vector<PowerColumn> add_flow(Model& model, const Connection& connection, const Flow& side, double weight) {
    auto& problem = model.problem;
    const auto kind = problem.limit({"limit of the connection", "并网点限值"});
    const auto step = connection.axis.step_hours();
    std::vector<PowerColumn> flow;
    for (std::size_t at = 0; at < side.price.size(); ++at) {
        flow.push_back(problem.variable(Power(0), Power(side.reach[at]), EnergyPrice(weight * side.price[at]) * step));
        if (std::isinf(side.most)) continue;
        const auto beyond =
            problem.variable(Power(0), Power(solver::infinity), PowerPrice(weight * connection.breach_price));
        problem.last_resort(beyond);
        problem.require(flow.back() - beyond <= Power(side.most), kind, static_cast<int>(at));
    }
    return flow;
}

}  // namespace

namespace {

Connection describe(const PlanRequest& request, const std::string& id, const tariff::ChargeTerms& terms) {
    const auto* grid = find_by_id(request.plant->grids, id);
    Connection result{.axis = request.axis, .grid = grid, .terms = &terms, .import_price = {}, .export_price = {}};
    if (grid->max_import) result.max_import = grid->max_import->value();
    result.max_export = tariff::most_fed_in(terms, *grid);
    result.breach_price = grid->breach_price.value();
    for (const double kg : carbon_factors(request, grid->carrier).marginal)
        result.carbon_price.push_back(kg * request.plant->plan.carbon_price.value());
    const auto is_export = [](const tariff::EnergyTerm& term) { return term.is_export; };
    if (std::none_of(terms.energy.begin(), terms.energy.end(), is_export))
        result.plain_export = grid->export_price.value();
    result.import_price = result.carbon_price;
    result.export_price.assign(static_cast<std::size_t>(request.axis.slots), result.plain_export);
    for (const auto& term : terms.energy) {
        auto& price = term.is_export ? result.export_price : result.import_price;
        for (std::size_t at = 0; at < price.size(); ++at)
            if (term.applies[at]) price[at] += term.price[at].to_double();
    }
    for (const auto& source : request.plant->photovoltaics)
        result.is_fed = result.is_fed || source.carrier == grid->carrier;
    for (const auto& converter : request.plant->converters) {
        const auto& full = converter.points.back().draws;
        const auto draw = full.find(grid->carrier);
        result.is_fed = result.is_fed || (draw != full.end() && draw->second < 0);
    }
    return result;
}

}  // namespace

Connection connection_of(const PlanRequest& request) { return describe(request, request.grid, request.terms); }

Connection connection_of(const PlanRequest& request, const Supply& supply) {
    return describe(request, supply.grid, supply.terms);
}

const std::string& carrier_of(const PlanRequest& request) {
    return find_by_id(request.plant->grids, request.grid)->carrier;
}

double energy_cost(const Connection& connection, std::size_t slot, double import_kw) {
    const auto& price = import_kw >= 0 ? connection.import_price : connection.export_price;
    return import_kw * connection.axis.step_hours().value() * price[slot];
}

double breach_cost(const Connection& connection, double import_kw) {
    const double beyond = std::max({0.0, import_kw - connection.max_import, -import_kw - connection.max_export});
    return connection.breach_price * beyond;
}

void add_balance(Model& model, const std::string& carrier, const Path& load,
                 const std::vector<std::pair<double, std::vector<PowerColumn>>>& sources) {
    auto& problem = model.problem;
    const auto kind = problem.limit({"balance of " + carrier, carrier + "平衡"});
    const auto& draws = model.draws[carrier];
    std::vector<std::size_t> begin(load.size() + 1, 0);  // draws are sorted by counting
    for (const auto& draw : draws) ++begin[static_cast<std::size_t>(draw.slot) + 1];
    for (std::size_t at = 0; at < load.size(); ++at) begin[at + 1] += begin[at];
    std::vector<solver::Entry> sorted(draws.size());
    auto next = begin;
    for (const auto& draw : draws) sorted[next[static_cast<std::size_t>(draw.slot)]++] = draw.entry;
    for (std::size_t at = 0; at < load.size(); ++at) {
        for (const auto& [sign, columns] : sources) problem.add_entry({columns[at].column, sign});
        for (std::size_t i = begin[at]; i < begin[at + 1]; ++i)
            problem.add_entry({sorted[i].column, -model.fed(carrier, sorted[i].coefficient)});
        problem.end_row(load[at], load[at], {kind, static_cast<int>(at)});
    }
}

ConnectionColumns add_connection(Model& model, const Connection& connection, const Path& load_kw, double weight) {
    ConnectionColumns columns;
    const auto& carrier = connection.grid->carrier;
    const auto reach = reach_of(model, carrier, load_kw);
    columns.imported =
        add_flow(model, connection, {connection.import_price, reach.draw, connection.max_import}, weight);
    const bool may_export = connection.max_export > 0 || connection.is_fed ||
                            std::any_of(load_kw.begin(), load_kw.end(), [](double load) { return load < 0; });
    std::vector<std::pair<double, std::vector<PowerColumn>>> sources{{1, columns.imported}};
    if (may_export) {
        auto revenue = connection.export_price;
        for (auto& price : revenue) price = -price;
        columns.exported = add_flow(model, connection, {std::move(revenue), reach.give, connection.max_export}, weight);
        for (std::size_t at = 0; at < columns.exported.size(); ++at)
            columns.one_way.add(columns.imported[at], columns.exported[at]);
        sources.emplace_back(-1, columns.exported);
    }
    add_balance(model, carrier, load_kw, sources);
    const double most = std::max(1.0, *std::max_element(reach.draw.begin(), reach.draw.end()));
    add_charge_rows(model, {.terms = *connection.terms,
                            .imported = columns.imported,
                            .exported = columns.exported,
                            .weight = weight,
                            .most = most,
                            .reach = reach});
    return columns;
}

std::vector<TermCost> connection_costs(const Connection& connection, const Path& before_kw, const Path& after_kw) {
    std::vector<TermCost> costs;
    const auto before = tariff::line_costs(*connection.terms, before_kw);
    const auto after = tariff::line_costs(*connection.terms, after_kw);
    for (std::size_t i = 0; i < before.size(); ++i)
        costs.push_back({before[i].line, {before[i].name, before[i].name}, before[i].amount, after[i].amount});
    const double step = connection.axis.step_hours().value();
    const auto add = [&](const std::string& id, Text label, auto amount) {
        TermCost cost{.id = id, .label = std::move(label)};
        for (std::size_t at = 0; at < before_kw.size(); ++at) {
            cost.before += amount(before_kw[at], at);
            cost.after += amount(after_kw[at], at);
        }
        if (cost.before != 0 || cost.after != 0) costs.push_back(cost);
    };
    add("carbon", {"Carbon", "碳成本"},
        [&](double kw, std::size_t at) { return connection.carbon_price[at] * step * std::max(kw, 0.0); });
    add("export", {"Export", "上网"},
        [&](double kw, std::size_t) { return connection.plain_export * step * std::min(kw, 0.0); });
    add("breach.max_import", {"Import above its limit (on no bill)", "购电超限（不在账单上）"},
        [&](double kw, std::size_t) { return connection.breach_price * std::max(0.0, kw - connection.max_import); });
    add("breach.max_export", {"Export above its limit (on no bill)", "上网超限（不在账单上）"},
        [&](double kw, std::size_t) { return connection.breach_price * std::max(0.0, -kw - connection.max_export); });
    return costs;
}

}  // namespace loadstar::plan
