#pragma once
// The bill: charge terms evaluated over measured (or planned) series.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/text.hpp"
#include "series/series.hpp"
#include "site/plant_state.hpp"
#include "tariff/terms.hpp"

namespace loadstar::tariff {

/// What the billing meter measured, on the axis of the terms.
struct MeteredEnergy {
    Series imported;                           ///< interval energy, kWh or the contract's unit
    std::optional<Series> exported{};          ///< interval energy that left the plant, positive
    std::optional<Series> reactive_lagging{};  ///< kvarh
    std::optional<Series> reactive_leading{};
};

/// One line of a bill: quantity x price = amount, or as `rule` says.
struct BillLine {
    std::string line;  ///< "energy.peak", "demand", "power_factor", ...
    std::string name;
    std::optional<Decimal> quantity{};
    std::string quantity_unit{};
    std::optional<Decimal> price{};  ///< absent when it varies within the line
    Decimal amount;                  ///< rounded as the contract says
    Text rule{};                     ///< how the amount came about when it is not quantity x price
};

/// The bill of one billing period.
struct Bill {
    BillingPeriod period;
    std::vector<BillLine> lines;
    Decimal total;  ///< sum of the rounded lines
    Decimal energy;
    std::map<std::string, Decimal> energy_by_band;
    std::optional<Decimal> maximum_demand_kw{};
    std::optional<Instant> maximum_demand_at{};
    std::optional<Decimal> power_factor{};
    std::optional<Decimal> reactive_kvarh{};
    int slots = 0;
    int missing_slots = 0;  ///< without a measured value: their energy is not in the bill
};

/// Bills each billing period of the terms. Missing slots are left out and counted, never filled.
/// Errors: invalid_argument (series on another axis, or without the unit of the contract).
Result<std::vector<Bill>> bill(const ChargeTerms& terms, const MeteredEnergy& metered);

/// What the last billing period of the terms has used up by the end of their axis. Missing slots count nothing.
BillingState billing_state(const ChargeTerms& terms, const MeteredEnergy& metered);

}  // namespace loadstar::tariff
