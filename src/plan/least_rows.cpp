#include "plan/least_rows.hpp"

#include <algorithm>

namespace loadstar::plan {
namespace {

CostColumns add_shortfall(Model& model, const ChargedFlow& flow, const tariff::ShortfallTerm& term) {
    auto& problem = model.problem;
    const double hours = flow.terms.axis.step_hours().value();
    const CostColumns cost(problem, 0);
    const auto kind = problem.limit({term.name + ": least", term.name + "：最低量"});
    const auto lacking =
        problem.variable(Energy(0), Energy(solver::infinity), EnergyPrice(flow.weight * term.price.to_double()));
    for (std::size_t slot = 0; slot < term.counts.size(); ++slot)
        if (term.counts[slot] != Decimal())
            problem.add_entry({flow.imported[slot].column, hours * term.counts[slot].to_double()});
    problem.add_entry({lacking.column, 1});
    problem.end_row(term.least.to_double(), solver::infinity, {kind, 0});
    return cost.until_now(problem, {0, (std::max(Decimal(), term.least) * term.price).to_double()});
}

void add_minimum(Model& model, const ChargedFlow& flow, const ChargedColumns& columns,
                 const tariff::MinimumTerm& term) {
    auto& problem = model.problem;
    const auto kind = problem.limit({term.name + ": least", term.name + "：最低收费"});
    const auto lacking = problem.variable(Money(0), Money(solver::infinity), flow.weight * term.taxed.to_double());
    const auto basis = amount_of(term.basis, problem, flow, columns);
    for (const auto& entry : basis.entries) problem.add_entry(entry);
    problem.add_entry({lacking.column, 1});
    problem.end_row(term.least.to_double() - basis.constant, solver::infinity, {kind, 0});
}

}  // namespace

std::vector<CostColumns> add_shortfall_rows(Model& model, const ChargedFlow& flow) {
    std::vector<CostColumns> columns;
    for (const auto& term : flow.terms.shortfalls) columns.push_back(add_shortfall(model, flow, term));
    return columns;
}

void add_minimum_rows(Model& model, const ChargedFlow& flow, const ChargedColumns& columns) {
    for (const auto& term : flow.terms.minimums) add_minimum(model, flow, columns, term);
}

}  // namespace loadstar::plan
