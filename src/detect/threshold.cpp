#include "detect/threshold.hpp"

#include <algorithm>
#include <cmath>

namespace loadstar::detect {
namespace {

constexpr double least_size = 1;        // below one standard deviation, or one hour of repetition, nothing is odd
constexpr double least_unit_rank = 20;  // units from fewer days would fit the extremes of the calibration itself
constexpr double hysteresis = 0.8;      // of the threshold: above it an episode goes on
constexpr double passed = 1 + 1e-9;     // a tie with the level is no news: some statistics take few values
constexpr std::size_t tail_rank = 4;    // rarer than the fourth largest episode, the tail is taken as exponential

/// Episodes of [first, last), where `ratio(slot)` is the score in thresholds.
template <typename Ratio>
std::vector<Episode> find_episodes(const std::vector<bool>& usable, Ratio ratio, int first, int last, int quiet_slots) {
    std::vector<Episode> found;
    bool inside = false;
    for (int slot = first; slot < last; ++slot) {
        if (!usable[static_cast<std::size_t>(slot)]) continue;
        const double here = ratio(slot);
        if (here > passed && !inside) {
            found.push_back({.first = slot, .last = slot, .peak = here});
            inside = true;
        }
        if (!inside) continue;
        auto& episode = found.back();
        episode.peak = std::max(episode.peak, here);
        if (here >= hysteresis) {
            episode.last = slot;
        } else if (slot - episode.last >= quiet_slots) {
            inside = false;
        }
    }
    if (inside) found.back().open = true;
    return found;
}

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

/// A run of slots cut into days.
struct Days {
    int first = 0;
    int last = 0;
    int slots_per_day = 96;
};

/// Largest absolute value of every day with usable slots, the largest first.
std::vector<double> daily_maxima(const Scores& scores, std::size_t statistic, const Days& days) {
    std::vector<double> maxima;
    for (int day = days.first; day < days.last; day += days.slots_per_day) {
        double largest = -1;
        for (int slot = day; slot < std::min(day + days.slots_per_day, days.last); ++slot) {
            const auto at = static_cast<std::size_t>(slot);
            if (scores.usable[at]) largest = std::max(largest, std::abs(scores.by_statistic[statistic][at]));
        }
        if (largest >= 0) maxima.push_back(largest);
    }
    std::sort(maxima.rbegin(), maxima.rend());
    return maxima;
}

/// Days with at least one usable slot.
int usable_days(const Scores& scores, const Days& days) {
    int count = 0;
    for (int day = days.first; day < days.last; day += days.slots_per_day) {
        const auto begin = scores.usable.begin() + day;
        const auto end = scores.usable.begin() + std::min(day + days.slots_per_day, days.last);
        count += std::find(begin, end, true) != end ? 1 : 0;
    }
    return count;
}

/// The calibration slots [first, last) with one number each.
class Calibration {
  public:
    Calibration(const std::vector<bool>& usable, const Days& days, const EpisodeRules& rules)
        : usable_(usable), first_(days.first), last_(days.last), rules_(rules) {}

    /// Level that episodes of `size(slot)` reach at the rate that belongs to `rank`.
    template <typename Size>
    [[nodiscard]] double level(double rank, Size size) {
        measure(size);
        const auto found = levels(std::max(tail_rank, static_cast<std::size_t>(rank) + 1));
        return found.empty() ? 1 : level_at(rank, found);
    }

  private:
    static constexpr int block_slots = 16;

