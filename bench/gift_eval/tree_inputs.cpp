#include "gift_eval/tree_inputs.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace loadstar::gift_eval {
namespace {

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
constexpr int days_of_week = 7;

int cycle_of(int points_a_day) {
    constexpr int weeks_of_month = 4;
    if (points_a_day > 1) return points_a_day;
    return points_a_day == 1 ? days_of_week : weeks_of_month;
}

/// Sums of what is known.
struct Moments {
    double count = 0;
    double sum = 0;
    double squares = 0;

    void add(double value) {
        if (std::isnan(value)) return;
        ++count;
        sum += value;
        squares += value * value;
    }
    [[nodiscard]] double mean() const { return count > 0 ? sum / count : unknown; }
    [[nodiscard]] double deviation() const {
        return count > 1 ? std::sqrt(std::max(0.0, squares / count - mean() * mean())) : unknown;
    }
};

}  // namespace

TreeInputs::TreeInputs(const WindowTask& task, double least_scale)
    : history_(task.history), points_a_day_(task.points_a_day), cycle_(cycle_of(task.points_a_day)) {
    Moments week;
    const auto length = std::min(history_.size(), static_cast<std::size_t>(days_of_week * cycle_));
    for (const float value : history_.last(length)) week.add(value);
    centre_ = week.mean();
    scale_ = std::max(least_scale, week.deviation());
    describe_origin(task.variate);
}

double TreeInputs::recent(int points) const {
    Moments moments;
    const auto length = std::min(history_.size(), static_cast<std::size_t>(std::max(1, points)));
    for (const float value : history_.last(length)) moments.add(scaled(value));
    return moments.mean();
}

double TreeInputs::deviation(int points) const {
    Moments moments;
    for (const float value : history_.last(std::min(history_.size(), static_cast<std::size_t>(points)))) {
        moments.add(scaled(value));
    }
    return moments.deviation();
}

double TreeInputs::value_at(int at) const { return at < 0 ? unknown : scaled(history_[static_cast<std::size_t>(at)]); }

void TreeInputs::describe_origin(int variate) {
    const auto week = history_.last(std::min(history_.size(), static_cast<std::size_t>(days_of_week * cycle_)));
    origin_ = {static_cast<double>(variate),
               recent(1),
               recent(cycle_ / 24),
               recent(cycle_ / 8),
               recent(cycle_),
               recent(3 * cycle_),
               recent(4 * days_of_week * cycle_),
               deviation(cycle_),
               deviation(4 * days_of_week * cycle_),
               scaled(*std::min_element(week.begin(), week.end())),
               scaled(*std::max_element(week.begin(), week.end()))};
}

void TreeInputs::append(std::vector<double>& values, int step, double base) const {
    const int at = static_cast<int>(history_.size()) + step;
    const int like = at - cycle_ * (step / cycle_ + 1);  // the last known point of the same place in the cycle
    const int week = days_of_week * cycle_;
    Moments like_week;
    Moments around;
    Moments like_month;
    for (int back = 0; back < 4 * days_of_week; ++back) {
        const double value = value_at(like - back * cycle_);
        like_month.add(value);
        if (back >= days_of_week) continue;
        like_week.add(value);
        for (int aside = -cycle_ / 24; aside <= cycle_ / 24; ++aside) {
            const int place = like - back * cycle_ + aside;
            if (place < static_cast<int>(history_.size())) around.add(value_at(place));
        }
    }
    values.insert(values.end(), origin_.begin(), origin_.end());
    const double day = points_a_day_ > 0 ? at / points_a_day_ % days_of_week : 0;
    values.insert(values.end(),
                  {static_cast<double>(step), static_cast<double>(at % cycle_), day, value_at(like),
                   value_at(like - cycle_), value_at(like - 2 * cycle_), value_at(at - week * (step / week + 1)),
                   like_week.mean(), like_week.deviation(), around.mean(), like_month.mean(), scaled(base)});
}

}  // namespace loadstar::gift_eval
