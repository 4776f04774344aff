#pragma once
// What the lines of a billing period come to beside the decisions of a plan: the basis of minimum bills and of the
// power factor. Internal to layer tariff.

#include <vector>

#include "tariff/compile.hpp"

namespace loadstar::tariff {

/// What comes after the axis in a billing period, in multiples of what came before its end.
Decimal share_left(const ChargeTerms& terms, std::size_t period);

/// [slot] imported quantity in the unit of the contract; empty when nothing is known.
std::vector<Decimal> import_of(const ChargeTerms& terms, const Expectation& expected);

/// Marks of the slots of a billing period. [slot]
std::vector<bool> slots_of_period(const ChargeTerms& terms, int period);

/// Sum over the slots of a period.
Decimal sum_inside(const std::vector<Decimal>& values, const std::vector<bool>& inside);

/// What lines come to if nothing is decided, before taxes. Demands count for the whole period wherever they are met.
class ExpectedBasis {
  public:
    ExpectedBasis(const ChargeTerms& terms, const Expectation& expected);

    /// Before the axis, expected after it, and fixed items.
    [[nodiscard]] Decimal beside_axis(const LineSelection& basis, std::size_t period) const;

  private:
    [[nodiscard]] Decimal on_axis(const LineSelection& basis, std::size_t period) const;
    [[nodiscard]] Decimal energy(const EnergyTerm& term, const std::vector<bool>& inside) const;

    const ChargeTerms& terms_;
    const Expectation& expected_;
    std::vector<Decimal> drawn_;
    std::vector<Decimal> demands_;
};

/// The planned terms that belong to a basis.
LineBasis basis_of(const LineSelection& basis, const ChargeTerms& planned, const ChargeTerms& terms, int period);

/// Why what lines come to in a billing period cannot be planned; empty when it can.
Text obstacle_of_lines(const LineSelection& basis, const ChargeTerms& planned, const ChargeTerms& terms);

}  // namespace loadstar::tariff
