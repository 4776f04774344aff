#pragma once
// What a forecasting network is trained on: windows of series that stand side by side.

#include <cmath>
#include <cstddef>
#include <vector>

#include "corpus/like_days.hpp"

namespace loadstar::corpus {

/// What a series is to a forecast.
enum class Role {
    target,  ///< to be predicted
    past,    ///< known up to the issue time, as the target itself
    ahead    ///< known ahead of time: calendar, production plan, weather forecast
};

/// How many series, and how many points of each.
struct WindowShape {
    int variates = 1;
    int points = 0;
    bool operator==(const WindowShape&) const = default;
};

/// Series side by side on one time step. The first one is a target.
struct Window {
    WindowShape shape;
    std::vector<Role> roles;    ///< [variate]
    std::vector<float> values;  ///< [variate][point], any unit; NaN = missing
    LikeDays like{};            ///< of the first series

    [[nodiscard]] float* row(int variate) {
        return values.data() + static_cast<std::size_t>(variate) * static_cast<std::size_t>(shape.points);
    }
    [[nodiscard]] const float* row(int variate) const {
        return values.data() + static_cast<std::size_t>(variate) * static_cast<std::size_t>(shape.points);
    }
};

}  // namespace loadstar::corpus
