#pragma once
// A pre-trained network as a method of days: it sees what the other methods see, as series beside the target.

#include <limits>
#include <vector>

#include "forecast/feature_table.hpp"
#include "forecast/score.hpp"
#include "network_opener.hpp"

namespace loadstar::bench {

/// A series that is known ahead, over `slots` slots from a cell on.
template <class Value>
neural::Beside known_ahead(const features::DayGrid& grid, features::Cell from, int slots, const Value& value) {
    neural::Beside beside{.role = corpus::Role::ahead, .values = {}};
    for (int at = 0; at < slots; ++at) beside.values.push_back(static_cast<float>(value(grid.moved(from, at))));
    return beside;
}

/// One day: the target up to the issue; beside it what is known ahead, and whether a day is a working day.
/// @param longest  points of the context at most
inline neural::NetworkTask day_task(const forecast::FeatureTable& table, int day, int longest) {
    constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
    const auto seen = table.seen(day);
    const auto& grid = table.grid();
    const int known = grid.slots_between({}, seen.end());
    const int context = std::min(longest, known);
    const auto from = grid.moved(seen.end(), -context);
    neural::NetworkTask task{.context = {}, .beside = {}, .horizon = grid.slots_between(seen.end(), {.day = day + 1})};
    for (int at = 0; at < context; ++at) {
        const auto cell = grid.moved(from, at);
        task.context.push_back(static_cast<float>(seen.value(cell.day, cell.slot)));
    }
    const int points = context + task.horizon;
    const auto works = [&](features::Cell cell) { return grid.day_type(cell.day) == DayType::working ? 1.0 : 0.0; };
    task.beside.push_back(known_ahead(grid, from, points, works));
    for (std::size_t which = 0; which < grid.covariates().size(); ++which) {
        if (grid.covariates()[which].reach() != features::Reach::ahead) continue;
        const auto told = [&](features::Cell cell) {
            return seen.covariate(which, cell.day, cell.slot).value_or(unknown);
        };
        task.beside.push_back(known_ahead(grid, from, points, told));
    }
    return task;
}

/// The network's forecasts of days, each as it was issued.
inline Result<forecast::QuantileRecord> network_record(const neural::ForecastNetwork& network,
                                                       const forecast::FeatureTable& table, forecast::DaySpan days) {
    std::vector<neural::NetworkTask> tasks;
    for (int day = days.from; day < days.to; ++day) {
        tasks.push_back(day_task(table, day, network.longest_context()));
    }
    NoProgress quiet;
    LOADSTAR_TRY(const auto predicted, network.predict(tasks, quiet));
    forecast::QuantileRecord record{.from = days.from};
    const auto slots = static_cast<std::size_t>(table.grid().slots());
    for (const auto& points : predicted) {
        forecast::DayQuantiles day(slots);
        for (std::size_t slot = 0; slot < slots; ++slot) {
            const auto& levels = points[points.size() - slots + slot];  // the day is the end of the horizon
            for (std::size_t level = 0; level < forecast::level_count; ++level) {
                day[slot][level] = levels[neural::first_decile + level];
            }
        }
        forecast::make_proper(day, table.grid());
        record.days.push_back(std::move(day));
    }
    return record;
}

}  // namespace loadstar::bench
