#pragma once
#include <compare>

namespace loadstar::features {

/// Place of an instant on the wall clock.
struct Cell {
    int day = 0;   ///< local days after the first day of the grid
    int slot = 0;  ///< of the day, as the wall clock shows it
    auto operator<=>(const Cell&) const = default;
};

}  // namespace loadstar::features
