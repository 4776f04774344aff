#pragma once
// Least quantities and least amounts of a contract, as rows of a plan. Internal to layer plan.

#include "plan/charged_amounts.hpp"

namespace loadstar::plan {

/// Adds a column for what each least quantity lacks: lacking >= least - sum of counted imports.
/// @return  [shortfall term]
std::vector<CostColumns> add_shortfall_rows(Model& model, const ChargedFlow& flow);

/// Adds a column for what each least amount lacks: lacking >= least - the costs of the basis before taxes. A minimum is
/// only written where its basis is taxed no lower than itself, so that no cost of the basis is worth raising.
void add_minimum_rows(Model& model, const ChargedFlow& flow, const ChargedColumns& columns);

}  // namespace loadstar::plan
