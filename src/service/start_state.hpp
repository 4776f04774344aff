#pragma once
// What is known about the assets at the moment a plan starts.

#include <vector>

#include "service/plan.hpp"

namespace loadstar::service {

/// Level of every battery on a carrier: its last measured level of the day before `at`, else what the plant file says.
/// Errors: invalid_input (a level in a unit other than kWh, MWh, % or 1), those of the historian.
Result<std::vector<StartLevel>> start_levels(Session& session, const std::string& carrier, Instant at);

/// Orders that were due before `at`: nothing says that they were not made.
std::vector<std::string> orders_due_before(const Plant& plant, Instant at);

}  // namespace loadstar::service
