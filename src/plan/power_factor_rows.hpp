#pragma once
// The power factor adjustment of a contract, as rows of a plan. Internal to layer plan.

#include "plan/charged_amounts.hpp"

namespace loadstar::plan {

/// Adds what each adjustment needs. Where only one step of its table can be reached there is nothing to add: the
/// percentage of the basis is an amount. Otherwise one yes-or-no column per step that can be reached, exactly one of
/// them yes; what is imported lies within the step, and the basis lies in the column of the step, which costs its
/// percentage.
/// @return  [power factor term]
std::vector<Amount> add_power_factor_rows(Model& model, const ChargedFlow& flow, const ChargedColumns& columns);

/// Adds what the adjustments cost to the columns they are percentages of; after all rows that look at costs.
void price_power_factors(Model& model, const ChargedFlow& flow, const std::vector<Amount>& adjustments);

}  // namespace loadstar::plan
