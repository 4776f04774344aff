#pragma once
// What is known about the assets at the moment a plan starts.

#include <vector>

#include "service/plan.hpp"

namespace loadstar::service {

/// Level of every battery on a carrier: its last measured level of the day before `at`, else what the plant file says.
/// Errors: invalid_input (a level in a unit other than kWh, MWh, % or 1), those of the historian.
Result<std::vector<StartLevel>> start_levels(Session& session, const std::string& carrier, Instant at);

}  // namespace loadstar::service
