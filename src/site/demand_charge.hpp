#pragma once
// Charges on the maximum demand or the capacity of a connection, as plain data.

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/decimal.hpp"
#include "base/instant.hpp"
#include "site/charge_window.hpp"

namespace loadstar {

/// How the basic charge of a month is measured.
enum class DemandMode {
    actual,    ///< largest interval mean of the billing period
    contract,  ///< contracted demand, with the surcharge above 105 %
    capacity,  ///< transformer kVA
};

/// What is paid when the maximum demand passes the contracted one by more than the tolerance (two readings of the
/// rule). p = rate, C = contracted demand, M = maximum demand, 105 % and 2 standing for `tolerance` and
/// `excess_factor`.
enum class ExcessReading {
    contract_plus_excess,   ///< C p + 2 p (M - 1.05 C)
    tolerance_plus_excess,  ///< 1.05 C p + 2 p (M - 1.05 C)
};

/// A lower demand price for plants that use their capacity well.
struct UseDiscount {
    Decimal kwh_per_kva;  ///< from this monthly energy per kVA on ...
    Decimal percent;      ///< ... the demand price falls by this share
};

/// The rate of the part of a demand above a threshold, up to the next tier.
struct DemandTier {
    Decimal from_kw;
    Decimal rate;
};

/// The billed demand is at least a share of the highest one measured in earlier billing periods.
struct DemandRatchet {
    Decimal percent;
    int periods = 11;             ///< how many billing periods it looks back
    std::set<unsigned> months{};  ///< only periods that start in these months, 1..12; empty = all
};

/// How the metering intervals of a charge make one demand.
enum class DemandOf {
    largest,  ///< the largest of their means
    mean,     ///< the mean of their means: named hours of coincident peaks
    sum,      ///< the sum of their means
};

/// When a charge on the year's largest demand is due. Over a year each comes to the rate times that demand.
enum class YearBilling {
    rise,      ///< in each period the rise of the year's demand
    twelfths,  ///< after m periods m/12 of the year's demand so far, less what earlier periods paid
    year_end,  ///< in the last period of the year
};

/// A charge on the largest demand of twelve billing periods.
struct YearDemand {
    YearBilling billing = YearBilling::rise;
    unsigned first_month = 1;  ///< month in which the year starts
};

/// A local time at which a named metering interval starts.
struct LocalTime {
    LocalDay day{};
    int minute = 0;  ///< of the day, 0..1439

    auto operator<=>(const LocalTime&) const = default;
};

/// What a demand is measured in.
enum class DemandMeasure {
    active,    ///< kW: the unit of the contract per hour, or per day for intervals of a day
    apparent,  ///< kVA: sqrt(kW² + kvar²) of each interval
};

/// Charge on the maximum demand or the capacity. Several may share a line when their validities follow one another or
/// their months differ.
struct DemandCharge {
    std::string line = "demand";
    std::string name;
    DemandMode mode = DemandMode::actual;
    Decimal rate;                         ///< per kW and billing period (or year); per kVA for capacity
    Duration interval{minutes(15)};       ///< metering interval
    std::optional<Decimal> capacity_kva;  ///< transformers (and motors at high voltage)
    std::optional<Decimal> contract_kw;   ///< mode contract
    Decimal contract_floor_percent = 40;  ///< of capacity_kva: the least that can be contracted
    Decimal tolerance_percent = 105;      ///< of the contracted demand
    Decimal excess_factor = 2;            ///< multiple of the rate above the tolerance
    ExcessReading excess_reading = ExcessReading::contract_plus_excess;
    Decimal minimum_kw;  ///< mode actual: least demand that is billed
    std::optional<UseDiscount> discount;
    std::vector<DemandMode> choices;    ///< modes the supplier lets the plant choose between; for advice
    std::optional<Decimal> other_rate;  ///< per kVA beside a rate per kW, or the reverse: the rate of those choices
    Validity validity;  ///< of the first day of a billing period: a revision counts from the next period on
    std::optional<int> amount_digits;
    bool per_day = false;             ///< intervals are whole local days and the demand is the quantity of a day
    ChargeWindow window{};            ///< months of the first day of a period; bands in which an interval starts
    std::vector<DemandTier> tiers{};  ///< mode actual, rising thresholds from 0; empty = one rate
    std::optional<DemandRatchet> ratchet{};
    std::optional<YearDemand> year{};  ///< absent: each billing period by itself
    std::vector<LocalTime> hours{};    ///< only the intervals that start then; empty = all of the window
    DemandOf of = DemandOf::largest;
    /// Series that says for each slot how likely its interval is one of the named ones, 0..1; while a billing period
    /// (or year) names none, plans pay the rate times the probability. "" = none.
    std::string probability_series{};
    int expected_hours = 1;  ///< with a probability: how many intervals the mean will be taken of
    DemandMeasure measure = DemandMeasure::active;
    Decimal plan_power_factor = 1;         ///< measure apparent: what a plan, which knows no kvar, assumes
    std::optional<Decimal> excess_rate{};  ///< mode contract: price per kW above the tolerance instead of a factor
    UseHours use_hours{};

    /// Demand that is contracted for billing: never below the floor.
    [[nodiscard]] Decimal billed_contract_kw() const;
};

}  // namespace loadstar
