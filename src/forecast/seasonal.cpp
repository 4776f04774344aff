#include "forecast/seasonal.hpp"

#include "features/slot_features.hpp"

namespace loadstar::forecast {
namespace {

constexpr int days_per_week = 7;

/// The last day on or before `day` minus a multiple of `stride` on which the slot is known; negative when there is
/// none.
int last_known(const features::Seen& seen, int day, int slot, int stride) {
    int found = day - stride;
    while (features::Cell{.day = found, .slot = slot} >= seen.end()) found -= stride;
    return found;
}

DayPoints repeated(const features::Seen& seen, int day, int stride) {
    DayPoints points;
    for (int slot = 0; slot < seen.grid().slots(); ++slot) {
        points.push_back(seen.value(last_known(seen, day, slot, stride), slot));
    }
    return points;
}

std::vector<int> last_days(const features::Seen& seen, int count) {
    std::vector<int> days;
    for (int back = 1; back <= count; ++back) days.push_back(seen.whole_days() - back);
    return days;
}

}  // namespace

std::string Seasonal::name() const {
    switch (kind_) {
        case SeasonalKind::day: return "seasonal_day";
        case SeasonalKind::week: return "seasonal_week";
        case SeasonalKind::type: return "seasonal_type";
        case SeasonalKind::mean7: return "seasonal_mean7";
        case SeasonalKind::mean3_type: break;
    }
    return "seasonal_mean3";
}

bool Seasonal::ready(const FeatureTable& table, int day) const {
    const auto seen = table.seen(day);
    switch (kind_) {
        case SeasonalKind::day: return last_known(seen, day, seen.grid().slots() - 1, 1) >= 0;
        case SeasonalKind::week: return last_known(seen, day, seen.grid().slots() - 1, days_per_week) >= 0;
        case SeasonalKind::type: return !features::same_type_days(seen, day, 1).empty();
        case SeasonalKind::mean7: return seen.whole_days() >= days_per_week;
        case SeasonalKind::mean3_type: break;
    }
    return features::same_type_days(seen, day, 3).size() == 3;
}

DayPoints Seasonal::predict(FeatureTable& table, int day) const {
    const auto seen = table.seen(day);
    switch (kind_) {
        case SeasonalKind::day: return repeated(seen, day, 1);
        case SeasonalKind::week: return repeated(seen, day, days_per_week);
        case SeasonalKind::type: return features::mean_profile(seen, features::same_type_days(seen, day, 1));
        case SeasonalKind::mean7: return features::mean_profile(seen, last_days(seen, days_per_week));
        case SeasonalKind::mean3_type: break;
    }
    return features::mean_profile(seen, features::same_type_days(seen, day, 3));
}

}  // namespace loadstar::forecast
