#pragma once
// What the meters say, in the shape in which the lines of a bill ask for it. Internal to layer tariff.

#include <optional>
#include <vector>

#include "tariff/bill.hpp"
#include "tariff/blocks.hpp"
#include "tariff/demand.hpp"

namespace loadstar::tariff {

/// A demand and the metering interval in which it came about; of a mean or sum the first.
struct Peak {
    Decimal kw;
    Instant at;
};

/// Everything that lines of several billing periods share. Slots without a reading count zero.
struct Measured {
    std::vector<Decimal> imported;                  ///< [slot]
    std::vector<Decimal> exported;                  ///< [slot]
    std::vector<Decimal> netted;                    ///< [slot] imported, less what net metering sets against it
    std::vector<Decimal> lagging, leading;          ///< [slot], kvarh
    std::vector<Decimal> surplus;                   ///< [period] fed in beyond what was drawn, under net metering
    std::vector<std::optional<Peak>> peaks;         ///< [peak term]
    std::vector<BilledDemand> billed;               ///< [peak term]
    std::vector<std::vector<BilledBlocks>> blocks;  ///< [block term][period]

    /// The import that an energy line bills.
    [[nodiscard]] const std::vector<Decimal>& billed_import(const ChargeTerms& terms, const std::string& line) const;
};
Measured measure(const ChargeTerms& terms, const MeteredEnergy& metered);

/// Demand over the complete metering intervals of a term; an interval with a missing slot has no mean.
std::optional<Peak> measured_peak(const PeakTerm& term, const MeteredEnergy& metered);

/// [slot], zero without a reading.
std::vector<Decimal> quantities(const Series& series);

/// Sums a series over the slots of a period that hold a value.
Decimal sum_between(const Series& series, Instant start, Instant end);

}  // namespace loadstar::tariff
