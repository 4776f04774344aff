#include "forecast/assemble.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "forecast/daily_maximum.hpp"
#include "forecast/scenarios.hpp"

namespace loadstar::forecast {
namespace {

std::vector<features::Cell> cells_of(const features::DayGrid& grid, const Horizon& axis) {
    std::vector<features::Cell> cells;
    for (int slot = 0; slot < axis.slots; ++slot) cells.push_back(grid.cell_of(axis.slot_start(slot)));
    return cells;
}

/// Paths of whole days, cut to the cells of the horizon.
std::vector<std::vector<double>> laid_out(const std::vector<std::vector<double>>& paths,
                                          const std::vector<features::Cell>& cells, int slots) {
    std::vector<std::vector<double>> scenarios;
    for (const auto& path : paths) {
        std::vector<double> scenario;
        for (const auto& cell : cells) {
            scenario.push_back(path[static_cast<std::size_t>((cell.day - cells.front().day) * slots + cell.slot)]);
        }
        scenarios.push_back(std::move(scenario));
    }
    return scenarios;
}

}  // namespace

Result<void> check_query(const features::TargetHistory& history, const Query& query) {
    const auto& axis = query.axis;
    const auto& where = history.target.info.id;
    if (axis.step != history.target.axis.step) {
        return Error{.code = ErrorCode::invalid_argument,
                     .message = fmt::format("the horizon has steps of {} min; expected those of the history, {} min",
                                            axis.step / minutes(1), history.target.axis.step / minutes(1)),
                     .where = where};
    }
    if (axis.slots <= 0 || axis.start < query.issued_at || axis.end() > query.issued_at + hours(24) * longest_lead) {
        return Error{.code = ErrorCode::out_of_range,
                     .message = fmt::format("the horizon holds {} slots from {} to {}; expected at least one, after {} "
                                            "and within {} days",
                                            axis.slots, to_string(axis.start), to_string(axis.end()),
                                            to_string(query.issued_at), longest_lead),
                     .where = where};
    }
    return {};
}

Forecast assemble(const features::DayGrid& grid, const features::TargetHistory& history, const Query& query,
                  const DayPredictor& predict_day) {
    Forecast forecast{.series = history.target.info.id,
                      .unit = history.target.info.unit,
                      .issued_at = query.issued_at,
                      .axis = query.axis,
                      .method = {}};
    const auto cells = cells_of(grid, query.axis);
    const int first = cells.front().day;
    std::vector<DayQuantiles> days;
    QuantileRecord past;
    for (int day = first; day <= cells.back().day; ++day) {
        const IssueRule rule{.lead = day - grid.end().day, .slot = grid.end().slot};
        auto predicted = predict_day(grid, rule, day);
        days.push_back(std::move(predicted.quantiles));
        if (day != first) continue;
        past = std::move(predicted.past);
        if (cells.front().slot > 0) continue;  // some of the day is over
        if (const auto maximum = daily_maximum(days.front(), past, FeatureTable(grid, rule, {}), day)) {
            forecast.maximum.assign(maximum->begin(), maximum->end());
        }
    }
    for (const auto& cell : cells) {
        forecast.quantiles.push_back(
            days[static_cast<std::size_t>(cell.day - first)][static_cast<std::size_t>(cell.slot)]);
    }
    if (query.scenarios > 0) {
        const features::Seen seen(grid, grid.end());
        forecast.scenarios = laid_out(draw_scenarios(days, past, seen, query.scenarios), cells, grid.slots());
    }
    return forecast;
}

}  // namespace loadstar::forecast
