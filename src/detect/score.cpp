#include "detect/score.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <deque>
#include <optional>
#include <utility>

#include "detect/day_class.hpp"

namespace loadstar::detect {
namespace {

constexpr int hours_of_day = 24;
constexpr int buckets = hours_of_day * day_class_count;
constexpr int history_days = 56;
constexpr double hour_lean = 4;  // samples' worth
constexpr double bucket_lean = 24;
constexpr double least_share = 0.02;    // of the wider scale
constexpr double least_of_mean = 0.01;  // of the mean of the meter: a smaller scale is not to be believed
constexpr double clip = 6;              // one wild slot must not fill the memory of the averages
constexpr double cusum_slack = 0.5;
constexpr double cusum_ceiling = 200;  // bounds the way back to normal after a long alarm

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

/// A value with the bucket of its time.
struct BucketValue {
    int bucket;
    double value;
    double size;  ///< what the meter showed
};
using DayOfResiduals = std::vector<BucketValue>;

/// Location and scale of some values, leaning on a wider location as if it were worth `samples` of them. Shrunk on the
/// logarithm: a quiet night is not blinded by a noisy shift.
Location leaning(const std::vector<double>& values, const Location& wider, double samples) {
    const auto own = robust_location(values);
    const auto count = static_cast<double>(values.size());
    const double share = count / (count + samples);
    return {
        .centre = own.centre * share + wider.centre * (1 - share),
        .scale = std::pow(std::max(own.scale, least_share * wider.scale), share) * std::pow(wider.scale, 1 - share)};
}

/// Location and scale of every bucket, that is hour of day x class of day. A bucket leans on the same hour of all
/// working days, or of all days off, and that on the whole.
class TimeOfWeekScale {
  public:
    TimeOfWeekScale(const std::deque<DayOfResiduals>& days, Centre centre) : centre_(centre) {
        std::array<std::vector<double>, buckets> by_bucket;
        std::array<std::vector<double>, 2 * hours_of_day> by_hour;
        std::vector<double> all;
        double mean_size = 0;
        double mean_residual = 0;
        for (const auto& day : days) {
            for (const auto& [bucket, value, size] : day) {
                by_bucket[static_cast<std::size_t>(bucket)].push_back(value);
                by_hour[hour_index(bucket)].push_back(value);
                all.push_back(value);
                mean_size += std::abs(size);
                mean_residual += std::abs(value);
            }
        }
        const auto count = static_cast<double>(std::max<std::size_t>(1, all.size()));
        // MAD is zero on a meter that mostly repeats itself; the means keep the scale honest there.
        const double least_scale = std::max(least_of_mean * mean_size / count, 1e-9);
        const Location whole{.centre = 0,
                             .scale = std::max({robust_location(all).scale, mean_residual / count, least_scale})};
        for (int bucket = 0; bucket < buckets; ++bucket) {
            const auto b = static_cast<std::size_t>(bucket);
            const auto hour = leaning(by_hour[hour_index(bucket)], whole, hour_lean);
            locations_[b] = leaning(by_bucket[b], hour, bucket_lean);
            locations_[b].scale = std::max(locations_[b].scale, least_scale);
        }
    }
    [[nodiscard]] double standardise(int bucket, double residual) const {
        const auto& location = locations_[static_cast<std::size_t>(bucket)];
        return (residual - (centre_ == Centre::recent ? location.centre : 0)) / location.scale;
    }
    [[nodiscard]] double of(int bucket) const { return locations_[static_cast<std::size_t>(bucket)].scale; }

  private:
    static std::size_t hour_index(int bucket) {
        const auto day = static_cast<DayClass>(bucket % day_class_count);
        const bool off = day == DayClass::saturday || day == DayClass::rest;
        return static_cast<std::size_t>(2 * (bucket / day_class_count) + (off ? 1 : 0));
    }
    Centre centre_;
    std::array<Location, buckets> locations_;
};

/// Mean of z over a fading memory, each slot with a weight, in its own standard deviations were the z independent.
class FadingMean {
  public:
    FadingMean(Duration step, Duration memory)
        : fade_(std::min(1.0, static_cast<double>(step.count()) / static_cast<double>(memory.count()))) {}

    void take(double z, double weight) {
        sum_ += fade_ * (weight * z - sum_);
        square_ += fade_ * (weight * weight - square_);
    }
    void forget() { take(0, 0); }
    [[nodiscard]] double value() const {
        if (square_ <= 0) return 0;
        return sum_ / std::sqrt(square_ * fade_ / (2 - fade_));
    }

  private:
    double fade_;
    double sum_ = 0;
    double square_ = 0;
};

/// Running statistics of the standardised residual.
class Memory {
  public:
    explicit Memory(Duration step)
        : means_{FadingMean(step, minutes(60)),   FadingMean(step, minutes(750)),  FadingMean(step, hours(3 * 24)),
                 FadingMean(step, hours(3 * 24)), FadingMean(step, hours(8 * 24)), FadingMean(step, hours(8 * 24))} {}

