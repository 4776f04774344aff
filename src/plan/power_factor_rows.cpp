#include "plan/power_factor_rows.hpp"

#include <algorithm>

namespace loadstar::plan {
namespace {

/// A step of the table as what can be imported on the axis under it, kWh.
struct Step {
    Range kwh;
    double percent = 0;
};

/// The steps that the import can reach, in a row from the least that is imported to the most. A step begins a little
/// late and the one below it ends there: what a solver leaves over puts no plan on the dearer side.
std::vector<Step> reachable_steps(const tariff::PowerFactorTerm& term, Range imported) {
    constexpr double nothing = 1e-6;       // kWh, as in PowerFactorTerm::percent_at
    constexpr double tolerated = 2e-6;     // of a whole column by the solver
    constexpr double least_margin = 1e-4;  // kWh
    const double margin = least_margin + tolerated * (imported.most - imported.least);
    std::vector<Step> steps;
    if (term.before + imported.least <= nothing) steps.push_back({{imported.least, imported.least}, 0});
    if (term.before + imported.most <= nothing) return steps;
    bool first = true;
    const auto begin = [&](std::size_t i) { return term.steps[i].from * term.kvarh - term.before + margin; };
    for (std::size_t i = 0; i < term.steps.size(); ++i) {
        const double from = first ? imported.least : begin(i);
        const double next = i + 1 == term.steps.size() ? solver::infinity : begin(i + 1);
        if (next <= from) continue;  // below the least that is imported, or empty
        if (from > imported.most) break;
        steps.push_back({{from, std::min(next, imported.most)}, term.steps[i].percent.to_double()});
        first = false;
    }
    return steps;
}

class PowerFactorRows {
  public:
    PowerFactorRows(Model& model, const ChargedFlow& flow) : problem_(model.problem), flow_(flow) {}

    Amount add(const tariff::PowerFactorTerm& term, const ChargedColumns& columns) {
        auto basis = amount_of(term.basis, problem_, flow_, columns);
        const double beside = term.amount.to_double();
        basis.constant += beside;
        basis.range.least += beside;
        basis.range.most += beside;
        auto imported = flow_.reach.imported(term.basis.inside, flow_.terms.axis.step_hours().value());
        imported.most = std::max(imported.most, imported.least);  // where nothing moves them, up to rounding
        const auto steps = reachable_steps(term, imported);
        Amount adjustment;
        if (steps.size() == 1) {
            adjustment.add(basis, steps.front().percent / 100);
            return adjustment;
        }
        kind_ = problem_.limit({term.name + ": steps", term.name + "：分级"});
        const auto chosen = add_choice(steps, term, imported);
        return add_parts(steps, chosen, basis);
    }

  private:
    /// Exactly one step, and what is imported within it.
    std::vector<solver::Variable<double>> add_choice(const std::vector<Step>& steps,
                                                     const tariff::PowerFactorTerm& term, Range imported) {
        const double hours = flow_.terms.axis.step_hours().value();
        const auto beyond = problem_.variable(Energy(0), Energy(imported.most - imported.least));
        for (std::size_t slot = 0; slot < term.basis.inside.size(); ++slot)
            if (term.basis.inside[slot]) problem_.add_entry({flow_.imported[slot].column, hours});
        problem_.add_entry({beyond.column, -1});
        problem_.end_row(imported.least, imported.least, {kind_, 0});
        std::vector<solver::Variable<double>> chosen;
        for (std::size_t i = 0; i < steps.size(); ++i) chosen.push_back(problem_.binary());
        for (const auto& one : chosen) problem_.add_entry({one.column, 1});
        problem_.end_row(1, 1, {kind_, 0});
        for (const auto end : {&Range::least, &Range::most}) {
            problem_.add_entry({beyond.column, 1});
            for (std::size_t i = 0; i < steps.size(); ++i)
                problem_.add_entry({chosen[i].column, imported.least - steps[i].kwh.*end});
            const bool least = end == &Range::least;
            problem_.end_row(least ? 0 : -solver::infinity, least ? solver::infinity : 0, {kind_, 0});
        }
        return chosen;
    }

    /// The basis as the sum of a part per step, all of it in the step that is chosen.
    Amount add_parts(const std::vector<Step>& steps, const std::vector<solver::Variable<double>>& chosen,
                     const Amount& basis) {
        Amount adjustment;
        for (const auto& entry : basis.entries) problem_.add_entry(entry);
        std::vector<solver::Variable<Money>> parts;
        for (const auto& step : steps) {
            parts.push_back(
                problem_.variable(Money(std::min(0.0, basis.range.least)), Money(std::max(0.0, basis.range.most))));
            problem_.add_entry({parts.back().column, -1});
            const double share = step.percent / 100;
            const auto [low, high] = std::minmax({share * basis.range.least, share * basis.range.most, 0.0});
            adjustment.add({parts.back().column, share}, {low, high});
        }
        problem_.end_row(-basis.constant, -basis.constant, {kind_, 0});
        for (std::size_t i = 0; i < steps.size(); ++i) {
            problem_.require(parts[i] - Money(basis.range.least) * chosen[i] >= Money(0), kind_, 0);
            problem_.require(parts[i] - Money(basis.range.most) * chosen[i] <= Money(0), kind_, 0);
        }
        return adjustment;
    }

    solver::Problem& problem_;
    const ChargedFlow& flow_;
    std::int32_t kind_ = 0;
};

}  // namespace

std::vector<Amount> add_power_factor_rows(Model& model, const ChargedFlow& flow, const ChargedColumns& columns) {
    PowerFactorRows rows(model, flow);
    std::vector<Amount> adjustments;
    for (const auto& term : flow.terms.power_factors) adjustments.push_back(rows.add(term, columns));
    return adjustments;
}

void price_power_factors(Model& model, const ChargedFlow& flow, const std::vector<Amount>& adjustments) {
    for (std::size_t i = 0; i < adjustments.size(); ++i) {
        const double each = flow.weight * flow.terms.power_factors[i].taxed.to_double();
        for (const auto& entry : adjustments[i].entries)
            model.problem.cost[static_cast<std::size_t>(entry.column)] += each * entry.coefficient;
    }
}

}  // namespace loadstar::plan
