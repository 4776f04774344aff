#pragma once
// Turns the last point of the central path, which is inside all bounds, into one that stands at its bounds exactly.

#include <vector>

#include "solver/standard_form.hpp"

namespace loadstar::solver {

/// Moves the columns that are held by a bound onto it, and makes the rows whole again with the others.
///
/// A column counts as held where its distance to the bound is small against its reduced cost. Each correction moves the
/// columns in proportion to their distance to the nearest bound. Where a row would not come out, its columns
/// stay inside.
/// @param x   near the optimum, within its bounds up to rounding  [column]
/// @param y   duals                                               [place]
/// @return    within the bounds                                   [column]
/// Source: indicators of the optimal face, El-Bakry, Tapia & Zhang 1994.
std::vector<double> settle(const StandardForm& form, const std::vector<double>& x, const std::vector<double>& y);

}  // namespace loadstar::solver
