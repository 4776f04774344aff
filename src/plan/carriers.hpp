#pragma once
// Carriers that no connection supplies: heat, cold, compressed air, steam, products of converters. What converters and
// stores give must equal what is needed; what is missing or let go is paid for, so that a plan always exists.

#include <set>
#include <string>
#include <vector>

#include "plan/model.hpp"

namespace loadstar::plan {

/// Carriers without a connection that something on the site needs, draws or gives, in the order of their names.
std::set<std::string> made_carriers(const PlanRequest& request);

/// Adds the balance of a carrier, with a column for what is missing and one for what is let go.
/// @return  the row of the first slot; the others follow
std::size_t add_made_carrier(Model& model, const PlanRequest& request, const std::string& carrier);

/// What the balance lacks with the plans of all assets, and when nothing is done.
CarrierPlan carrier_plan(const PlanRequest& request, const std::string& carrier, const std::vector<AssetPlan>& assets);

/// What it costs in a slot that an amount per hour is missing (positive) or let go (negative).
double missing_cost(const PlanRequest& request, const std::string& carrier, double missing);
/// The same over all slots, by what it costs.
std::vector<TermCost> carrier_costs(const PlanRequest& request, const CarrierPlan& plan);

}  // namespace loadstar::plan
