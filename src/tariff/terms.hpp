#pragma once
// A contract compiled for one run of slots: plain data that `bill` evaluates and `plan` writes as rows.
// No second place knows a tariff, so the bill of a plan and the plan's objective agree to the cent.

#include <optional>
#include <string>
#include <vector>

#include "base/decimal.hpp"
#include "base/instant.hpp"

namespace loadstar::tariff {

/// Price per unit of a carrier for every slot, billed as one line (or one line per band).
struct EnergyTerm {
    std::string line;                 ///< bill line, such as "energy.peak" or "line_loss"
    std::vector<Decimal> price;       ///< [slot], money per kWh (or per unit of the carrier)
    std::vector<bool> applies;        ///< [slot], false: the line does not bill this slot
    bool is_export = false;           ///< price is paid to the plant for energy that leaves it
};

/// What one more kW above `from` costs, up to the next segment. Convex: rates never fall.
struct PeakSegment {
    Decimal from_kw;
    Decimal rate_per_kw;
};

/// A charge on the largest mean power over the metering intervals that count.
struct PeakTerm {
    std::string line;                    ///< bill line, such as "demand"
    std::vector<bool> applies;           ///< [slot]: slots whose metering intervals count
    Duration interval{minutes(15)};      ///< metering interval, a multiple of the slot
    std::vector<PeakSegment> segments;   ///< cost(peak) = fixed + sum of rate x (part of peak in the segment)
    Decimal fixed;                       ///< due whatever the peak (contracted demand)
    Decimal floor_kw;                    ///< least peak that is billed
    Decimal incurred_kw;                 ///< largest interval mean already measured in this billing period
};

/// A charge that does not depend on what is decided here (customer charge, capacity by kVA).
struct FixedTerm {
    std::string line;
    Decimal amount;
};

/// All terms of one contract over one axis inside one billing period, plus what only the bill can evaluate.
struct ChargeTerms {
    std::string contract;
    Horizon axis;
    std::string currency;
    std::vector<EnergyTerm> energy;
    std::vector<PeakTerm> peaks;
    std::vector<FixedTerm> fixed;
    std::vector<std::string> bands;      ///< [slot] name of the time-of-use band ("" when the contract has none)
};

}  // namespace loadstar::tariff
