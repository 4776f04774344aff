#pragma once
// Why a forecast is what it is: each group of drivers is given its Shapley value.
//
// With the groups N and the forecast v(S) made while only the groups of S are not hidden, a group i has the part
//   sum over S without i of |S|! (|N| - |S| - 1)! / |N|! * (v(S + i) - v(S)),
// computed over all sets S. The parts and v(nothing) add up to v(N), which is the forecast; groups that act together
// share what they do evenly, and one that changes nothing has no part. Works for any forecaster: it is only asked.
// Source: Shapley 1953, A value for n-person games; Jullum, Redelmeier and Aas 2021, groupShapley.

#include <cstddef>
#include <vector>

#include "base/progress.hpp"
#include "forecast/driver_groups.hpp"
#include "forecast/forecaster.hpp"

namespace loadstar::forecast {

/// What one group did to a forecast.
struct DriverPart {
    DriverGroup group;
    std::vector<double> values;  ///< [slot], by how much it moved the median, unit of the target
};

/// A forecast as a sum: base plus the parts of all groups.
struct Attribution {
    std::vector<double> base;         ///< [slot], median with every group hidden: the usual for this weekday
    std::vector<DriverPart> parts{};  ///< one per group, in the order of driver_groups()
    int forecasts = 0;                ///< that were asked for: two to the number of groups that say anything

    /// Base plus all parts of a slot.
    [[nodiscard]] double sum(std::size_t slot) const;
};

/// How far sum and forecast may lie apart, relative to the largest median.
inline constexpr double attribution_tolerance = 1e-6;

/// Shapley value of each player.
/// @param worth  [set of players], a player is the bit of its number; size is a power of two
/// @return       [player]
std::vector<double> shapley_values(const std::vector<double>& worth);

/// Explains the medians that a forecaster gives for a query. A group whose newest part is the usual one anyway needs no
/// forecast: its part is zero. Asks for up to 64 forecasts at a time, so that a network takes them in one batch.
/// Errors: those of the forecaster, named with what was hidden; internal (the parts do not add up to the forecast);
/// cancelled. Cost: 2^groups forecasts, 4096 at most.
Result<Attribution> attribute(const Forecaster& forecaster, const features::TargetHistory& history, const Query& query,
                              Progress& progress);

}  // namespace loadstar::forecast
