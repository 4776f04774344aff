#include "forecast/point_method.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace loadstar::forecast {
namespace {

/// Days until the next fit. What was learnt from a few days is soon outdated.
int days_until_refit(int known, int refit_days) { return known >= refit_days ? refit_days : std::max(1, known / 3); }

}  // namespace

nlohmann::json PointMethod::state() const { return nullptr; }

PointRecord roll(PointMethod& method, FeatureTable& table, const RollingSpan& span) {
    PointRecord record{.from = span.from};
    int next_fit = span.from;
    for (int day = span.from; day < span.to; ++day) {
        const int known = table.rule().first_open(day);
        if (known >= 0 && day >= next_fit) {
            method.fit(table, known);
            next_fit = day + days_until_refit(known, span.refit_days);
        }
        if (known < 0 || !method.ready(table, day)) {
            record = {.from = day + 1};
            next_fit = day + 1;
            continue;
        }
        record.days.push_back(method.predict(table, day));
    }
    return record;
}

}  // namespace loadstar::forecast
