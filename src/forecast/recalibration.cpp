#include "forecast/recalibration.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "forecast/scenarios.hpp"

namespace loadstar::forecast {
namespace {

constexpr int window_days = 28;
constexpr double days_to_trust = 40;  ///< that many days are trusted by half
constexpr double furthest = 0.3;      ///< a standing further outside the levels says no more than this
constexpr double promised = 0.8;      ///< cover of the outermost levels
constexpr double rate = 0.3;          ///< by which a day's missing cover widens the next
constexpr double narrowest = -0.2;    ///< of the spread's change
constexpr double widest = 1.5;

using Levels = std::array<double, level_count>;

/// Where the outcomes of a day stood in its forecast.
std::vector<double> standings_of(const DayQuantiles& forecast, const features::DayGrid& grid, int day) {
    std::vector<double> standings;
    for (int slot = 0; slot < grid.slots(); ++slot) {
        const features::Cell cell{.day = day, .slot = slot};
        if (!grid.measured(cell)) continue;
        const double standing = standing_of(grid.value(cell), forecast[static_cast<std::size_t>(slot)]);
        standings.push_back(std::clamp(standing, -furthest, 1 + furthest));
    }
    return standings;
}

/// Share of a day's outcomes between the outermost levels; nothing when none was measured.
std::optional<double> cover_of(const DayQuantiles& forecast, const features::DayGrid& grid, int day) {
    int inside = 0;
    int measured = 0;
    for (int slot = 0; slot < grid.slots(); ++slot) {
        const features::Cell cell{.day = day, .slot = slot};
        if (!grid.measured(cell)) continue;
        const auto& quantiles = forecast[static_cast<std::size_t>(slot)];
        inside += grid.value(cell) >= quantiles.front() && grid.value(cell) <= quantiles.back() ? 1 : 0;
        ++measured;
    }
    if (measured == 0) return std::nullopt;
    return static_cast<double>(inside) / measured;
}

/// Where in a forecast each level is to be read, by the standings of days [from, to) of a record.
Levels places_of(const Record<std::vector<double>>& standings, int from, int to) {
    std::vector<double> pooled;
    for (int day = from; day < to; ++day) {
        pooled.insert(pooled.end(), standings.at(day).begin(), standings.at(day).end());
    }
    Levels places = levels;
    if (pooled.empty()) return places;
    std::sort(pooled.begin(), pooled.end());
    const double trust = (to - from) / (to - from + days_to_trust);
    for (std::size_t level = 0; level < levels.size(); ++level) {
        places[level] += trust * (quantile_of_sorted(pooled, levels[level]) - levels[level]);
    }
    return places;
}

/// Reads each level at its place; `spread` moves the outermost levels most and the median not at all.
DayQuantiles read_at(const DayQuantiles& forecast, const Levels& places, double spread) {
    DayQuantiles result(forecast.size());
    for (std::size_t level = 0; level < levels.size(); ++level) {
        const double place = 0.5 + (places[level] - 0.5) * (1 + spread * std::abs(2 * levels[level] - 1));
        for (std::size_t slot = 0; slot < forecast.size(); ++slot) {
            result[slot][level] = value_at_probability(place, forecast[slot]);
        }
    }
    return result;
}

}  // namespace

QuantileRecord recalibrated(const QuantileRecord& record, const features::DayGrid& grid, const IssueRule& rule) {
    QuantileRecord result{.from = record.from};
    Record<std::vector<double>> standings{.from = record.from};
    double spread = 0;
    for (int day = record.from; day < record.to(); ++day) {
        const int known = std::max(record.from, rule.first_open(day));
        while (standings.to() < known) {
            const int latest = standings.to();
            if (const auto cover = cover_of(result.at(latest), grid, latest)) {
                spread = std::clamp(spread + rate * (promised - *cover), narrowest, widest);
            }
            standings.days.push_back(standings_of(record.at(latest), grid, latest));
        }
        const auto places = places_of(standings, std::max(record.from, known - window_days), known);
        result.days.push_back(read_at(record.at(day), places, spread));
        make_proper(result.days.back(), grid);
    }
    return result;
}

}  // namespace loadstar::forecast
