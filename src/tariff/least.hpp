#pragma once
// Least quantities and amounts as plan terms, and what is expected beyond the axis of a plan. Internal to layer tariff.

#include <vector>

#include "tariff/compile.hpp"

namespace loadstar::tariff {

/// What each billing period draws, in the unit of the contract.
struct ExpectedPeriods {
    std::vector<Decimal> whole;  ///< [period] in all; empty when nothing is known
    std::vector<Decimal> later;  ///< [period] after the axis
};
ExpectedPeriods expected_periods(const ChargeTerms& terms, const Expectation& expected);

/// Adds what take-or-pay and reactive charges become in a plan, in the unit of the contract and with taxes.
void add_shortfalls(ChargeTerms& planned, const ChargeTerms& terms, const Expectation& expected);

/// Adds the power factor adjustment of each billing period, or tells why a plan has no row for it; energy, blocks,
/// peaks and shortfalls must be there.
void add_power_factors(ChargeTerms& planned, const ChargeTerms& terms, const Expectation& expected);

/// Adds the minimum bill of each billing period, or tells why a plan has no row for it; everything else must be there.
void add_minimums(ChargeTerms& planned, const ChargeTerms& terms, const Expectation& expected);

/// What one unit of money on a line grows to through all taxes, which may tax one another.
Decimal tax_multiplier(const std::vector<Tax>& taxes, const std::string& line);

}  // namespace loadstar::tariff
