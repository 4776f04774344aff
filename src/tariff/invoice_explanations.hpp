#pragma once
// Assumptions that would turn a line of the bill into that of the invoice. Internal to layer tariff.

#include <vector>

#include "tariff/compare.hpp"

namespace loadstar::tariff {

/// A line on which bill and invoice disagree.
struct DisputedLine {
    const BillLine& billed;
    Decimal invoiced;
    std::optional<Decimal> invoiced_quantity;
};

/// Other energy, another price, or readings that are missing.
std::vector<Text> explain_energy(const DisputedLine& line, const Bill& bill);

/// The other reading of the 105 % rule, actual instead of contracted demand, the discount, another maximum.
std::vector<Text> explain_demand(const DisputedLine& line, const PeakTerm& term);

/// Another power factor, another basis, or simply the other lines of the invoice.
std::vector<Text> explain_power_factor(const DisputedLine& line, const PowerFactorRule& rule, const Bill& bill,
                                       const Invoice& invoice);

std::vector<Text> explain_tax(const DisputedLine& line, const Tax& tax, const Bill& bill, const Invoice& invoice);

/// Readings stamped earlier or later than the supplier does: energy moves between bands. Empty when no shift removes
/// most of the differences of the energy lines.
std::vector<Text> explain_shift(const ChargeTerms& terms, const MeteredEnergy& metered, const Bill& bill,
                                const Invoice& invoice);

}  // namespace loadstar::tariff
