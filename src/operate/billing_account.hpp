#pragma once
// Carries on what the billing period of a contract has used up, stretch by stretch of a replay.

#include <vector>

#include "site/plant_state.hpp"
#include "tariff/terms.hpp"

namespace loadstar::operate {

/// Adds a stretch to what its billing period, and the year of its charges, have used.
/// @param terms  of the stretch as they bill, with what was used before it
BillingState after_stretch(const tariff::ChargeTerms& terms, const BillingState& billing,
                           const std::vector<double>& import_kw);

}  // namespace loadstar::operate
