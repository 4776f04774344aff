#pragma once
// From a residual to one causal score per slot: robust scale by time of week, then EWMA and CUSUM of both signs.

#include <vector>

#include "base/time_zone.hpp"
#include "series/series.hpp"
#include "site/calendar.hpp"

namespace loadstar::detect {

/// One way of looking for a deviation; each has its own memory.
enum class Statistic { slot, fast_average, slow_average, cumulative };
inline constexpr int statistic_count = 4;

/// Scores of every slot. Slots without measured or expected value repeat the score before them, decayed.
struct Scores {
    /// [statistic][slot], signed: positive = more than expected. Unit: robust standard deviations of that statistic's
    /// own past, so that the statistics can be compared.
    std::vector<std::vector<double>> by_statistic;
    std::vector<double> standardised;  ///< [slot], residual in robust standard deviations of its time of week
    std::vector<bool> usable;          ///< [slot], false while there is too little history or no value

    /// Largest absolute score of a slot over all statistics, and which it was.
    [[nodiscard]] double largest(int slot) const;
    [[nodiscard]] Statistic strongest(int slot) const;
};

/// Scores a residual causally: slot t sees residuals of slots before t only (location and scale are refitted every
/// local day from the last eight weeks; buckets are hour of day x day type).
/// @param residual  measured minus expected, missing where either is
Scores score(const Series& residual, const TimeZone& zone, const WorkCalendar& calendar);

}  // namespace loadstar::detect
