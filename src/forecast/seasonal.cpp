#include "forecast/seasonal.hpp"

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

DayPoints mean_of(const features::Seen& seen, const std::vector<int>& days) {
    DayPoints points(static_cast<std::size_t>(seen.grid().slots()), 0.0);
    for (const int day : days) {
        for (int slot = 0; slot < seen.grid().slots(); ++slot) {
            points[static_cast<std::size_t>(slot)] += seen.value(day, slot) / static_cast<double>(days.size());
        }
    }
    return points;
}

}  // namespace

std::vector<int> same_type_days(const features::Seen& seen, int day, int count) {
    std::vector<int> found;
    const auto type = seen.grid().day_type(day);
    for (int past = std::min(seen.whole_days(), day) - 1; past >= 0 && static_cast<int>(found.size()) < count; --past) {
        if (seen.grid().day_type(past) == type) found.push_back(past);
    }
    return found;
}

std::string Seasonal::name() const {
    switch (kind_) {
        case SeasonalKind::day: return "seasonal_day";
        case SeasonalKind::week: return "seasonal_week";
        case SeasonalKind::type: return "seasonal_type";
        case SeasonalKind::mean3_type: break;
    }
    return "seasonal_mean3";
}

bool Seasonal::ready(const features::Seen& seen, int day) const {
    switch (kind_) {
        case SeasonalKind::day: return last_known(seen, day, seen.grid().slots() - 1, 1) >= 0;
        case SeasonalKind::week: return last_known(seen, day, seen.grid().slots() - 1, days_per_week) >= 0;
        case SeasonalKind::type: return !same_type_days(seen, day, 1).empty();
        case SeasonalKind::mean3_type: break;
    }
    return same_type_days(seen, day, 3).size() == 3;
}

DayPoints Seasonal::predict(const features::Seen& seen, int day) const {
    switch (kind_) {
        case SeasonalKind::day: return repeated(seen, day, 1);
        case SeasonalKind::week: return repeated(seen, day, days_per_week);
        case SeasonalKind::type: return mean_of(seen, same_type_days(seen, day, 1));
        case SeasonalKind::mean3_type: break;
    }
    return mean_of(seen, same_type_days(seen, day, 3));
}

}  // namespace loadstar::forecast
