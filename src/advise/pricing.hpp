#pragma once
// From "this would have been different" to kWh, money and tCO2 per year, with how far to trust it.

#include "advise/evidence.hpp"

namespace loadstar::advise {

/// Fills saving and `followed` of a piece of advice by billing every period again. `draft.share_told` is applied.
/// Errors: those of bills_of.
Result<Advice> priced(const Evidence& evidence, Advice draft, BilledHistory followed);
/// Fills the saving when nothing can be billed: energy and carbon only.
Advice unpriced(const Evidence& evidence, Advice draft, Energy saved_in_window);

/// False for what is lost in the noise of a year: less than 0.1 % of its bill (of its energy without a bill).
bool worth_telling(const Evidence& evidence, const Advice& advice);

/// Lowers the confidence of a piece of advice to what the length and the gaps of the window allow, with the reason.
/// @param own_reason  why the method itself deserves `draft.confidence`
Advice rated(const Evidence& evidence, Advice draft, const Text& own_reason);

/// Carbon of an amount of energy; absent without a factor.
std::optional<Carbon> carbon_of(const Evidence& evidence, Energy energy);

}  // namespace loadstar::advise
