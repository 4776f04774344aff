#pragma once
// Values of single slots that are no power: emission factors, and how far machines can be loaded.

#include <vector>

#include "base/result.hpp"
#include "plan/plan.hpp"
#include "service/outlook.hpp"

namespace loadstar::service {

/// Adds the emission factors and most loads that the plant file takes from series to a request whose plant, grid,
/// supplies and axis are set; `bases` takes what each rests on.
/// @param values  a series as it is
/// Errors: invalid_input (a factor below 0, a load outside 0..1: names series and slot), those of `values`.
Result<void> add_slot_values(const Plant& plant, const PowerOf& values, plan::PlanRequest& request,
                             std::vector<OutlookBasis>& bases);

/// What a replay does not reckon with yet: values of single slots, and losses on the way.
/// Errors: invalid_input (names them).
Result<void> check_replayable(const Plant& plant);

}  // namespace loadstar::service
