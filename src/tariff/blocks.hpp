#pragma once
// Energy in blocks: what the quantities of a run cost under a block term.

#include <vector>

#include "tariff/terms.hpp"

namespace loadstar::tariff {

/// What one block term bills in one billing period.
struct BilledBlocks {
    Decimal quantity;
    Decimal amount;       ///< not rounded
    bool occurs = false;  ///< whether the term counts any slot of the period
};

/// Bills a block term in every billing period: what each adds to the cost of its groups, in the order of time.
/// @param quantity  [slot], units of the contract; a slot without a reading counts nothing
/// @param demands   [peak term], billed demand
/// @return          [period]
std::vector<BilledBlocks> billed_blocks(const BlockTerm& term, const ChargeTerms& terms,
                                        const std::vector<Decimal>& quantity, const std::vector<Decimal>& demands);

}  // namespace loadstar::tariff
