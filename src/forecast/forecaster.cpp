#include "forecast/forecaster.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "forecast/assemble.hpp"
#include "forecast/residual_bands.hpp"
#include "forecast/seasonal.hpp"

namespace loadstar::forecast {
namespace {

constexpr int past_days = 56;
constexpr int tried_days = 7;

Text why_simpler(SeasonalKind kind, int days) {
    if (kind == SeasonalKind::mean3_type) return {};
    return {.en = fmt::format(
                "{} whole days of history: repeats {}; more needs three days of the same type before the last week",
                days, kind == SeasonalKind::week ? "the week before" : "the day before"),
            .zh = fmt::format("历史数据仅 {} 个整天：按{}推算；上周之前须有三个同类型日，才能用更好的方法", days,
                              kind == SeasonalKind::week ? "上周" : "前一天")};
}

/// True when the method could have predicted a day, with what was known at its own issue.
bool could_predict(SeasonalKind kind, const features::DayGrid& grid, const IssueRule& rule, int day) {
    return rule.first_open(day) >= 0 && Seasonal(kind).ready(FeatureTable(grid, rule, {}), day);
}

/// The best seasonal forecast that the history allows for every day of the horizon. All but the last resort must have a
/// week of their own past forecasts, whose errors tell the uncertainty.
std::optional<SeasonalKind> best_kind(const features::DayGrid& grid, int first, int last) {
    for (const auto kind : {SeasonalKind::mean3_type, SeasonalKind::week, SeasonalKind::day}) {
        bool usable = true;
        for (int day = first; day <= last; ++day) {
            const IssueRule rule{.lead = day - grid.end().day, .slot = grid.end().slot};
            usable = usable && could_predict(kind, grid, rule, day);
            usable =
                usable && (kind == SeasonalKind::day || could_predict(kind, grid, rule, grid.end().day - tried_days));
        }
        if (usable) return kind;
    }
    return std::nullopt;
}

DayForecast seasonal_day(SeasonalKind kind, const features::DayGrid& grid, const IssueRule& rule, int day) {
    Seasonal method(kind);
    FeatureTable table(grid, rule, {});
    const int known = grid.end().day;
    const auto past = roll(method, table, {.from = std::max(0, known - past_days), .to = known});
    const auto seen = rule.seen(grid, day);
    return {.quantiles = with_residual_bands(method.predict(table, day), past, seen, day),
            .past = with_residual_bands(past, grid, rule)};
}

}  // namespace

std::vector<Result<Forecast>> Forecaster::predict_all(const std::vector<features::TargetHistory>& histories,
                                                      const Query& query) const {
    std::vector<Result<Forecast>> forecasts;
    for (const auto& history : histories) forecasts.push_back(predict(history, query));
    return forecasts;
}

Result<Forecast> SeasonalForecaster::predict(const features::TargetHistory& history, const Query& query) const {
    LOADSTAR_CHECK(check_query(history, query));
    const features::DayGrid grid(features::Known(history, query.issued_at));
    const int first = grid.cell_of(query.axis.start).day;
    const int last = grid.cell_of(query.axis.end() - Duration(1)).day;
    const auto kind = best_kind(grid, first, last);
    if (!kind || grid.measured_share() == 0) {
        return Error{.code = ErrorCode::not_found,
                     .message = fmt::format("{} whole days of history before {}; expected at least one measured day",
                                            grid.end().day, to_string(query.issued_at)),
                     .where = history.target.info.id,
                     .hint = "import more readings, or ask for a later issue time"};
    }
    auto forecast = assemble(grid, history, query, [&](const features::DayGrid& known, const IssueRule& rule, int day) {
        return seasonal_day(*kind, known, rule, day);
    });
    forecast.method = Seasonal(*kind).name();
    forecast.note = why_simpler(*kind, grid.end().day);
    return forecast;
}

Instant issue_of(LocalDay day, int issue_minute, const TimeZone& zone) {
    const auto eve = add_days(day, -1);
    const CivilTime civil{.year = static_cast<int>(eve.year()),
                          .month = static_cast<unsigned>(eve.month()),
                          .day = static_cast<unsigned>(eve.day()),
                          .hour = issue_minute / 60,
                          .minute = issue_minute % 60};
    return zone.to_instant(civil).first;
}

Horizon axis_of_day(LocalDay day, const features::TargetHistory& history) {
    const auto& axis = history.target.axis;
    const auto first_at_or_after = [&](Instant instant) {
        const int slot = axis.slot_of(instant);
        return axis.slot_start(slot) < instant ? slot + 1 : slot;
    };
    const int first = first_at_or_after(history.zone.start_of_day(day));
    const int end = first_at_or_after(history.zone.start_of_day(add_days(day, 1)));
    return {.start = axis.slot_start(first), .step = axis.step, .slots = end - first};
}

Result<std::vector<Forecast>> roll_forecasts(const Forecaster& forecaster, const features::TargetHistory& history,
                                             const RollingRequest& request, Progress& progress) {
    std::vector<Forecast> forecasts;
    const int days = days_between(request.from, request.to);
    for (int index = 0; index < days; ++index) {
        progress.report("forecast", index, days);
        if (progress.cancelled()) return Error{.code = ErrorCode::cancelled, .message = "stopped between two days"};
        const auto day = add_days(request.from, index);
        auto forecast = forecaster.predict(history, {.issued_at = issue_of(day, request.issue_minute, history.zone),
                                                     .axis = axis_of_day(day, history),
                                                     .scenarios = request.scenarios});
        if (forecast) forecasts.push_back(std::move(*forecast));
    }
    if (forecasts.empty()) {
        return Error{.code = ErrorCode::out_of_range,
                     .message = fmt::format("no day from {} to {} could be predicted; expected history before them",
                                            to_string(request.from), to_string(request.to)),
                     .where = history.target.info.id};
    }
    return forecasts;
}

}  // namespace loadstar::forecast
