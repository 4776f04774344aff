#include "forecast/day_ahead.hpp"

#include <algorithm>
#include <cmath>

namespace loadstar::forecast {

void make_proper(DayQuantiles& quantiles, const features::DayGrid& grid) {
    for (auto& slot : quantiles) {
        std::sort(slot.begin(), slot.end());
        if (!grid.never_negative()) continue;
        for (auto& value : slot) value = std::max(value, 0.0);
    }
}

double quantile_of_sorted(const std::vector<double>& sorted, double probability) {
    const double position = probability * static_cast<double>(sorted.size() - 1);
    const auto below = static_cast<std::size_t>(position);
    if (below + 1 >= sorted.size()) return sorted.back();
    return sorted[below] + (position - std::floor(position)) * (sorted[below + 1] - sorted[below]);
}

}  // namespace loadstar::forecast
