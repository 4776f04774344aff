#include "plan/charged_amounts.hpp"

#include <algorithm>

namespace loadstar::plan {
namespace {

/// What an entry comes to within the bounds of its column.
Range range_of(const solver::Problem& problem, solver::Entry entry) {
    const auto column = static_cast<std::size_t>(entry.column);
    const auto [low, high] = std::minmax(
        {entry.coefficient * problem.column_lower[column], entry.coefficient * problem.column_upper[column]});
    return {low, high};
}

/// Adds up the terms of one basis.
class Basis {
  public:
    Basis(const tariff::LineBasis& basis, const solver::Problem& problem, const ChargedFlow& flow)
        : basis_(basis), problem_(problem), flow_(flow) {}

    Amount add_up(const ChargedColumns& columns) {
        add_energy();
        const auto& terms = flow_.terms;
        for (std::size_t i = 0; i < columns.peaks.size(); ++i)
            if (basis_.peaks[i]) add(columns.peaks[i], terms.peaks[i].taxed);
        for (std::size_t i = 0; i < columns.blocks.size(); ++i)
            if (basis_.blocks[i]) add_blocks(terms.blocks[i], columns.blocks[i]);
        for (std::size_t i = 0; i < columns.shortfalls.size(); ++i)
            if (basis_.shortfalls[i]) add(columns.shortfalls[i], terms.shortfalls[i].taxed);
        bool adjusted = false;
        for (std::size_t i = 0; i < columns.power_factors.size(); ++i) {
            if (!basis_.power_factors[i]) continue;
            amount_.add(columns.power_factors[i], 1);
            adjusted = true;
        }
        if (adjusted) amount_.merge();
        return std::move(amount_);
    }

  private:
    /// What energy costs in the slots of the period, before taxes.
    void add_energy() {
        const double hours = flow_.terms.axis.step_hours().value();
        for (std::size_t slot = 0; slot < basis_.inside.size(); ++slot) {
            if (!basis_.inside[slot]) continue;
            double bought = 0;
            double sold = 0;
            for (std::size_t i = 0; i < basis_.energy.size(); ++i) {
                const auto& energy = flow_.terms.energy[i];
                if (!basis_.energy[i] || !energy.applies[slot]) continue;
                (energy.is_export ? sold : bought) += energy.price[slot].to_double() / energy.taxed.to_double();
            }
            add_flow({flow_.imported[slot].column, hours * bought});
            if (!flow_.exported.empty()) add_flow({flow_.exported[slot].column, -hours * sold});
        }
    }
    void add_flow(solver::Entry entry) {
        if (entry.coefficient != 0) amount_.add(entry, range_of(problem_, entry));
    }

    void add_blocks(const tariff::BlockTerm& term, const std::vector<CostColumns>& groups) {
        for (std::size_t group = 0; group < groups.size(); ++group)
            if (term.groups[group].period == basis_.period) add(groups[group], term.taxed);
    }

    void add(const CostColumns& columns, Decimal taxed) {
        const double scale = 1 / taxed.to_double();
        for (auto column = columns.first; column < columns.end; ++column) {
            const double cost = problem_.cost[column] / flow_.weight;
            if (cost != 0) amount_.entries.push_back({static_cast<std::int32_t>(column), cost * scale});
        }
        amount_.constant += columns.constant * scale;
        amount_.range.least += (columns.constant + columns.range.least) * scale;
        amount_.range.most += (columns.constant + columns.range.most) * scale;
    }

    const tariff::LineBasis& basis_;
    const solver::Problem& problem_;
    const ChargedFlow& flow_;
    Amount amount_{};
};

}  // namespace

void Amount::add(solver::Entry entry, Range bounds) {
    entries.push_back(entry);
    range.least += bounds.least;
    range.most += bounds.most;
}

void Amount::add(const Amount& other, double share) {
    for (const auto& entry : other.entries) entries.push_back({entry.column, entry.coefficient * share});
    constant += other.constant * share;
    range.least += share * (share > 0 ? other.range.least : other.range.most);
    range.most += share * (share > 0 ? other.range.most : other.range.least);
}

void Amount::merge() {
    std::ranges::stable_sort(entries, {}, &solver::Entry::column);
    std::vector<solver::Entry> merged;
    for (const auto& entry : entries) {
        if (!merged.empty() && merged.back().column == entry.column)
            merged.back().coefficient += entry.coefficient;
        else
            merged.push_back(entry);
    }
    entries = std::move(merged);
}

Amount amount_of(const tariff::LineBasis& basis, const solver::Problem& problem, const ChargedFlow& flow,
                 const ChargedColumns& columns) {
    return Basis(basis, problem, flow).add_up(columns);
}

}  // namespace loadstar::plan
