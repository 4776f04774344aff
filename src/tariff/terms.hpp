#pragma once
// A contract compiled for one run of slots: plain data that `bill` evaluates and `plan` writes as rows.
// No second place knows a tariff, so the bill of a plan and the plan's objective agree to the cent.
//
// A plan writes the rows of `energy`, `peaks` and `fixed` of terms that went through `plan_terms` (tariff/compile.hpp),
// which folds taxes into prices and settles discounts. The power factor line is the bill's alone.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/decimal.hpp"
#include "base/instant.hpp"
#include "site/contract.hpp"

namespace loadstar::tariff {

/// Price per unit of a carrier for every slot, billed as one line.
struct EnergyTerm {
    std::string line;            ///< bill line, such as "energy.peak" or "line_loss"
    std::vector<Decimal> price;  ///< [slot], money per kWh (or per unit of the carrier)
    std::vector<bool> applies;   ///< [slot], false: the line does not bill this slot
    bool is_export = false;      ///< price is paid to the plant for energy that leaves it
    std::string name;            ///< for people
    int amount_digits = 2;       ///< rounding of the bill line
};

/// What one more kW above `from` costs, up to the next segment. Convex as long as rates never fall and jumps are zero.
struct PeakSegment {
    Decimal from_kw;
    Decimal rate_per_kw;
    Decimal
        jump;  ///< due once when the peak passes from_kw (second reading of the 105 % rule): needs a binary in a plan
};

/// The demand price falls by a share when enough energy is used in the billing period.
struct PeakDiscount {
    Decimal from_kwh;
    Decimal percent;
};

/// A charge on the largest mean power over the metering intervals that count. Intervals start at the axis' first slot.
/// A horizon that crosses a billing boundary has one term per billing period, each with its own slots.
struct PeakTerm {
    std::string line;                   ///< bill line, such as "demand"
    std::vector<bool> applies;          ///< [slot]: slots whose metering intervals count
    Duration interval{minutes(15)};     ///< metering interval, a multiple of the slot
    std::vector<PeakSegment> segments;  ///< cost(peak) = fixed + sum of rate x (part of peak in the segment) + jumps
    Decimal fixed;                      ///< due whatever the peak (contracted demand)
    Decimal floor_kw;                   ///< least peak that is billed
    Decimal incurred_kw;                ///< largest interval mean already measured in this billing period
    std::string name;
    int amount_digits = 2;
    int period = 0;                        ///< index into ChargeTerms::periods
    DemandCharge charge;                   ///< the rule behind it, for the text of the bill
    std::optional<PeakDiscount> discount;  ///< absent once settled

    /// Cost of a peak (not rounded): floor and incurred peak applied, an unsettled discount not.
    [[nodiscard]] Decimal cost(Decimal peak_kw) const;
};

/// A charge that does not depend on what is decided here (customer charge, capacity by kVA).
struct FixedTerm {
    std::string line;
    Decimal amount;
    std::string name;
    int amount_digits = 2;
    int period = 0;
    std::optional<Decimal> quantity;  ///< kVA, when the amount is quantity x price
    std::optional<Decimal> price;
};

/// One billing period that the axis touches.
struct BillingPeriod {
    std::string
        label;  ///< local day or month it starts: "2018-03", or "2018-03-15" when periods do not start on the 1st
    Instant start;
    Instant end;
    Decimal incurred_kwh;  ///< imported in this period before the axis starts
};

/// All terms of one contract over one axis, plus what only the bill can evaluate.
struct ChargeTerms {
    std::string contract;
    Horizon axis;
    std::string currency;
    std::string unit = "kWh";
    std::vector<EnergyTerm> energy;
    std::vector<PeakTerm> peaks;
    std::vector<FixedTerm> fixed;
    std::vector<std::string> bands;       ///< [slot] name of the time-of-use band ("" when the contract has none)
    std::vector<std::string> band_names;  ///< every band once, in the order of the contract
    std::vector<BillingPeriod> periods;   ///< in time order; usually one
    std::optional<PowerFactorRule> power_factor;
    std::vector<Tax> taxes;  ///< in the order in which they apply
    int amount_digits = 2;
};

}  // namespace loadstar::tariff
