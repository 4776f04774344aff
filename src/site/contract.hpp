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
#include "site/charge_window.hpp"
#include "site/contract_bands.hpp"
#include "site/demand_charge.hpp"

namespace loadstar {

/// Where the price of an energy component comes from.
enum class PriceSource {
    flat,         ///< one price
    band_prices,  ///< one price per band, written out
    floating,     ///< base price x factor of the band: this component floats with the time of use
    series,       ///< real-time price: series x factor + adder
    tiers,        ///< a price per block of the quantity
};

/// The price of a block of the quantity: the part above `from`, up to the next tier.
struct EnergyTier {
    Decimal from;  ///< units of the contract, or hours of use of a demand
    Decimal price;
};

/// What the quantity of a block is counted over.
enum class TierBasis {
    period,  ///< billing period
    day,     ///< local day
    year,    ///< twelve billing periods
    demand,  ///< billing period; thresholds are hours of use of its billed demand
};

/// Tiers of an energy component.
struct EnergyTiers {
    std::vector<EnergyTier> steps{};  ///< rising from 0; empty = no tiers
    TierBasis per = TierBasis::period;
    bool whole = false;               ///< the price of the last tier reached holds for the whole quantity
    std::string demand_line;          ///< TierBasis::demand: whose billed demand
    unsigned first_month = 1;         ///< TierBasis::year: month in which the year starts
    std::optional<Decimal> agreed{};  ///< quantity by which the tier is chosen instead of the measured one
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
    ChargeWindow window{};             ///< months and bands of the slots that count
    Decimal share_percent = 100;       ///< of the energy: several suppliers share one meter
    EnergyTiers tiers{};
    UseHours use_hours{};
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
    UseHours use_hours{};
};

/// An amount due every billing period. Several may share a line when their validities follow one another.
struct FixedItem {
    std::string line;
    std::string name;
    Decimal amount;
    Validity validity;  ///< of the first day of a billing period
    std::optional<int> amount_digits;
};

/// The least that the lines of its basis come to; the rest is billed as a line of its own.
struct MinimumBill {
    std::string line = "minimum";
    std::string name;
    Decimal amount;  ///< per billing period
    LineSelection basis;
    std::optional<int> amount_digits;
};

/// Which reactive energy a charge counts.
enum class ReactiveFlow { lagging, leading, both };

/// Price of the reactive energy beyond a share of the active energy.
struct ReactiveCharge {
    std::string line = "reactive";
    std::string name;
    ReactiveFlow flow = ReactiveFlow::lagging;
    Decimal price;       ///< per kvarh beyond the free share
    Decimal free_share;  ///< kvarh per kWh that are free: tan phi
    ChargeWindow window{};
    Validity validity;  ///< of the first day of a billing period
    std::optional<int> amount_digits;
};

/// A quantity that is paid whether it is taken or not.
struct TakeOrPay {
    std::string line = "take_or_pay";
    std::string name;
    Decimal quantity;          ///< least quantity, in the unit of the contract
    Decimal price;             ///< per unit not taken
    bool per_year = false;     ///< due with the last billing period of the year
    unsigned first_month = 1;  ///< in which the year starts
    Validity validity;         ///< of the first day of a billing period
    std::optional<int> amount_digits;
};

/// Within a billing period and band, energy fed in is set against energy drawn; what is left over is paid.
struct NetMetering {
    std::string line = "net_surplus";
    std::string name;
    Decimal surplus_price;  ///< per unit fed in beyond what was drawn
    LineSelection basis;    ///< energy lines that bill the difference; the others bill all that is drawn
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
    int day_starts_at = 0;  ///< minute of the wall clock at which days, and with them billing periods, start: gas days
    int amount_digits = 2;  ///< every line is rounded half up to so many digits
    BandPlan bands;
    std::vector<EnergyComponent> energy;
    std::vector<EnergyComponent> exports;  ///< paid to the plant
    std::vector<DemandCharge> demands;
    std::optional<PowerFactorRule> power_factor;
    std::vector<FixedItem> fixed;
    std::vector<Tax> taxes;
    std::optional<Decimal> use_hours{};  ///< yearly energy / yearly peak that UseHours of charges are held against
    std::vector<ReactiveCharge> reactive{};
    std::vector<TakeOrPay> take_or_pay{};
    std::optional<MinimumBill> minimum{};
    std::optional<NetMetering> net_metering{};
    std::optional<Decimal> export_limit{};  ///< most that may be fed in, kW (or units of the contract per hour)
};

}  // namespace loadstar