    template <typename Size>
    void measure(Size size) {
        sizes_.clear();
        largest_.clear();
        for (int slot = first_; slot < last_; ++slot) {
            const bool usable = usable_[static_cast<std::size_t>(slot)];
            sizes_.push_back(usable ? size(slot) : 0);
            if ((slot - first_) % block_slots == 0) largest_.push_back(0);
            largest_.back() = std::max(largest_.back(), sizes_.back());
        }
    }
    /// Number of episodes at a level, as find_episodes counts them; blocks that stay below it are passed over.
    [[nodiscard]] std::size_t count(double level) const {
        std::size_t found = 0;
        int next = 0;
        for (int block = 0; block < static_cast<int>(largest_.size()); ++block) {
            if (largest_[static_cast<std::size_t>(block)] < level) continue;
            const int end = std::min((block + 1) * block_slots, last_ - first_);
            for (int at = std::max(next, block * block_slots); at < end; ++at) {
                if (sizes_[static_cast<std::size_t>(at)] < level) continue;
                ++found;
                at = end_of_episode(at, level);
                next = at + 1;
            }
        }
        return found;
    }
    [[nodiscard]] int end_of_episode(int begin, double level) const {
        int last_high = begin;
        for (int at = begin; at < last_ - first_; ++at) {
            if (!usable_[static_cast<std::size_t>(first_ + at)]) continue;
            if (sizes_[static_cast<std::size_t>(at)] >= hysteresis * level) {
                last_high = at;
            } else if (at - last_high >= rules_.quiet_slots) {
                return at;
            }
        }
        return last_ - first_;
    }
    /// [r - 1] = highest level that `r` episodes reach, for r up to `most`. Scanned from the top, for the count need
    /// not rise all the way down: episodes join at low levels. Shorter than `most` where no level has so many episodes.
    [[nodiscard]] std::vector<double> levels(std::size_t most) const {
        auto candidates = largest_;  // only there can the count rise as the level falls
        std::sort(candidates.rbegin(), candidates.rend());
        std::vector<double> found;
        double tried = candidates.empty() ? 0 : 2 * candidates.front();
        for (const double level : candidates) {
            if (level <= 0 || found.size() == most) break;
            if (level > 0.995 * tried) continue;
            tried = level;
            const std::size_t reached = std::min(count(level), most);
            if (reached > found.size()) found.resize(reached, level);
        }
        return found;
    }

    const std::vector<bool>& usable_;
    int first_;
    int last_;
    const EpisodeRules& rules_;
    std::vector<double> sizes_{};    ///< [slot - first]
    std::vector<double> largest_{};  ///< [block] of its sizes
};

}  // namespace

double Threshold::ratio(const Scores& scores, std::size_t s, int slot) const {
    return std::abs(scores.by_statistic[s][static_cast<std::size_t>(slot)]) / (unit[s] * level);
}

std::size_t Threshold::strongest(const Scores& scores, int slot) const {
    std::size_t best = 0;
    for (std::size_t s = 1; s < unit.size(); ++s) {
        if (ratio(scores, s, slot) > ratio(scores, best, slot)) best = s;
    }
    return best;
}

double Threshold::ratio(const Scores& scores, int slot) const { return ratio(scores, strongest(scores, slot), slot); }

std::vector<Episode> episodes(const Scores& scores, const Threshold& threshold, int first, int last,
                              const EpisodeRules& rules) {
    const auto ratio = [&](int slot) { return threshold.ratio(scores, slot); };
    auto found = find_episodes(scores.usable, ratio, first, last, rules.quiet_slots);
    for (auto& episode : found) episode.statistic = threshold.strongest(scores, episode.first);
    return found;
}

std::optional<Threshold> calibrate(const Scores& scores, const Calibrate& wanted, const EpisodeRules& rules) {
    const Days span{wanted.first, wanted.last, rules.slots_per_day};
    const int days = usable_days(scores, span);
    if (days < rules.least_days) return std::nullopt;
    // A new day passes the r-th largest of n with probability r / (n + 1): this rank makes it the allowed rate.
    const double rank = wanted.allowed_per_day * (days + 1);
    Threshold threshold{.unit = {}, .level = 1};
    for (std::size_t s = 0; s < scores.by_statistic.size(); ++s)
        threshold.unit.push_back(
            std::max(least_size, level_at(std::max(rank, least_unit_rank), daily_maxima(scores, s, span))));
    Calibration calibration(scores.usable, span, rules);
    const auto largest = [&](int slot) { return threshold.ratio(scores, slot); };
    threshold.level = calibration.level(wanted.correction * rank, largest);
    return threshold;
}

}  // namespace loadstar::detect