    /// @param constant  what one unit of the meter is in standard deviations of this slot
    /// @param share     what the expected value is in standard deviations of this slot
    void take(double z, double constant, double share) {
        const double bounded = std::clamp(z, -clip, clip);
        const std::array<double, mean_count> weights{1, 1, constant, share, constant, share};
        for (std::size_t m = 0; m < mean_count; ++m) means_[m].take(bounded, weights[m]);
        up_ = std::clamp(up_ + bounded - cusum_slack, 0.0, cusum_ceiling);
        down_ = std::clamp(down_ - bounded - cusum_slack, 0.0, cusum_ceiling);
    }
    void forget() {
        for (auto& mean : means_) mean.forget();
        up_ = std::max(0.0, up_ - cusum_slack);
        down_ = std::max(0.0, down_ - cusum_slack);
    }
    [[nodiscard]] std::array<double, statistic_count> values(double z) const {
        std::array<double, statistic_count> values{z};
        for (std::size_t m = 0; m < mean_count; ++m) values[m + 1] = means_[m].value();
        values.back() = up_ >= down_ ? up_ : -down_;
        return values;
    }

  private:
    static constexpr std::size_t mean_count = statistic_count - 2;
    std::array<FadingMean, mean_count> means_;
    double up_ = 0;
    double down_ = 0;
};

/// The last weeks of residuals by bucket, and the scale fitted to them anew every local day.
class History {
  public:
    History(int least_days, Centre centre) : least_days_(least_days), centre_(centre) {}

    void start_day() {
        if (!today_.empty()) days_.push_back(std::exchange(today_, {}));
        if (days_.size() > history_days) days_.pop_front();
        if (static_cast<int>(days_.size()) >= least_days_) scale_.emplace(days_, centre_);
    }
    void take(const BucketValue& value) { today_.push_back(value); }
    [[nodiscard]] const std::optional<TimeOfWeekScale>& scale() const { return scale_; }

  private:
    int least_days_;
    Centre centre_;
    std::deque<DayOfResiduals> days_;
    DayOfResiduals today_;
    std::optional<TimeOfWeekScale> scale_;
};

int bucket_of(const CivilTime& civil, DayClass day) { return civil.hour * day_class_count + static_cast<int>(day); }

}  // namespace

Scores score(const ScoreInput& input) {
    const auto& axis = input.measured.axis;
    const auto slots = static_cast<std::size_t>(axis.slots);
    Scores scores{.by_statistic = std::vector<std::vector<double>>(statistic_count, std::vector<double>(slots, 0.0)),
                  .standardised = std::vector<double>(slots, 0.0),
                  .usable = std::vector<bool>(slots, false)};
    History history(input.least_days, input.centre);
    std::optional<LocalDay> current;
    auto today = DayClass::rest;
    Memory memory(axis.step);
    for (int slot = 0; slot < axis.slots; ++slot) {
        const auto at = static_cast<std::size_t>(slot);
        const auto civil = input.zone.to_civil(axis.slot_start(slot));
        if (current != civil.date()) {
            history.start_day();
            current = civil.date();
            today = day_class(input.calendar, *current);
        }
        const int bucket = bucket_of(civil, today);
        if (input.measured.has(slot) && input.expected.has(slot)) {
            const double expected = input.expected.values[at];
            const double residual = input.measured.values[at] - expected;
            history.take({bucket, residual, input.meter.at(slot).value_or(0)});
            if (const auto& scale = history.scale()) {
                scores.standardised[at] = scale->standardise(bucket, residual);
                memory.take(scores.standardised[at], 1 / scale->of(bucket), std::abs(expected) / scale->of(bucket));
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

Series trailing_base(const Series& measured) {
    const int hour = std::max(1, static_cast<int>(hours(1) / measured.axis.step));
    const int day = 24 * hour;
    auto base = Series::missing(measured.info, measured.axis);
    std::deque<std::pair<int, double>> least;  // slots with rising hourly means: the front is the least of the day
    double sum = 0;
    int in_hour = 0;
    int in_day = 0;
    for (int slot = 0; slot < measured.size(); ++slot) {
        const auto value = measured.at(slot);
        sum += value.value_or(0);
        in_hour += value ? 1 : 0;
        in_day += value ? 1 : 0;
        if (slot >= hour && measured.has(slot - hour)) {
            sum -= *measured.at(slot - hour);
            --in_hour;
        }
        if (slot >= day && measured.has(slot - day)) --in_day;
        if (in_hour == hour) {
            while (!least.empty() && least.back().second >= sum) least.pop_back();
            least.emplace_back(slot, sum);
        }
        while (!least.empty() && least.front().first <= slot - day) least.pop_front();
        if (value && 2 * in_day >= day && !least.empty()) base.set(slot, least.front().second / hour);
    }
    return base;
}

std::vector<double> repetitions(const Series& measured) {
    std::vector<double> runs(static_cast<std::size_t>(measured.size()), 0.0);
    std::optional<double> last;
    double run = 0;
    for (int slot = 0; slot < measured.size(); ++slot) {
        if (const auto value = measured.at(slot)) {
            run = value == last ? run + 1 : 0;
            last = value;
        }
        runs[static_cast<std::size_t>(slot)] = run * measured.axis.step_hours().value();
    }
    return runs;
}

}  // namespace loadstar::detect
