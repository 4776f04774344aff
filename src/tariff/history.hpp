#pragma once
// What earlier billing periods leave behind: peaks for ratchets and demands of the year, quantities of tiers and
// take-or-pay that count over a year.

#include "tariff/bill.hpp"
#include "tariff/compile.hpp"

namespace loadstar::tariff {

/// How many billing periods before one its charges look back to; 0 = none.
int periods_looked_back(const Contract& contract);

/// Measures what the periods of `input.axis` leave to the billing period that starts where the axis ends.
/// @param input     axis of whole billing periods; its prices are not needed
/// @param imported  on that axis; missing slots count nothing
/// Errors: those of compile.
Result<BillingState> left_behind(const Contract& contract, const CompileInput& input, const Series& imported);

}  // namespace loadstar::tariff
