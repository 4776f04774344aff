#pragma once
// Which band every slot of a run belongs to. Internal to layer tariff.

#include <vector>

#include "base/result.hpp"
#include "site/contract.hpp"
#include "tariff/compile.hpp"

namespace loadstar::tariff {

/// Local facts of every slot of an axis that tariff rules ask for.
struct SlotCalendar {
    std::vector<LocalDay> day;  ///< [slot], day of the contract at its start
    std::vector<int> band;      ///< [slot], index into BandPlan::names(); -1 for a contract without bands
};

/// Bands go by the wall clock and its date, also where the days of the contract start at another hour than midnight.
/// Errors: invalid_input (a slot that no band names, or with a band edge in its middle; `where` is the local time).
Result<SlotCalendar> slot_calendar(const Contract& contract, const CompileInput& input);

}  // namespace loadstar::tariff
