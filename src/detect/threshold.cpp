#include "detect/threshold.hpp"

#include <algorithm>
#include <cmath>

namespace loadstar::detect {
namespace {

constexpr int least_calibration_days = 28;
constexpr double unit_quantile = 0.95;
constexpr double least_level = 0.05;
constexpr std::size_t tail_rank = 4;  // rarer than the fourth largest episode, the tail is taken as exponential
constexpr int candidate_blocks_per_day = 4;

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

/// Episodes of [first, last), where `ratio(slot)` is the score in thresholds.
template <typename Ratio>
std::vector<Episode> find_episodes(const std::vector<bool>& usable, Ratio ratio, int first, int last, int quiet_slots) {
    std::vector<Episode> found;
    bool inside = false;
    for (int slot = first; slot < last; ++slot) {
        if (!usable[static_cast<std::size_t>(slot)]) continue;
        const double here = ratio(slot);
        if (here >= 1 && !inside) {
            found.push_back({.first = slot, .last = slot, .peak = here});
            inside = true;
        }
        if (!inside) continue;
        auto& episode = found.back();
        episode.peak = std::max(episode.peak, here);
        if (here >= 0.5) {
            episode.last = slot;
        } else if (slot - episode.last >= quiet_slots) {
            inside = false;
        }
    }
    if (inside) found.back().open = true;
    return found;
}

/// The calibration slots with one number each: the largest statistic in its unit.
struct Calibration {
    const Scores& scores;
    int first;
    int last;
    const EpisodeRules& rules;
    std::vector<double> sizes{};  ///< [slot - first]

    void measure(Threshold unit) {
        unit.level = 1;
        for (int slot = first; slot < last; ++slot) sizes.push_back(unit.ratio(scores, slot));
    }
    [[nodiscard]] std::size_t count(double level) const {
        const auto ratio = [this, level](int slot) { return sizes[static_cast<std::size_t>(slot - first)] / level; };
        return find_episodes(scores.usable, ratio, first, last, rules.quiet_slots).size();
    }
    /// Largest sizes of quarter days, from the top: where the count of episodes can rise as the level falls.
    [[nodiscard]] std::vector<double> candidates() const {
        std::vector<double> found;
        const int block = std::max(1, rules.slots_per_day / candidate_blocks_per_day);
        for (int begin = first; begin < last; begin += block) {
            double largest = 0;
            for (int slot = begin; slot < std::min(begin + block, last); ++slot) {
                if (scores.usable[static_cast<std::size_t>(slot)])
                    largest = std::max(largest, sizes[static_cast<std::size_t>(slot - first)]);
            }
            if (largest >= least_level) found.push_back(largest);
        }
        std::sort(found.rbegin(), found.rend());
        return found;
    }
    /// [r - 1] = highest level that `r` episodes reach, for r up to `most`. Scanned from the top, for the count need
    /// not rise all the way down: episodes join at low levels. Shorter than `most` where no level has so many episodes.
    [[nodiscard]] std::vector<double> levels(std::size_t most) const {
        std::vector<double> found;
        for (const double level : candidates()) {
            const std::size_t reached = std::min(count(level), most);
            if (reached > found.size()) found.resize(reached, level);
            if (found.size() == most) break;
        }
        return found;
    }
};

/// Level that the `rank`-th largest episode reaches, for ranks between whole numbers and below the first.
double level_at(double rank, const std::vector<double>& levels) {
    const std::size_t tail = std::min(tail_rank, levels.size());
    const double base = levels[tail - 1];
    if (rank >= static_cast<double>(tail)) {
        const auto below = std::min(static_cast<std::size_t>(rank), levels.size());
        const auto above = std::min(below + 1, levels.size());
        const double part = rank - std::floor(rank);
        return levels[below - 1] * (1 - part) + levels[above - 1] * part;
    }
    // The mean excess of the larger ones over the last is the scale of an exponential tail.
    double scale = 0;
    for (std::size_t i = 0; i + 1 < tail; ++i) scale += (levels[i] - base) / static_cast<double>(tail - 1);
    return base + scale * std::log(static_cast<double>(tail) / rank);
}

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
    const auto ratio = [&](int slot) { return threshold.ratio(scores, slot); };
    return find_episodes(scores.usable, ratio, first, last, rules.quiet_slots);
}

std::optional<Threshold> calibrate(const Scores& scores, int first, int last, double allowed_per_day,
                                   const EpisodeRules& rules) {
    Threshold threshold;
    double days = 0;
    for (std::size_t s = 0; s < scores.by_statistic.size(); ++s) {
        const auto maxima = daily_maxima(scores, s, first, last, rules.slots_per_day);
        if (maxima.size() < least_calibration_days) return std::nullopt;
        days = static_cast<double>(maxima.size());
        threshold.unit.push_back(std::max(quantile_of(maxima, unit_quantile), 1e-6));
    }
    Calibration calibration{scores, first, last, rules};
    calibration.measure(threshold);
    // A new day passes the r-th largest of n with probability r / (n + 1): this rank makes it the allowed rate.
    const double rank = allowed_per_day * (days + 1);
    const auto levels = calibration.levels(std::max(tail_rank, static_cast<std::size_t>(rank) + 1));
    threshold.level = levels.empty() ? 1 : level_at(rank, levels);
    return threshold;
}

}  // namespace loadstar::detect
