#pragma once
// The demand that a peak term measures, and what the demands of all terms of a run cost together: ratchets and demands
// of the year look at other billing periods.

#include <vector>

#include "tariff/terms.hpp"

namespace loadstar::tariff {

/// The metering intervals that count, in time order. An interval that the end of the axis cuts is left out.
std::vector<MeteringRun> metering_runs(const PeakTerm& term, const Horizon& axis);

/// Hours by which the quantity of an interval is divided to give its demand.
Decimal demand_hours(const PeakTerm& term);

/// "kW", "kVA", "m3/h", "kWh/day": unit of a term's demand on a contract in `unit`.
std::string demand_unit(const PeakTerm& term, const std::string& unit);

/// What one peak term comes to.
struct BilledDemand {
    Decimal kw;      ///< billed: floor, ratchet and the year's earlier periods applied
    Decimal amount;  ///< not rounded, a discount not applied
};

/// Bills the demands of all peak terms.
/// @param measured  [term], demand of the axis; what was incurred before it is added here
std::vector<BilledDemand> billed_demands(const std::vector<PeakTerm>& peaks, const std::vector<Decimal>& measured);

}  // namespace loadstar::tariff
