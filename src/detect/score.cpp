#include "detect/score.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <deque>

namespace loadstar::detect {
namespace {

constexpr int hours_of_day = 24;
constexpr int day_types = 3;
constexpr int buckets = hours_of_day * day_types;
constexpr int history_days = 56;
constexpr int least_history_days = 14;
constexpr double clip = 6;            // one wild slot must not fill the memory of the averages
constexpr double fast_weight = 0.25;  // about one hour of quarter-hours
constexpr double slow_weight = 0.02;  // about half a day
constexpr double cusum_slack = 0.5;
constexpr double cusum_ceiling = 60;  // bounds the way back to normal after a long alarm

struct Location {
    double centre = 0;
    double scale = 1;
};

double median_of(std::vector<double>& values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

/// Median and 1.4826 MAD.
Location robust_location(std::vector<double> values) {
    if (values.empty()) return {};
    const double centre = median_of(values);
    for (double& value : values) value = std::abs(value - centre);
    return {.centre = centre, .scale = 1.4826 * median_of(values)};
}

/// Location and scale of every bucket; few samples lean on the whole.
class TimeOfWeekScale {
  public:
    explicit TimeOfWeekScale(const std::deque<std::array<std::vector<double>, buckets>>& days) {
        std::vector<double> all;
        std::array<std::vector<double>, buckets> by_bucket;
        for (const auto& day : days) {
            for (std::size_t b = 0; b < buckets; ++b) {
                by_bucket[b].insert(by_bucket[b].end(), day[b].begin(), day[b].end());
                all.insert(all.end(), day[b].begin(), day[b].end());
            }
        }
        double mean_size = 0;
        for (const double value : all) mean_size += std::abs(value);
        const auto whole = robust_location(all);
        // MAD is zero on a meter that mostly repeats itself; the mean size keeps the scale honest there.
        const double whole_scale =
            std::max({whole.scale, mean_size / std::max<double>(1, static_cast<double>(all.size())), 1e-9});
        for (std::size_t b = 0; b < buckets; ++b) {
            const auto count = static_cast<double>(by_bucket[b].size());
            const auto own = robust_location(by_bucket[b]);
            constexpr double lean = 12;
            const double variance = (count * own.scale * own.scale + lean * whole_scale * whole_scale) / (count + lean);
            locations_[b] = {.centre = own.centre * count / (count + lean),
                             .scale = std::max(std::sqrt(variance), 0.1 * whole_scale)};
        }
    }
    [[nodiscard]] double standardise(int bucket, double residual) const {
        const auto& location = locations_[static_cast<std::size_t>(bucket)];
        return (residual - location.centre) / location.scale;
    }

  private:
    std::array<Location, buckets> locations_;
};

/// Running statistics of the standardised residual.
struct Memory {
    double fast = 0;
    double slow = 0;
    double up = 0;
    double down = 0;

    void take(double z) {
        const double bounded = std::clamp(z, -clip, clip);
        fast += fast_weight * (bounded - fast);
        slow += slow_weight * (bounded - slow);
        up = std::clamp(up + bounded - cusum_slack, 0.0, cusum_ceiling);
        down = std::clamp(down - bounded - cusum_slack, 0.0, cusum_ceiling);
    }
    void forget() {
        fast *= 1 - fast_weight;
        slow *= 1 - slow_weight;
        up = std::max(0.0, up - cusum_slack);
        down = std::max(0.0, down - cusum_slack);
    }
    [[nodiscard]] std::array<double, statistic_count> values(double z) const {
        // Divided by their standard deviation for independent residuals, so that all start on one footing.
        return {z, fast / std::sqrt(fast_weight / (2 - fast_weight)), slow / std::sqrt(slow_weight / (2 - slow_weight)),
                (up >= down ? up : -down) / 4};
    }
};

int bucket_of(const CivilTime& civil, DayType type) { return civil.hour * day_types + static_cast<int>(type); }

}  // namespace

double Scores::largest(int slot) const {
    double best = 0;
    for (const auto& values : by_statistic) best = std::max(best, std::abs(values[static_cast<std::size_t>(slot)]));
    return best;
}

Statistic Scores::strongest(int slot) const {
    int best = 0;
    for (int s = 1; s < statistic_count; ++s) {
        const auto value = [&](int k) {
            return std::abs(by_statistic[static_cast<std::size_t>(k)][static_cast<std::size_t>(slot)]);
        };
        if (value(s) > value(best)) best = s;
    }
    return static_cast<Statistic>(best);
}

Scores score(const Series& residual, const TimeZone& zone, const WorkCalendar& calendar) {
    const auto slots = static_cast<std::size_t>(residual.axis.slots);
    Scores scores{.by_statistic = std::vector<std::vector<double>>(statistic_count, std::vector<double>(slots, 0.0)),
                  .standardised = std::vector<double>(slots, 0.0),
                  .usable = std::vector<bool>(slots, false)};
    std::deque<std::array<std::vector<double>, buckets>> days;
    std::array<std::vector<double>, buckets> today;
    std::optional<TimeOfWeekScale> scale;
    std::optional<LocalDay> current;
    Memory memory;
    for (int slot = 0; slot < residual.axis.slots; ++slot) {
        const auto at = static_cast<std::size_t>(slot);
        const auto civil = zone.to_civil(residual.axis.slot_start(slot));
        if (current != civil.date()) {
            if (current) days.push_back(std::exchange(today, {}));
            if (days.size() > history_days) days.pop_front();
            if (days.size() >= least_history_days) scale.emplace(days);
            current = civil.date();
        }
        const int bucket = bucket_of(civil, calendar.production_day_type(*current));
        if (residual.has(slot)) {
            const double value = residual.values[at];
            today[static_cast<std::size_t>(bucket)].push_back(value);
            if (scale) {
                scores.standardised[at] = scale->standardise(bucket, value);
                memory.take(scores.standardised[at]);
                scores.usable[at] = true;
            }
        } else {
            memory.forget();
        }
        const auto values = memory.values(scores.standardised[at]);
        for (std::size_t s = 0; s < statistic_count; ++s) scores.by_statistic[s][at] = values[s];
    }
    return scores;
}

}  // namespace loadstar::detect
