#pragma once
// What earlier billing periods leave behind: peaks for ratchets and demands of the year, quantities of tiers and
// take-or-pay that count over a year.

#include "tariff/bill.hpp"
#include "tariff/compile.hpp"

namespace loadstar::tariff {

/// How many billing periods before one its charges look back to; 0 = none.
int periods_looked_back(const Contract& contract);

/// What is used up where the axis of the terms ends, in the middle of a billing period or between two.
/// @param before  what was used up where the axis starts: what the terms were compiled with
BillingState state_after(const ChargeTerms& terms, const BillingState& before, const MeteredEnergy& metered);

/// Measures what the periods of `input.axis` leave to the billing period that starts where the axis ends.
/// @param input    axis of whole billing periods; its prices are not needed
/// @param metered  on that axis; missing slots count nothing
/// Errors: those of compile.
Result<BillingState> left_behind(const Contract& contract, const CompileInput& input, const MeteredEnergy& metered);

}  // namespace loadstar::tariff
