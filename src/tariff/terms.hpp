#pragma once
// A contract compiled for one run of slots: plain data that `bill` evaluates and `plan` writes as rows.
// No second place knows a tariff, so the bill of a plan and the plan's objective agree to the cent.
//
// A plan writes the rows of `energy`, `peaks`, `blocks`, `shortfalls`, `power_factors`, `minimums` and `fixed` of terms
// that went through `plan_terms` (tariff/compile.hpp), which folds taxes into prices and settles discounts. What a plan
// has no row for stands in `unplanned`.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/decimal.hpp"
#include "base/instant.hpp"
#include "base/text.hpp"
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
    Decimal share = 1;           ///< of the flow that this line bills; folded into the price of plan terms
    Decimal taxed = 1;           ///< plan terms: what one unit of money on the line has grown to through taxes
    std::optional<Instant> missing_from{};  ///< probable peaks: first slot whose probability is not known
};

/// The price of the part of a group's quantity above a threshold, up to the next block.
struct Block {
    Decimal from;  ///< units, or hours of use when the term has a demand
    Decimal price;
};

/// Slots whose quantities are counted together: a billing period, a day or a year.
struct BlockGroup {
    int period = 0;    ///< index into ChargeTerms::periods: the first it touches
    int demand = -1;   ///< index into ChargeTerms::peaks: whose billed demand the thresholds multiply; -1 = none
    Decimal before{};  ///< quantity counted before the axis
};

/// Energy whose price depends on how much of it is used: of each group, the part of the quantity inside a block pays
/// the price of the block. Convex as long as prices never fall.
struct BlockTerm {
    std::string line;
    std::string name;
    std::vector<Block> blocks;  ///< rising thresholds from 0
    std::vector<BlockGroup> groups;
    std::vector<int> group;  ///< [slot] index into groups; -1: does not count
    bool by_demand = false;  ///< thresholds are hours of use of the groups' demands
    bool whole = false;      ///< the price of the last block reached holds for the whole quantity; not in plans
    int amount_digits = 2;
    Decimal share = 1;            ///< of the imported energy that this line counts
    unsigned year_starts_in = 0;  ///< month in which the year of a group starts; 0: groups are no years
    Decimal taxed = 1;            ///< as in EnergyTerm

    /// Cost of a group's quantity, `before` included; `demand_kw` is the billed demand of groups that have one.
    [[nodiscard]] Decimal cost(Decimal quantity, Decimal demand_kw) const;
};

/// A price of reactive energy in one billing period.
struct ReactiveTerm {
    ReactiveCharge rule;
    int period = 0;
    Decimal before{};  ///< kvarh of the period before the axis, less those that were free
    int amount_digits = 2;
};

/// A take-or-pay in one billing period.
struct TakeOrPayTerm {
    TakeOrPay rule;
    int period = 0;
    bool due = true;   ///< false: a period before the last of the year
    Decimal before{};  ///< taken in the year before the axis
    Instant from{};    ///< start of the period, or of the year, within the axis
    int amount_digits = 2;
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

/// A metering interval of a demand charge that is not one of equal length.
struct MeteringRun {
    int first = 0;  ///< slot
    int slots = 0;
    Decimal before{};  ///< quantity of the interval before the axis
};

/// A period's place in the year whose largest demand is billed.
struct YearPart {
    YearBilling billing = YearBilling::rise;
    int number = 1;       ///< 1..12: which billing period of the year it is
    bool paid = false;    ///< an earlier period of the year was billed
    Decimal before_kw{};  ///< demand of the year's periods before the axis
};

/// A charge on the demand of a billing period: the largest mean over the metering intervals that count, or the mean or
/// sum of named ones (`of`). Intervals start at the axis' first slot unless `runs` lists them. A horizon that crosses a
/// billing boundary has one term per billing period, each with its own slots.
struct PeakTerm {
    std::string line;                   ///< bill line, such as "demand"
    std::vector<bool> applies;          ///< [slot]: slots whose metering intervals count
    Duration interval{minutes(15)};     ///< metering interval, a multiple of the slot
    std::vector<PeakSegment> segments;  ///< cost(peak) = fixed + sum of rate x (part of peak in the segment) + jumps
    Decimal fixed;                      ///< due whatever the peak (contracted demand)
    Decimal floor_kw;                   ///< least peak that is billed; a ratchet on periods before the axis included
    Decimal incurred_kw;                ///< largest interval mean already measured in this billing period
    std::string name;
    int amount_digits = 2;
    int period = 0;                         ///< index into ChargeTerms::periods
    DemandCharge charge;                    ///< the rule behind it, for the text of the bill
    std::optional<PeakDiscount> discount;   ///< absent once settled
    std::vector<MeteringRun> runs{};        ///< days; empty = equal intervals of which those that `applies` count
    bool per_day = false;                   ///< demand is the quantity of a day, not a power
    std::optional<MeteringRun> open_day{};  ///< the day that the end of the axis cuts, if its beginning is known
    DemandOf of = DemandOf::largest;
    Decimal interval_weight = 1;     ///< mean of n named intervals: 1/n
    Decimal carried_kw{};            ///< mean or sum: what named intervals before the axis add to the demand
    std::vector<int> earlier{};      ///< indices into ChargeTerms::peaks: periods a ratchet or the year looks at
    Decimal ratchet_share{};         ///< of the largest demand in `earlier` that is billed at least
    std::optional<YearPart> year{};  ///< absent in plan terms, where one term stands for the year's periods
    Decimal taxed = 1;               ///< as in EnergyTerm

