#pragma once
// What the charges of a connection come to in the columns of a plan, as amounts that other charges are written on.
// Internal to layer plan.

#include <vector>

#include "plan/charge_rows.hpp"

namespace loadstar::plan {

/// The columns whose costs together are what a term costs with taxes, and the part that no column holds.
struct CostColumns {
    std::size_t first = 0, end = 0;
    double constant = 0;
    Range range{};  ///< of what the columns cost

    CostColumns(const solver::Problem& problem, double unchanging)
        : first(problem.cost.size()), end(problem.cost.size()), constant(unchanging) {}
    /// The columns that were added since.
    [[nodiscard]] CostColumns until_now(const solver::Problem& problem, Range costs) const {
        auto columns = *this;
        columns.end = problem.cost.size();
        columns.range = costs;
        return columns;
    }
};

/// An amount of money before taxes: entries of columns and a constant.
struct Amount {
    std::vector<solver::Entry> entries;  ///< at most one per column
    double constant = 0;
    Range range{};  ///< of the whole

    void add(solver::Entry entry, Range bounds);
    /// Adds another amount `share` times.
    void add(const Amount& other, double share);
    /// One entry per column.
    void merge();
};

/// Where the rows of a connection keep the costs of its terms.
struct ChargedColumns {
    std::vector<CostColumns> peaks;                ///< [peak term]
    std::vector<std::vector<CostColumns>> blocks;  ///< [block term][group]
    std::vector<CostColumns> shortfalls;           ///< [shortfall term]
    std::vector<Amount> power_factors;             ///< [power factor term]
};

/// What the terms of a basis come to.
Amount amount_of(const tariff::LineBasis& basis, const solver::Problem& problem, const ChargedFlow& flow,
                 const ChargedColumns& columns);

}  // namespace loadstar::plan
