#pragma once
// A forecast is a distribution per slot, and says who made it, when, and what it could see.

#include <array>
#include <string>
#include <vector>

#include "base/instant.hpp"
#include "base/text.hpp"

namespace loadstar::forecast {

inline constexpr int level_count = 9;
/// Probability levels of every forecast, 0.1 ... 0.9.
inline constexpr std::array<double, level_count> levels{0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9};
inline constexpr int median_level = 4;

/// Distribution of one target over the slots of a horizon.
struct Forecast {
    std::string series;
    std::string unit;  ///< of the target series
    Instant issued_at;
    Horizon axis;
    std::string method;  ///< "stack", "seasonal_week", ...
    Text note{};         ///< why it fell back to a simpler method; empty when it did not
    std::vector<std::array<double, level_count>> quantiles;  ///< [slot][level], never crossing
    /// The largest slot mean of the horizon's first local day, as its own target; empty when the horizon does not start
    /// with the day, or less than two weeks of past forecasts are there to learn from.
    std::vector<double> maximum{};  ///< [level]
    /// Equally likely paths with the dependence in time that was observed; empty when not asked for.
    std::vector<std::vector<double>> scenarios{};  ///< [scenario][slot]

    [[nodiscard]] double median(int slot) const { return quantiles[static_cast<std::size_t>(slot)][median_level]; }
};

}  // namespace loadstar::forecast
