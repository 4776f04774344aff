#include "corpus/like_days.hpp"

#include <algorithm>
#include <cmath>

namespace loadstar::corpus {
namespace {

constexpr std::int8_t like_none = -1;

int floor_divided(int value, int by) { return value >= 0 ? value / by : -((by - 1 - value) / by); }

}  // namespace

LikeDays LikeDays::from(int point) const {
    if (!any()) return {};
    const int days = floor_divided(first + point, points);
    LikeDays moved{.points = points, .first = first + point - days * points, .types = types};
    if (types.empty()) return moved;
    if (days < 0)
        moved.types.insert(moved.types.begin(), static_cast<std::size_t>(-days), like_none);
    else
        moved.types.erase(moved.types.begin(),
                          moved.types.begin() + std::min<std::ptrdiff_t>(days, std::ssize(moved.types)));
    return moved;
}

LikeDays LikeDays::coarser(int every) const {
    if (!any() || points % every != 0 || first % every != 0) return {};
    return {.points = points / every, .first = first / every, .types = types};
}

float value_of_like_days(std::span<const float> values, const LikeDays& days, int point, int known) {
    constexpr int most = 3;
    if (!days.any()) return std::nanf("");
    const auto type_of = [&](int day) {
        if (days.types.empty()) return std::int8_t{0};
        return day < std::ssize(days.types) ? days.types[static_cast<std::size_t>(day)] : like_none;
    };
    const int day = (days.first + point) / days.points;
    if (type_of(day) < 0) return std::nanf("");
    double sum = 0;
    int count = 0;
    for (int back = 1; count < most; ++back) {
        const int at = point - back * days.points;
        if (at < 0) break;
        if (at >= known || type_of(day - back) != type_of(day)) continue;
        const float value = values[static_cast<std::size_t>(at)];
        if (!std::isfinite(value)) continue;
        sum += value;
        ++count;
    }
    return count > 0 ? static_cast<float>(sum / count) : std::nanf("");
}

}  // namespace loadstar::corpus
