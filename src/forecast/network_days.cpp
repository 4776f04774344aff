#include "forecast/network_days.hpp"

#include <algorithm>
#include <limits>

#include "forecast/hourly_view.hpp"

namespace loadstar::forecast {
namespace {

constexpr int fewest_days = 2;
constexpr float unknown = std::numeric_limits<float>::quiet_NaN();

/// A run of cells around an issue.
struct Stretch {
    features::Cell begin;
    int points = 0;
};

std::vector<float> readings(const features::Seen& seen, const Stretch& stretch) {
    const auto& grid = seen.grid();
    std::vector<float> values;
    for (int at = 0; at < stretch.points; ++at) {
        const auto cell = grid.moved(stretch.begin, at);
        values.push_back(grid.measured(cell) ? static_cast<float>(seen.value(cell.day, cell.slot)) : unknown);
    }
    return values;
}

std::vector<float> covariate(const features::Seen& seen, std::size_t which, const Stretch& stretch) {
    std::vector<float> values;
    for (int at = 0; at < stretch.points; ++at) {
        const auto cell = seen.grid().moved(stretch.begin, at);
        values.push_back(static_cast<float>(seen.covariate(which, cell.day, cell.slot).value_or(unknown)));
    }
    return values;
}

/// How much a day of each type is a day of work: 1, one half on Saturdays, 0.
std::vector<float> working(const features::DayGrid& grid, const Stretch& stretch) {
    std::vector<float> values;
    for (int at = 0; at < stretch.points; ++at) {
        const auto type = grid.day_type(grid.moved(stretch.begin, at).day);
        values.push_back(type == DayType::working ? 1.0F : type == DayType::saturday ? 0.5F : 0.0F);
    }
    return values;
}

/// Days of one type are alike.
corpus::LikeDays like_days(const features::DayGrid& grid, const Stretch& stretch) {
    corpus::LikeDays like{.points = grid.slots(), .first = stretch.begin.slot};
    const int last = grid.moved(stretch.begin, stretch.points - 1).day;
    for (int day = stretch.begin.day; day <= last; ++day)
        like.types.push_back(static_cast<std::int8_t>(grid.day_type(day)));
    return like;
}

/// 1 where the network is not asked in hours: the step is no shorter, or forecasts are issued within one.
int slots_per_hour(const FeatureTable& table) {
    constexpr int hours_per_day = 24;
    const int slots = table.grid().slots();
    const int every = slots / hours_per_day;
    return slots % hours_per_day == 0 && table.seen(fewest_days + table.rule().lead).end().slot % every == 0 ? every
                                                                                                             : 1;
}

/// How much each day is worked, and the covariates.
/// @param past  of what is known up to the issue; @param all  of what is known ahead
std::vector<neural::Beside> beside_target(const features::Seen& seen, const Stretch& past, const Stretch& all) {
    std::vector<neural::Beside> beside{{.role = corpus::Role::ahead, .values = working(seen.grid(), all)}};
    const auto& covariates = seen.grid().covariates();
    for (std::size_t which = 0; which < covariates.size() && beside.size() < neural::longest_beside; ++which) {
        const bool ahead = covariates[which].reach() == features::Reach::ahead;
        beside.push_back({.role = ahead ? corpus::Role::ahead : corpus::Role::past,
                          .values = covariate(seen, which, ahead ? all : past)});
    }
    return beside;
}

DayQuantiles last_day(const std::vector<neural::Quantiles>& points, int slots) {
    DayQuantiles day(static_cast<std::size_t>(slots));
    const auto* from = &points[points.size() - static_cast<std::size_t>(slots)];
    for (auto& slot : day) {
        for (std::size_t level = 0; level < level_count; ++level) slot[level] = (*from)[neural::first_decile + level];
        ++from;
    }
    return day;
}

}  // namespace

neural::NetworkTask network_task(const FeatureTable& table, int day, int longest_context) {
    const auto seen = table.seen(day);
    const auto& grid = table.grid();
    const int known = grid.slots_between({}, seen.end());
    const int horizon = grid.slots_between(seen.end(), {.day = day + 1, .slot = 0});
    const int context = std::min(known, longest_context);
    const auto begin = grid.moved(seen.end(), -context);
    const Stretch past{.begin = begin, .points = context};
    const Stretch all{.begin = begin, .points = context + horizon};
    return {.context = readings(seen, past),
            .beside = beside_target(seen, past, all),
            .horizon = horizon,
            .like = like_days(grid, all)};
}

std::vector<neural::TuningSeries> network_past(const FeatureTable& table, int end) {
    const auto& grid = table.grid();
    const features::Seen seen(grid, {.day = end, .slot = 0});
    const Stretch all{.begin = {}, .points = grid.slots_between({}, seen.end())};
    const neural::TuningSeries past{
        .target = readings(seen, all), .beside = beside_target(seen, all, all), .like = like_days(grid, all)};
    const int every = slots_per_hour(table);
    if (every == 1) return {past};
    auto hours = coarser({.context = past.target, .beside = past.beside, .like = past.like}, every);
    return {
        past,
        {.target = std::move(hours.context), .beside = std::move(hours.beside), .like = hours.like, .every = every}};
}

Result<QuantileRecord> network_days(const neural::ForecastNetwork& network, FeatureTable& table, DaySpan days,
                                    Progress& progress) {
    QuantileRecord record{.from = std::max(days.from, fewest_days + table.rule().lead)};
    if (record.from >= days.to) return QuantileRecord{.from = days.to};
    const int every = slots_per_hour(table);
    std::vector<neural::NetworkTask> tasks;
    for (int day = record.from; day < days.to; ++day)
        tasks.push_back(network_task(table, day, every * network.longest_context()));
    LOADSTAR_TRY(const auto forecasts, predict_in_views(network, tasks, every, progress));
    for (const auto& forecast : forecasts) {
        record.days.push_back(last_day(forecast, table.grid().slots()));
        make_proper(record.days.back(), table.grid());
    }
    return record;
}

PointRecord medians(const QuantileRecord& record) {
    PointRecord points{.from = record.from};
    for (const auto& day : record.days) {
        auto& slots = points.days.emplace_back();
        for (const auto& slot : day) slots.push_back(slot[median_level]);
    }
    return points;
}

}  // namespace loadstar::forecast
