#pragma once
// The charges of a contract that energy prices alone do not tell, as rows of a plan: demands and blocks.

#include <vector>

#include "plan/flow_reach.hpp"

namespace loadstar::plan {

/// What the rows of one connection's charges are written on.
struct ChargedFlow {
    const tariff::ChargeTerms& terms;          ///< went through plan_terms
    const std::vector<PowerColumn>& imported;  ///< [slot]
    const std::vector<PowerColumn>& exported;  ///< [slot]; empty when nothing is fed in
    double weight = 1;                         ///< of the load path in the cost
    double most = 0;                           ///< kW that could be imported in any slot
    const FlowReach& reach;
};

/// Adds the peak terms (a column per demand, its metering intervals, its cost, and what earlier demands bind it to),
/// the block terms, least quantities and amounts, and the power factor. Energy before the axis is counted in the
/// objective but is no decision of the plan.
void add_charge_rows(Model& model, const ChargedFlow& flow);

}  // namespace loadstar::plan
