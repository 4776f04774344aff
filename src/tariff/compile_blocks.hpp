#pragma once
// From energy components in tiers to block terms. Internal to layer tariff.

#include "tariff/compile.hpp"
#include "tariff/slot_bands.hpp"

namespace loadstar::tariff {

/// Whether a component bills a slot: its validity, months and bands.
bool bills_slot(const EnergyComponent& component, const ChargeTerms& terms, const SlotCalendar& slots,
                std::size_t slot);

/// The block term of a component in tiers; the peak terms must be there. Errors: invalid_input (no demand charge on the
/// line whose hours of use are counted).
Result<BlockTerm> block_term(const EnergyComponent& component, const ChargeTerms& terms, const SlotCalendar& slots,
                             const BillingState& incurred);

/// Price of the tier that a quantity falls in.
Decimal tier_price(const EnergyTiers& tiers, Decimal quantity);

}  // namespace loadstar::tariff
