#pragma once
// What the energy that is bought emits, and the caps on it. Plans decide by marginal factors: what one more unit emits.
// Averages are what is reported and capped, as inventories count. Caps are soft, so that a plan always exists.

#include <string>
#include <vector>

#include "plan/connection.hpp"
#include "plan/model.hpp"

namespace loadstar::plan {

/// Factors of a carrier on the axis of the plan, average and marginal; marginal = average where nothing else is known.
CarbonFactors carbon_factors(const PlanRequest& request, const std::string& carrier);

/// A cap on some slots of the plan.
struct CarbonCap {
    Text name;                       ///< "carbon cap of 2026-03-02"
    double most_kg = 0;              ///< of a day or month that is planned in part, in proportion
    std::size_t first = 0, end = 0;  ///< slots, the end not included
};
/// The caps of the plant file, those of the plan first, then of its days and months.
std::vector<CarbonCap> carbon_caps(const PlanRequest& request);

/// What is drawn from each connection, the planned one first: [connection][slot], export negative.
std::vector<const Path*> drawn_from(const Plan& plan, bool before);

/// Emission of the slots of a cap by average factors, kg.
double emission(const PlanRequest& request, const std::vector<const Path*>& drawn, const CarbonCap& cap);

CarbonTotals carbon_totals(const PlanRequest& request, const Plan& plan);

/// Keeps the emission of every cap, or pays for what is above it.
/// @param connections  as PlanRows holds them: other connections, then one for each path of the load
void add_carbon_caps(Model& model, const PlanRequest& request, const std::vector<ConnectionColumns>& connections);

/// What the excess of all caps costs; nothing where none is passed.
std::vector<TermCost> carbon_cap_costs(const PlanRequest& request, const Plan& plan);
/// The caps that the plan passes, each with the kilograms above it.
std::vector<Breach> carbon_breaches(const PlanRequest& request, const Plan& plan);

/// What a unit by which the draw from a connection fell saved by keeping the caps, money per unit and hour.
/// @param connection  as drawn_from lists them
Path carbon_cap_rates(const PlanRequest& request, const Plan& plan, std::size_t connection);

}  // namespace loadstar::plan
