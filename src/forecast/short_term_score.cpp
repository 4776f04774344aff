#include "forecast/short_term_score.hpp"

#include <cmath>

namespace loadstar::forecast {
namespace {

constexpr const char* blend_name = "short_term";

/// Sums over slots, from which errors follow.
struct Sums {
    int slots = 0;
    double absolute = 0;
    double square = 0;

    void add(double missed_by_median, double missed_by_mean) {
        ++slots;
        absolute += std::abs(missed_by_median);
        square += missed_by_mean * missed_by_mean;
    }
    [[nodiscard]] PointErrors errors() const {
        if (slots == 0) return {};
        return {.slots = slots, .mean_absolute = absolute / slots, .root_mean_square = std::sqrt(square / slots)};
    }
};

Sums total(const std::vector<Sums>& steps) {
    Sums all;
    for (const auto& step : steps) {
        all.slots += step.slots;
        all.absolute += step.absolute;
        all.square += step.square;
    }
    return all;
}

/// Sums over the distributions of the blend.
struct Spread {
    int slots = 0;
    double outcomes = 0;
    double pinball = 0;
    int inside = 0;

    void add(double outcome, const std::array<double, level_count>& quantiles) {
        ++slots;
        outcomes += std::abs(outcome);
        for (std::size_t level = 0; level < levels.size(); ++level)
            pinball += 2 * forecast::pinball(outcome, quantiles[level], levels[level]) / level_count;
        inside += outcome >= quantiles.front() && outcome <= quantiles.back() ? 1 : 0;
    }
};

}  // namespace

ShortTermScore score(const std::vector<ShortTermForecast>& forecasts, const features::DayGrid& grid) {
    ShortTermScore result;
    if (forecasts.empty()) return result;
    const auto steps = forecasts.front().mean.size();
    constexpr auto members = short_term_members.size();
    std::vector<std::vector<Sums>> sums(members + 1, std::vector<Sums>(steps));  // [method][step]
    Spread spread;
    for (const auto& forecast : forecasts) {
        for (std::size_t step = 0; step < steps; ++step) {
            const auto target = grid.moved(forecast.end, static_cast<int>(step));
            if (!grid.measured(target)) continue;
            const double outcome = grid.value(target);
            for (std::size_t member = 0; member < members; ++member) {
                const double missed = outcome - forecast.members[step][member];
                sums[member][step].add(missed, missed);
            }
            sums[members][step].add(outcome - forecast.quantiles[step][median_level], outcome - forecast.mean[step]);
            spread.add(outcome, forecast.quantiles[step]);
        }
    }
    for (std::size_t method = 0; method < sums.size(); ++method) {
        ShortTermRow row{.method = method < members ? short_term_members[method] : blend_name,
                         .all = total(sums[method]).errors(),
                         .by_step = {}};
        for (const auto& step : sums[method]) row.by_step.push_back(step.errors());
        result.rows.push_back(std::move(row));
    }
    if (spread.outcomes > 0) result.crps = spread.pinball / spread.outcomes;
    if (spread.slots > 0) result.coverage80 = static_cast<double>(spread.inside) / spread.slots;
    return result;
}

}  // namespace loadstar::forecast
