#pragma once
// From demand charges to peak terms. Internal to layer tariff.

#include "tariff/compile.hpp"
#include "tariff/slot_bands.hpp"

namespace loadstar::tariff {

/// Adds the peak terms of a charge's billing period (index `period`), or its fixed term for a capacity.
/// Errors: invalid_argument (intervals that do not fit the axis), invalid_input (a named hour that never existed).
Result<void> add_demand(ChargeTerms& terms, const DemandCharge& charge, int period, const CompileInput& input);

/// Marks of every slot whose band a charge counts. [slot]
std::vector<bool> in_bands(const ChargeWindow& window, const ChargeTerms& terms);

}  // namespace loadstar::tariff
