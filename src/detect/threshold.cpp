#include "detect/threshold.hpp"

#include <algorithm>
#include <cmath>

namespace loadstar::detect {
namespace {

constexpr int least_calibration_days = 28;
constexpr double unit_quantile = 0.95;

/// Largest absolute value per day of usable slots.
std::vector<double> daily_maxima(const Scores& scores, std::size_t statistic, int first, int last, int slots_per_day) {
    std::vector<double> maxima;
    for (int day = first; day < last; day += slots_per_day) {
        double largest = -1;
        for (int slot = day; slot < std::min(day + slots_per_day, last); ++slot) {
            const auto at = static_cast<std::size_t>(slot);
            if (scores.usable[at]) largest = std::max(largest, std::abs(scores.by_statistic[statistic][at]));
        }
        if (largest >= 0) maxima.push_back(largest);
    }
    return maxima;
}

double quantile_of(std::vector<double> values, double level) {
    std::sort(values.begin(), values.end());
    const double position = level * static_cast<double>(values.size() - 1);
    const auto below = static_cast<std::size_t>(position);
    const auto above = std::min(below + 1, values.size() - 1);
    const double part = position - static_cast<double>(below);
    return values[below] * (1 - part) + values[above] * part;
}

struct Calibration {
    const Scores& scores;
    int first;
    int last;
    const EpisodeRules& rules;

    [[nodiscard]] std::size_t count(Threshold threshold, double level) const {
        threshold.level = level;
        return episodes(scores, threshold, first, last, rules).size();
    }
    /// Smallest level with at most `most` episodes, by bisection.
    [[nodiscard]] double level_for(const Threshold& threshold, std::size_t most, double largest) const {
        double low = 0.05;
        double high = largest * 1.0001 + 1e-9;
        for (int i = 0; i < 30; ++i) {
            const double middle = 0.5 * (low + high);
            (count(threshold, middle) <= most ? high : low) = middle;
        }
        return high;
    }
};

}  // namespace

double Threshold::ratio(const Scores& scores, int slot) const {
    double largest = 0;
    for (std::size_t s = 0; s < unit.size(); ++s) {
        largest = std::max(largest, std::abs(scores.by_statistic[s][static_cast<std::size_t>(slot)]) / unit[s]);
    }
    return largest / level;
}

std::vector<Episode> episodes(const Scores& scores, const Threshold& threshold, int first, int last,
                              const EpisodeRules& rules) {
    std::vector<Episode> found;
    bool inside = false;
    for (int slot = first; slot < last; ++slot) {
        if (!scores.usable[static_cast<std::size_t>(slot)]) continue;
        const double ratio = threshold.ratio(scores, slot);
        if (ratio >= 1 && !inside) {
            found.push_back({.first = slot, .last = slot, .peak = ratio});
            inside = true;
        }
        if (!inside) continue;
        auto& episode = found.back();
        episode.peak = std::max(episode.peak, ratio);
        if (ratio >= 0.5) {
            episode.last = slot;
        } else if (slot - episode.last >= rules.quiet_slots) {
            inside = false;
        }
    }
    if (inside) found.back().open = true;
    return found;
}

std::optional<Threshold> calibrate(const Scores& scores, int first, int last, double allowed_per_day,
                                   const EpisodeRules& rules) {
    Threshold threshold;
    std::size_t days = 0;
    double largest = 0;
    for (std::size_t s = 0; s < scores.by_statistic.size(); ++s) {
        const auto maxima = daily_maxima(scores, s, first, last, rules.slots_per_day);
        days = maxima.size();
        if (days < least_calibration_days) return std::nullopt;
        threshold.unit.push_back(std::max(quantile_of(maxima, unit_quantile), 1e-6));
        largest = std::max(largest, *std::max_element(maxima.begin(), maxima.end()) / threshold.unit.back());
    }
    const double allowed = allowed_per_day * static_cast<double>(days);
    const Calibration calibration{scores, first, last, rules};
    if (allowed >= 1) {
        const auto whole = static_cast<std::size_t>(allowed);
        const double at_whole = calibration.level_for(threshold, whole, largest);
        const double at_next = calibration.level_for(threshold, whole + 1, largest);
        threshold.level = at_whole + (allowed - static_cast<double>(whole)) * (at_next - at_whole);
        return threshold;
    }
    // Rarer than the history can show: the tail above the level of four episodes is taken as exponential.
    const double at_four = calibration.level_for(threshold, 4, largest);
    const double at_one = calibration.level_for(threshold, 1, largest);
    threshold.level = at_one + (at_one - at_four) / std::log(4.0) * std::log(1.0 / allowed);
    return threshold;
}

}  // namespace loadstar::detect
