#pragma once
// Values of single slots that are no power: emission factors, and how far machines can be loaded.

#include <vector>

#include "base/result.hpp"
#include "plan/plan.hpp"
#include "service/outlook.hpp"

namespace loadstar::service {

/// Where values of slots come from: a series as it is, on an axis.
struct SlotSource {
    Horizon axis;
    PowerOf values;
};

/// Adds the emission factors and most loads that the plant file takes from series to a request whose plant, grid,
/// supplies and axis are set; `bases` takes what each rests on.
/// @param values  a series as it is
/// Errors: invalid_input (a factor below 0, a load outside 0..1: names series and slot), those of `values`.
Result<void> add_slot_values(const Plant& plant, const PowerOf& values, plan::PlanRequest& request,
                             std::vector<OutlookBasis>& bases);

/// The same beside what is known of other carriers, for replays. The carriers are those of the planned connection and
/// of the supplies.
Result<void> add_slot_values(const Plant& plant, const std::string& grid, const SlotSource& source,
                             operate::OtherCarriers& others, std::vector<OutlookBasis>& bases);

}  // namespace loadstar::service
