#pragma once
// Supply contracts as plain data. Read by site/contract_reader.hpp, compiled into charge terms by layer tariff.
// Amounts are in the unit of the contract (kWh for electricity); money is exact.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/decimal.hpp"
#include "base/instant.hpp"
#include "base/time_zone.hpp"
#include "site/assets.hpp"
#include "site/contract_bands.hpp"

namespace loadstar {

/// Local days on which something holds; absent ends are open.
struct Validity {
    std::optional<LocalDay> from;
    std::optional<LocalDay> until;  ///< last day, included

    [[nodiscard]] bool contains(LocalDay day) const { return (!from || day >= *from) && (!until || day <= *until); }
};

/// Where the price of an energy component comes from.
enum class PriceSource {
    flat,         ///< one price
    band_prices,  ///< one price per band, written out
    floating,     ///< base price x factor of the band: this component floats with the time of use
    series,       ///< real-time price: series x factor + adder
};

/// One energy price: becomes one bill line, or one line per band when its price depends on the band.
/// Several components may share a line when their validities follow one another.
struct EnergyComponent {
    std::string line;  ///< "energy" becomes "energy.peak", ... when priced by band
    std::string name;  ///< what people call it; the line when not given
    PriceSource source = PriceSource::flat;
    Decimal price;                               ///< flat, floating: money per unit
    std::map<std::string, Decimal> band_prices;  ///< band -> money per unit
    std::string price_series;                    ///< id of the price series
    Decimal series_factor = 1;                   ///< price = series x factor + adder
    Decimal series_adder;                        ///< money per unit
    std::optional<int> price_digits;             ///< prices are rounded to so many digits; absent = exact
    Validity validity;
    std::optional<int> amount_digits;  ///< rounding of the line's amount; absent = the contract's
};

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

/// Charge on the maximum demand or the capacity. Several may share a line when their validities follow one another.
struct DemandCharge {
    std::string line = "demand";
    std::string name;
    DemandMode mode = DemandMode::actual;
    Decimal rate;                         ///< per kW and billing period; per kVA for capacity
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

    /// Demand that is contracted for billing: never below the floor.
    [[nodiscard]] Decimal billed_contract_kw() const;
};

/// Which lines a percentage applies to. A component's name stands for all of its lines.
struct LineSelection {
    enum class Kind { listed, all_except } kind = Kind::all_except;
    std::vector<std::string> lines;

    [[nodiscard]] bool contains(const std::string& line) const;
};

/// One stretch of a power factor table, walking away from the standard in steps of 0.01.
struct PowerFactorStretch {
    Decimal until;             ///< power factor where the stretch ends
    Decimal percent_per_step;  ///< change of the bill per 0.01, positive
};

/// Adjustment of the bill by the power factor.
struct PowerFactorRule {
    std::string line = "power_factor";
    std::string name;
    Decimal standard;
    std::vector<PowerFactorStretch> rewards;    ///< rising from the standard; beyond the last the reward stays
    std::vector<PowerFactorStretch> penalties;  ///< falling from the standard; beyond the last the penalty stays
    LineSelection basis;
    std::optional<int> amount_digits;

    /// Percentage of the basis at a power factor with two digits: negative rewards, positive penalises.
    [[nodiscard]] Decimal percent_at(Decimal power_factor) const;
};

/// Stretches of the table for a standard of 0.90, 0.85 or 0.80 (rewards and penalties; other fields stay default);
/// nullopt for another standard. Source: power factor adjustment of 1983, 水电财字215号.
std::optional<PowerFactorRule> standard_power_factor_rule(Decimal standard);

/// A percentage of other lines. Taxes apply in their order; a later one may include an earlier one.
struct Tax {
    std::string line;
    std::string name;
    Decimal percent;
    LineSelection basis;
    std::optional<int> amount_digits;
};

/// An amount due every billing period. Several may share a line when their validities follow one another.
struct FixedItem {
    std::string line;
    std::string name;
    Decimal amount;
    Validity validity;  ///< of the first day of a billing period
    std::optional<int> amount_digits;
};

/// A supply contract as data.
struct Contract {
    std::string id;
    std::string name;
    std::string carrier = "electricity";
    std::string unit = "kWh";  ///< of energy prices and quantities
    std::string currency;
    Validity validity;
    int billing_day = 1;    ///< day of the month on which billing periods start, 1..28
    int amount_digits = 2;  ///< every line is rounded half up to so many digits
    BandPlan bands;
    std::vector<EnergyComponent> energy;
    std::vector<EnergyComponent> exports;  ///< paid to the plant
    std::vector<DemandCharge> demands;
    std::optional<PowerFactorRule> power_factor;
    std::vector<FixedItem> fixed;
    std::vector<Tax> taxes;
};

}  // namespace loadstar
