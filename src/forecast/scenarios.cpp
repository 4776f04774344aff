#include "forecast/scenarios.hpp"

#include <algorithm>
#include <numeric>

namespace loadstar::forecast {
namespace {

/// Index of the level below a position between levels 0 and level_count - 1.
std::size_t level_below(double position) {
    return static_cast<std::size_t>(std::clamp(position, 0.0, static_cast<double>(level_count - 2)));
}

/// Stretches of past days, latest first and used again when more scenarios than stretches are wanted.
std::vector<int> starts_of_stretches(const QuantileRecord& past, const features::Seen& seen, int days, int count) {
    std::vector<int> starts;
    const int last = std::min(past.to(), seen.whole_days()) - days;
    const int stretches = last - past.from + 1;
    if (stretches < 2) return starts;
    for (int scenario = 0; scenario < count; ++scenario) starts.push_back(last - scenario % stretches);
    return starts;
}

/// Where each stretch's outcome stood in its own forecast, for one slot.
std::vector<double> standings(const std::vector<int>& starts, const QuantileRecord& past, const features::Seen& seen,
                              features::Cell offset) {
    std::vector<double> result;
    const auto slot = static_cast<std::size_t>(offset.slot);
    for (const int start : starts) {
        const int day = start + offset.day;
        result.push_back(probability_of(seen.value(day, offset.slot), past.at(day)[slot]));
    }
    return result;
}

/// Ranks 0 .. n-1; equal values keep their order.
std::vector<std::size_t> ranks_of(const std::vector<double>& values) {
    std::vector<std::size_t> order(values.size());
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
    std::vector<std::size_t> ranks(values.size());
    for (std::size_t rank = 0; rank < order.size(); ++rank) ranks[order[rank]] = rank;
    return ranks;
}

}  // namespace

double value_at_probability(double probability, const std::array<double, level_count>& quantiles) {
    const double position = probability * (level_count + 1) - 1;
    const auto below = level_below(position);
    const double share = position - static_cast<double>(below);
    return quantiles[below] + share * (quantiles[below + 1] - quantiles[below]);
}

double standing_of(double value, const std::array<double, level_count>& quantiles) {
    const auto [first, past] = std::equal_range(quantiles.begin(), quantiles.end(), value);
    const auto level = [&](auto place) { return static_cast<double>(place - quantiles.begin()) + 1; };
    if (first != past) return (level(first) + level(past) - 1) / 2 / (level_count + 1);
    const auto above = std::clamp(first, quantiles.begin() + 1, quantiles.end() - 1);
    const double gap = *above - *(above - 1);
    const double share = gap > 0 ? (value - *(above - 1)) / gap : (value > *above ? 1 : 0);
    return (level(above - 1) + share) / (level_count + 1);
}

double probability_of(double value, const std::array<double, level_count>& quantiles) {
    return std::clamp(standing_of(value, quantiles), 0.0, 1.0);
}

std::vector<std::vector<double>> draw_scenarios(const std::vector<DayQuantiles>& quantiles, const QuantileRecord& past,
                                                const features::Seen& seen, int count) {
    const int days = static_cast<int>(quantiles.size());
    const auto starts = starts_of_stretches(past, seen, days, count);
    std::vector<std::vector<double>> scenarios(starts.size());
    if (starts.empty()) return scenarios;
    for (int day = 0; day < days; ++day) {
        const auto& forecast = quantiles[static_cast<std::size_t>(day)];
        for (int slot = 0; slot < static_cast<int>(forecast.size()); ++slot) {
            const auto ranks = ranks_of(standings(starts, past, seen, {.day = day, .slot = slot}));
            for (std::size_t scenario = 0; scenario < scenarios.size(); ++scenario) {
                const double probability =
                    (static_cast<double>(ranks[scenario]) + 0.5) / static_cast<double>(scenarios.size());
                const double value = value_at_probability(probability, forecast[static_cast<std::size_t>(slot)]);
                scenarios[scenario].push_back(seen.grid().never_negative() ? std::max(0.0, value) : value);
            }
        }
    }
    return scenarios;
}

}  // namespace loadstar::forecast
