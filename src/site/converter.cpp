#include <algorithm>
#include <cmath>

#include "site/assets.hpp"

namespace loadstar {
namespace {

/// The pair of neighbours around a position on an axis that rises, and the share of the later one.
struct Between {
    std::size_t before;
    std::size_t after;
    double share;
};

template <class Point, class Axis>
Between neighbours(const std::vector<Point>& points, double at, Axis axis) {
    const auto later = std::ranges::find_if(points, [&](const Point& point) { return axis(point) >= at; });
    const auto last = points.size() - 1;
    if (later == points.end()) return {last, last, 0};
    const auto after = static_cast<std::size_t>(later - points.begin());
    if (after == 0) return {0, 0, 0};
    const double from = axis(points[after - 1]);
    return {after - 1, after, (at - from) / (axis(points[after]) - from)};
}

}  // namespace

bool Converter::switches() const {
    const auto& least = points.front();
    const bool idles = std::ranges::any_of(least.draws, [](const auto& draw) { return draw.second != 0; });
    return least.load > 0 || idles || start_cost > Money(0) || running_cost > MoneyRate(0) || min_up > Hours(0) ||
           min_down > Hours(0) || max_starts_per_day;
}

std::map<std::string, double> Converter::draws_at(double load) const {
    const auto [before, after, share] = neighbours(points, load, [](const auto& point) { return point.load; });
    std::map<std::string, double> draws;
    for (const auto& [carrier, amount] : points[before].draws) draws[carrier] += (1 - share) * amount;
    for (const auto& [carrier, amount] : points[after].draws) draws[carrier] += share * amount;
    return draws;
}

TemperaturePoint Converter::at_temperature(double celsius) const {
    if (temperature.empty()) return {.celsius = celsius};
    const auto [before, after, share] =
        neighbours(temperature, celsius, [](const auto& point) { return point.celsius; });
    const auto mixed = [&, share = share](double TemperaturePoint::*factor) {
        return (1 - share) * (temperature[before].*factor) + share * (temperature[after].*factor);
    };
    return {.celsius = celsius,
            .draws_factor = mixed(&TemperaturePoint::draws_factor),
            .gives_factor = mixed(&TemperaturePoint::gives_factor)};
}

}  // namespace loadstar
