#include "plan/least_rows.hpp"

namespace loadstar::plan {
namespace {

using MoneyColumn = solver::Variable<Money>;

class LeastRows {
  public:
    LeastRows(Model& model, const ChargedFlow& flow, const ChargedColumns& columns)
        : problem_(model.problem), flow_(flow), columns_(columns), hours_(flow.terms.axis.step_hours().value()) {}

    void add(const tariff::ShortfallTerm& term) {
        const auto kind = problem_.limit({term.name + ": least", term.name + "：最低量"});
        const auto lacking =
            problem_.variable(Energy(0), Energy(solver::infinity), EnergyPrice(flow_.weight * term.price.to_double()));
        for (std::size_t slot = 0; slot < term.counts.size(); ++slot)
            if (term.counts[slot] != Decimal())
                problem_.add_entry({flow_.imported[slot].column, hours_ * term.counts[slot].to_double()});
        problem_.add_entry({lacking.column, 1});
        problem_.end_row(term.least.to_double(), solver::infinity, {kind, 0});
        lacking_.push_back(lacking);
    }

    void add(const tariff::MinimumTerm& term) {
        const auto kind = problem_.limit({term.name + ": least", term.name + "：最低收费"});
        const auto lacking =
            problem_.variable(Money(0), Money(solver::infinity), flow_.weight * term.taxed.to_double());
        double least = term.least.to_double();
        add_energy(term);
        for (std::size_t i = 0; i < columns_.peaks.size(); ++i)
            if (term.peaks[i]) least -= add_costs(columns_.peaks[i], flow_.terms.peaks[i].taxed);
        for (std::size_t i = 0; i < columns_.blocks.size(); ++i)
            if (term.blocks[i]) least -= add_blocks(i, term.period);
        for (std::size_t i = 0; i < lacking_.size(); ++i) {
            const auto& other = flow_.terms.shortfalls[i];
            if (term.shortfalls[i]) problem_.add_entry({lacking_[i].column, (other.price / other.taxed).to_double()});
        }
        problem_.add_entry({lacking.column, 1});
        problem_.end_row(least, solver::infinity, {kind, 0});
    }

  private:
    /// Adds what energy costs in the slots of the period, before taxes.
    void add_energy(const tariff::MinimumTerm& term) {
        for (std::size_t slot = 0; slot < term.inside.size(); ++slot) {
            if (!term.inside[slot]) continue;
            double bought = 0;
            double sold = 0;
            for (std::size_t i = 0; i < term.energy.size(); ++i) {
                const auto& energy = flow_.terms.energy[i];
                if (!term.energy[i] || !energy.applies[slot]) continue;
                (energy.is_export ? sold : bought) += energy.price[slot].to_double() / energy.taxed.to_double();
            }
            problem_.add_entry({flow_.imported[slot].column, hours_ * bought});
            if (!flow_.exported.empty()) problem_.add_entry({flow_.exported[slot].column, -hours_ * sold});
        }
    }

    /// Adds what the groups of a period cost. @return the part that no column holds
    double add_blocks(std::size_t index, int period) {
        const auto& term = flow_.terms.blocks[index];
        double constant = 0;
        for (std::size_t group = 0; group < term.groups.size(); ++group)
            if (term.groups[group].period == period) constant += add_costs(columns_.blocks[index][group], term.taxed);
        return constant;
    }

    double add_costs(const CostColumns& columns, Decimal taxed) {
        const double scale = 1 / taxed.to_double();
        for (auto column = columns.first; column < columns.end; ++column) {
            const double cost = problem_.cost[column] / flow_.weight;
            if (cost != 0) problem_.add_entry({static_cast<std::int32_t>(column), cost * scale});
        }
        return columns.constant * scale;
    }

    solver::Problem& problem_;
    const ChargedFlow& flow_;
    const ChargedColumns& columns_;
    double hours_;
    std::vector<EnergyColumn> lacking_;  ///< [shortfall]
};

}  // namespace

void add_least_rows(Model& model, const ChargedFlow& flow, const ChargedColumns& columns) {
    LeastRows rows(model, flow, columns);
    for (const auto& term : flow.terms.shortfalls) rows.add(term);
    for (const auto& term : flow.terms.minimums) rows.add(term);
}

}  // namespace loadstar::plan
