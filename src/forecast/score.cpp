#include "forecast/score.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace loadstar::forecast {
namespace {

constexpr double tail = 0.2;  // probability outside the interval of the 0.1 and 0.9 quantiles

struct Sums {
    double absolute = 0;  ///< of outcomes
    double error = 0;
    double pinball = 0;
    double inside = 0;
    double width = 0;
    double interval_score = 0;
    double peak = 0;
    double peak_error = 0;
};

void add_slot(Sums& sums, double outcome, const std::array<double, level_count>& quantiles) {
    const double low = quantiles.front();
    const double high = quantiles.back();
    sums.absolute += std::abs(outcome);
    sums.error += std::abs(outcome - quantiles[median_level]);
    for (std::size_t level = 0; level < quantiles.size(); ++level) {
        sums.pinball += 2 * pinball(outcome, quantiles[level], levels[level]) / level_count;
    }
    sums.inside += outcome >= low && outcome <= high ? 1 : 0;
    sums.width += high - low;
    sums.interval_score += high - low + 2 / tail * (std::max(0.0, low - outcome) + std::max(0.0, outcome - high));
}

/// What happened on a day, in the slots that count.
struct Outcomes {
    const features::DayGrid& grid;
    int day = 0;
    SlotSpan slots{};
};

/// Returns the number of measured slots.
int add_day(Sums& sums, const DayQuantiles& forecast, const Outcomes& outcomes) {
    const auto& grid = outcomes.grid;
    double largest = std::numeric_limits<double>::lowest();
    double largest_median = largest;
    int measured = 0;
    for (int slot = outcomes.slots.from; slot < outcomes.slots.to; ++slot) {
        const features::Cell cell{.day = outcomes.day, .slot = slot};
        if (!grid.measured(cell)) continue;
        const auto& quantiles = forecast[static_cast<std::size_t>(slot)];
        add_slot(sums, grid.value(cell), quantiles);
        largest = std::max(largest, grid.value(cell));
        largest_median = std::max(largest_median, quantiles[median_level]);
        ++measured;
    }
    if (measured > 0) {
        sums.peak += largest;
        sums.peak_error += std::abs(largest - largest_median);
    }
    return measured;
}

double ratio(double above, double below) { return below == 0 ? 0 : above / below; }

}  // namespace

double pinball(double outcome, double quantile, double level) {
    return outcome >= quantile ? level * (outcome - quantile) : (1 - level) * (quantile - outcome);
}

Score score(const QuantileRecord& record, const features::DayGrid& grid, DaySpan span, double scale) {
    Sums sums;
    Score result;
    const auto part = span.slots.value_or(SlotSpan{.from = 0, .to = grid.slots()});
    for (int day = span.from; day < span.to; ++day) {
        const int measured = add_day(sums, record.at(day), {.grid = grid, .day = day, .slots = part});
        result.slots += measured;
        result.days += measured > 0 ? 1 : 0;
    }
    const double slots = result.slots;
    result.wape = ratio(sums.error, sums.absolute);
    if (slots > 0 && scale > 0) result.mase = sums.error / slots / scale;
    result.crps = ratio(sums.pinball, sums.absolute);
    result.coverage80 = ratio(sums.inside, slots);
    result.width80 = ratio(sums.width, sums.absolute);
    result.winkler80 = ratio(sums.interval_score, sums.absolute);
    result.peak_error = ratio(sums.peak_error, sums.peak);
    return result;
}

double weekly_scale(const features::DayGrid& grid, int to) {
    constexpr int week = 7;
    double sum = 0;
    int count = 0;
    for (int day = week; day < to; ++day) {
        for (int slot = 0; slot < grid.slots(); ++slot) {
            const features::Cell now{.day = day, .slot = slot};
            const features::Cell before{.day = day - week, .slot = slot};
            if (!grid.measured(now) || !grid.measured(before)) continue;
            sum += std::abs(grid.value(now) - grid.value(before));
            ++count;
        }
    }
    return ratio(sum, count);
}

}  // namespace loadstar::forecast
