#pragma once
// Measured billing periods that can be billed again under a changed contract or with changed readings: the one way in
// which advice becomes money.

#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "site/contract.hpp"
#include "tariff/bill.hpp"
#include "tariff/compile.hpp"

namespace loadstar::advise {

/// One whole billing period.
struct BilledPeriod {
    tariff::CompileInput input;  ///< its axis runs from the first to past the last slot of the period
    tariff::MeteredEnergy metered;
};

/// A contract and what its meter measured.
struct BilledHistory {
    Contract contract;
    std::vector<BilledPeriod> periods;  ///< by time
};

/// Bills every period. Errors: those of tariff::compile and tariff::bill.
Result<std::vector<tariff::Bill>> bills_of(const BilledHistory& history);

/// Sum of the totals.
Decimal total_of(const std::vector<tariff::Bill>& bills);
/// Energy imported in all, in the unit of the contract.
Decimal energy_of(const std::vector<tariff::Bill>& bills);

/// What becomes of the reactive energy of a slot when less is drawn in it.
enum class ReactiveEnergy {
    in_proportion,  ///< what is switched off or moved takes its reactive power along
    unchanged,      ///< it belongs to what stays on, such as transformers
};

/// The same periods with less drawn from the grid. Slots without a reading stay without; an import never turns
/// negative.
/// @param less  interval energy not drawn, kWh, on an axis with the same step; negative = drawn in addition
BilledHistory drawing_less(const BilledHistory& history, const Series& less, ReactiveEnergy reactive);

}  // namespace loadstar::advise
