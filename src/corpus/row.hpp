#pragma once
// One series while it is made, and what is asked of it most often.

#include <span>
#include <vector>

#include "corpus/random.hpp"

namespace loadstar::corpus {

using Row = std::span<double>;
using ConstRow = std::span<const double>;
using Values = std::vector<double>;

/// Mean and deviation of the finite values; both 0 when there are none.
struct Spread {
    double mean = 0;
    double deviation = 0;
};
Spread spread_of(ConstRow row);

/// Brings a row to mean 0 and deviation 1; one that is constant becomes 0.
void standardise(Row row);

/// Adds `factor` times `other`.
void add_scaled(Row row, ConstRow other, double factor);

/// Follows `row` with the inertia of `points` points: each value moves a share of the way to the next.
void smooth(Row row, double points);

/// The value that a share of the finite values lies below; 0 when there are none.
double quantile_of(ConstRow row, double share);

}  // namespace loadstar::corpus
