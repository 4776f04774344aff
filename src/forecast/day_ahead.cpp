#include "forecast/day_ahead.hpp"

#include <algorithm>
#include <cmath>

namespace loadstar::forecast {

PointRecord roll(PointMethod& method, const features::DayGrid& grid, const IssueRule& rule, const RollingSpan& span) {
    PointRecord record{.from = span.from};
    int next_fit = span.from;
    for (int day = span.from; day < span.to; ++day) {
        if (rule.first_open(day) < 0) {
            record.from = day + 1;
            next_fit = day + 1;
            continue;
        }
        const auto seen = rule.seen(grid, day);
        if (day >= next_fit) {
            method.fit(seen, rule);
            next_fit = day + span.refit_days;
        }
        if (!method.ready(seen, day)) {
            record = {.from = day + 1};
            next_fit = day + 1;
            continue;
        }
        record.days.push_back(method.predict(seen, day));
    }
    return record;
}

void make_proper(DayQuantiles& quantiles, const features::DayGrid& grid) {
    for (auto& slot : quantiles) {
        std::sort(slot.begin(), slot.end());
        if (!grid.never_negative()) continue;
        for (auto& value : slot) value = std::max(value, 0.0);
    }
}

double quantile_of_sorted(const std::vector<double>& sorted, double probability) {
    const double position = probability * static_cast<double>(sorted.size() - 1);
    const auto below = static_cast<std::size_t>(position);
    if (below + 1 >= sorted.size()) return sorted.back();
    return sorted[below] + (position - std::floor(position)) * (sorted[below + 1] - sorted[below]);
}

}  // namespace loadstar::forecast