    /// Cost of a peak (not rounded): floor and incurred peak applied, an unsettled discount and `earlier` not.
    [[nodiscard]] Decimal cost(Decimal peak_kw) const;
    /// Cost of a demand that is billed as it stands.
    [[nodiscard]] Decimal cost_of_billed(Decimal billed_kw) const;
    /// Whether a power below the peak costs nothing more: not so for means, sums and days.
    [[nodiscard]] bool caps_power() const { return of == DemandOf::largest && !per_day; }
};

/// Plan terms: what is due for a quantity that is lacking, such as energy that is paid whether it is taken or not, or
/// active energy that would make reactive energy free: price x max(0, least - counted imports). Convex.
struct ShortfallTerm {
    std::string line;
    std::string name;
    int period = 0;
    Decimal price;                ///< money per unit that is lacking
    Decimal least;                ///< quantity, less what is counted before and expected after the axis
    std::vector<Decimal> counts;  ///< [slot] by which an imported kWh (or unit) counts
    bool due = true;              ///< false: with a period after the axis
    Decimal taxed = 1;            ///< as in EnergyTerm
};

/// Plan terms: the terms whose lines in a billing period are the basis of another line.
struct LineBasis {
    int period = 0;
    std::vector<bool> inside;                                            ///< [slot] of the period
    std::vector<bool> energy, blocks, peaks, shortfalls, power_factors;  ///< [term] whether it belongs to the basis
};

/// Percentage from a power factor on.
struct PowerFactorStep {
    double from = 0;  ///< kWh per kvarh
    Decimal percent;
};

/// Plan terms: the power factor adjustment of a billing period: a percentage of its basis, which falls in steps as the
/// period draws more active energy for the reactive energy that is given. Not convex.
struct PowerFactorTerm {
    std::string line;
    std::string name;
    std::vector<PowerFactorStep> steps{};  ///< rising from 0
    double kvarh = 0;                      ///< of the period: before the axis, on it and expected after it
    double kvarh_before = 0;               ///< of the period before the axis
    double before = 0;                     ///< kWh of the period before the axis and expected after it
    Decimal amount{};   ///< before taxes, that the basis comes to before and after the axis and in any case
    Decimal taxed = 1;  ///< what one unit of money on its line grows to through taxes
    LineBasis basis{};

    /// Percentage of the basis when so many kWh are drawn on the axis; none of a period that draws nothing.
    [[nodiscard]] Decimal percent_at(double kwh) const;
};

/// Plan terms: the least that the lines of a basis come to in a billing period; what they lack is due. Convex.
struct MinimumTerm {
    std::string line;
    std::string name;
    Decimal least;      ///< amount before taxes, less what the basis comes to before and after the axis and in any case
    Decimal taxed = 1;  ///< what one unit of money on its line grows to through taxes
    LineBasis basis{};
};

/// A charge that a plan has no row for, and why.
struct UnplannedCharge {
    std::string line;
    std::string name;
    Text why;
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
    std::chrono::year_month month;  ///< in which it starts
    Decimal incurred_kwh;           ///< imported in this period before the axis starts
    Decimal incurred_kvarh{};       ///< lagging and leading, in this period before the axis starts
    /// Energy line -> what it comes to in this period before the axis, before taxes.
    std::map<std::string, Decimal> billed{};
};

/// All terms of one contract over one axis, plus what only the bill can evaluate.
struct ChargeTerms {
    std::string contract;
    Horizon axis;
    std::string currency;
    std::string unit = "kWh";
    std::vector<EnergyTerm> energy;
    std::vector<PeakTerm> peaks;
    std::vector<BlockTerm> blocks;
    std::vector<FixedTerm> fixed;
    std::vector<std::string> bands;       ///< [slot] name of the time-of-use band ("" when the contract has none)
    std::vector<std::string> band_names;  ///< every band once, in the order of the contract
    std::vector<BillingPeriod> periods;   ///< in time order; usually one
    int day_starts_at = 0;                ///< as in Contract
    std::optional<PowerFactorRule> power_factor;
    std::vector<Tax> taxes;  ///< in the order in which they apply
    int amount_digits = 2;
    std::optional<Decimal> export_limit{};  ///< most that may be fed in, kW (or units per hour)
    // The bill's alone: plan terms have the rows below in their place.
    std::vector<ReactiveTerm> reactive{};
    std::vector<TakeOrPayTerm> take_or_pay{};
    std::optional<MinimumBill> minimum{};
    std::optional<NetMetering> net_metering{};
    // The plan's alone.
    std::vector<EnergyTerm> likely{};  ///< peaks that are not named yet, at rate x probability; joins `energy`
    std::vector<ShortfallTerm> shortfalls{};
    std::vector<PowerFactorTerm> power_factors{};
    std::vector<MinimumTerm> minimums{};
    std::vector<UnplannedCharge> unplanned{};
};

}  // namespace loadstar::tariff
