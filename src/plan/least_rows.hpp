#pragma once
// Least quantities and least amounts of a contract, as rows of a plan. Internal to layer plan.

#include <vector>

#include "plan/charge_rows.hpp"

namespace loadstar::plan {

/// The columns whose costs together are what a term costs, and the part that no column holds.
struct CostColumns {
    std::size_t first = 0, end = 0;
    double constant = 0;

    CostColumns(const solver::Problem& problem, double unchanging)
        : first(problem.cost.size()), end(problem.cost.size()), constant(unchanging) {}
    /// The columns that were added since.
    [[nodiscard]] CostColumns until_now(const solver::Problem& problem) const {
        auto columns = *this;
        columns.end = problem.cost.size();
        return columns;
    }
};

/// Where the rows of a connection keep the costs of its terms.
struct ChargedColumns {
    std::vector<CostColumns> peaks;                ///< [peak term]
    std::vector<std::vector<CostColumns>> blocks;  ///< [block term][group]
};

/// Adds a column for what each least quantity or amount lacks:
/// lacking >= least - sum of counted imports, or of the costs of the basis before taxes.
/// A minimum is only written where its basis is taxed no lower than itself, so that no cost of the basis is worth
/// raising.
void add_least_rows(Model& model, const ChargedFlow& flow, const ChargedColumns& columns);

}  // namespace loadstar::plan
