#pragma once
// What covariates say of a day to be predicted.

#include <cstddef>
#include <vector>

#include "features/day_grid.hpp"

namespace loadstar::features {

class Columns;

/// Outdoors, below it a works heats and above it cools, in degrees Celsius.
/// Source: the base of heating and cooling degree days, 65 F, ASHRAE Handbook of Fundamentals, ch. 14.
inline constexpr double degree_base = 18;

/// Appends the columns of every covariate. Known ahead: value at the slot, means over its hour and day, and how far
/// slot and day lie from the last three days alike, from which forecasts depart. Known up to the issue: latest value,
/// the last known value of the same slot, the mean of the last day and how far it lies from the last week. Of a
/// temperature, also degrees above and below the base. NaN where nothing was read.
void add_covariates(Columns& columns, const Seen& seen, int day);

/// How far a covariate that is known ahead lies at each slot of `day` from its mean over the last three days alike.
/// @return [slot], NaN where the day or all of these have no value
std::vector<double> departure_from_alike(const Seen& seen, std::size_t covariate, int day);

}  // namespace loadstar::features
