#pragma once
// What an import path costs under plan terms: the objective of a plan, evaluated without the optimiser.

#include <string>
#include <vector>

#include "tariff/terms.hpp"

namespace loadstar::tariff {

/// Cost of one charge term.
struct LineCost {
    std::string line;
    std::string name;
    double amount = 0;  ///< money, not rounded
};

/// Evaluates terms that went through plan_terms, in the order energy, blocks, peaks, shortfalls, power
/// factors, minimums, fixed.
/// @param import_kw  [slot], mean power over the slots of the terms; export negative
std::vector<LineCost> line_costs(const ChargeTerms& terms, const std::vector<double>& import_kw);

/// What a shortfall comes to.
double shortfall_cost(const ShortfallTerm& term, Duration step, const std::vector<double>& import_kw);

/// What the terms of a basis come to on a path, before taxes.
double basis_cost(const LineBasis& basis, const ChargeTerms& terms, const std::vector<double>& import_kw);

/// What is drawn in the slots of the period of a basis, kWh.
double counted_kwh(const LineBasis& basis, Duration step, const std::vector<double>& import_kw);

/// What a power factor adjustment comes to, with taxes.
double power_factor_cost(const PowerFactorTerm& term, const ChargeTerms& terms, const std::vector<double>& import_kw);

/// The part of the cost that the path decides: energy, and what its peaks, blocks, least amounts and power factors add
/// to what is due anyway. Parts of the axis add up to the whole, each with the state that the one before leaves behind.
double decided_cost(const ChargeTerms& terms, const std::vector<double>& import_kw);

/// Most that may be fed in, kW: the lower of the limits of connection and contract; 0 when neither names one.
double most_fed_in(const ChargeTerms& terms, const GridConnection& grid);

/// Demand that a term measures, kW or its own unit: the largest mean over the metering intervals that count, or the
/// mean or sum of named ones; zero when none does. Export does not offset import within an interval: the register of
/// imports, which the bill reads, only grows. A part-filled last interval is left out.
double largest_interval_mean(const PeakTerm& term, Duration step, const std::vector<double>& import_kw);

}  // namespace loadstar::tariff
