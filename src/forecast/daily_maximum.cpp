#include "forecast/daily_maximum.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace loadstar::forecast {
namespace {

constexpr std::size_t weighing_days = 28;
constexpr std::size_t fewest_days = 14;
constexpr double sharpness = 4;  ///< a simple forecast that missed half as much counts 2^4 times as much
constexpr std::array<std::size_t, 3> days_of_median{5, 8, 12};
constexpr std::array<std::size_t, 4> path_levels{4, 5, 6, 7};

using Simple = std::array<double, 2 + days_of_median.size() + path_levels.size()>;

/// A day in the past: what the simple forecasts said, and what came.
struct Tried {
    Simple said;
    double outcome;
};

std::optional<double> outcome_of(const features::Seen& seen, int day) {
    std::optional<double> largest;
    for (int slot = 0; slot < seen.grid().slots(); ++slot) {
        if (!seen.measured(day, slot)) continue;
        largest = std::max(largest.value_or(seen.value(day, slot)), seen.value(day, slot));
    }
    return largest;
}

double median_of(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return quantile_of_sorted(values, 0.5);
}

double mean_of(const std::vector<double>& values) {
    double sum = 0;
    for (const double value : values) sum += value;
    return sum / static_cast<double>(values.size());
}

/// Largest slots of the latest days like `day`, latest first.
std::vector<double> maxima_of_like_days(const features::Seen& seen, int day) {
    std::vector<double> maxima;
    for (const int past : features::alike_days(seen, day, static_cast<int>(days_of_median.back()))) {
        const auto profile = features::mean_profile(seen, {past});
        maxima.push_back(*std::max_element(profile.begin(), profile.end()));
    }
    return maxima;
}

Simple simple_forecasts(const DayQuantiles& forecast, const features::Seen& seen, int day) {
    const auto maxima = maxima_of_like_days(seen, day);
    const auto first = [&](std::size_t count) {
        return std::vector<double>(maxima.begin(),
                                   maxima.begin() + static_cast<std::ptrdiff_t>(std::min(count, maxima.size())));
    };
    Simple simple{};
    std::size_t at = 0;
    simple[at++] = maxima.front();
    simple[at++] = mean_of(first(3));
    for (const auto count : days_of_median) simple[at++] = median_of(first(count));
    for (const auto level : path_levels) {
        simple[at] = std::numeric_limits<double>::lowest();
        for (const auto& slot : forecast) simple[at] = std::max(simple[at], slot[level]);
        ++at;
    }
    return simple;
}

std::vector<Tried> tried_before(const QuantileRecord& past, const FeatureTable& table, int day) {
    std::vector<Tried> tried;
    const auto seen = table.seen(day);
    const int last = std::min(past.to(), seen.whole_days());
    for (int earlier = past.from; earlier < last; ++earlier) {
        const auto then = table.seen(earlier);
        const auto outcome = outcome_of(seen, earlier);
        if (then.whole_days() < 1 || !outcome) continue;
        tried.push_back({.said = simple_forecasts(past.at(earlier), then, earlier), .outcome = *outcome});
    }
    return tried;
}

/// Mixes simple forecasts by what they missed on the latest of the first `count` tried days.
double mixed(const Simple& simple, const std::vector<Tried>& tried, std::size_t count) {
    constexpr double tiny = 1e-9;
    const std::size_t from = count > weighing_days ? count - weighing_days : 0;
    double sum = 0;
    double weights = 0;
    for (std::size_t at = 0; at < simple.size(); ++at) {
        double missed = tiny;
        for (std::size_t day = from; day < count; ++day) missed += std::abs(tried[day].said[at] - tried[day].outcome);
        const double weight = count == from ? 1 : std::pow(missed, -sharpness);
        sum += weight * simple[at];
        weights += weight;
    }
    return sum / weights;
}

}  // namespace

std::optional<LevelValues> daily_maximum(const DayQuantiles& forecast, const QuantileRecord& past,
                                         const FeatureTable& table, int day) {
    const auto tried = tried_before(past, table, day);
    if (tried.size() < fewest_days) return std::nullopt;
    std::vector<double> errors;
    for (std::size_t at = 0; at < tried.size(); ++at) {
        // A mixture is judged on days that did not weigh it: those up to the rule's lead before it.
        const auto known = at > static_cast<std::size_t>(table.rule().lead) ? at - table.rule().lead : 0;
        errors.push_back(tried[at].outcome - mixed(tried[at].said, tried, known));
    }
    std::sort(errors.begin(), errors.end());
    const double middle = mixed(simple_forecasts(forecast, table.seen(day), day), tried, tried.size());
    LevelValues values{};
    for (std::size_t level = 0; level < values.size(); ++level) {
        values[level] = middle + quantile_of_sorted(errors, levels[level]) - quantile_of_sorted(errors, 0.5);
        if (table.grid().never_negative()) values[level] = std::max(values[level], 0.0);
    }
    return values;
}

}  // namespace loadstar::forecast
