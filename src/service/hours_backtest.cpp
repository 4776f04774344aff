#include "service/hours_backtest.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "service/forecasting.hpp"

namespace loadstar::service {
namespace {

/// Forecasts after every slot, by models fitted anew on a schedule; empty when there is too little history before the
/// first of the days.
Result<std::vector<forecast::ShortTermForecast>> rolled(const features::DayGrid& grid,
                                                        const forecast::RollingSpan& span, int steps,
                                                        Progress& progress) {
    const auto last = grid.moved({.day = span.to, .slot = 0}, 1 - steps);
    std::vector<forecast::ShortTermForecast> all;
    for (int day = span.from; day < span.to; day += span.refit_days) {
        forecast::ShortTermModel model({.steps = steps});
        LOADSTAR_CHECK(model.fit(grid, day, progress));
        if (!model.ready()) return std::vector<forecast::ShortTermForecast>{};
        const forecast::IssueSpan issues{.from = {.day = day, .slot = 0},
                                         .to = std::min(last, features::Cell{.day = day + span.refit_days, .slot = 0})};
        LOADSTAR_TRY(auto part, model.forecast(grid, issues, progress));
        std::ranges::move(part, std::back_inserter(all));
    }
    return all;
}

Result<void> add_target(HoursBacktestReport& report, const features::TargetHistory& history,
                        const HoursBacktestChoice& choice, Progress& progress) {
    const features::DayGrid grid(features::Known(history, history.target.axis.end() + history.latency));
    const auto& info = history.target.info;
    const Duration step = history.target.axis.step;
    LOADSTAR_TRY(const auto days, backtest_days(choice.days, grid, info.id));
    const auto steps = static_cast<int>(hours(choice.hours_ahead) / step);
    if (steps < 1) {
        report.omitted.push_back({.series = info.id,
                                  .why = {.en = fmt::format("its slots are longer than {} h", choice.hours_ahead),
                                          .zh = fmt::format("其时段长于 {} 小时", choice.hours_ahead)}});
        return {};
    }
    const forecast::RollingSpan span{.from = days.from, .to = days.to, .refit_days = choice.days.refit_days};
    LOADSTAR_TRY(const auto forecasts, rolled(grid, span, steps, progress));
    if (forecasts.empty()) {
        const auto first = to_string(grid.day(days.from));
        report.omitted.push_back({.series = info.id,
                                  .why = {.en = "too little history before " + first + ": nine weeks are needed",
                                          .zh = first + " 之前历史数据不足：至少需要九周"}});
        return {};
    }
    report.targets.push_back({.series = info.id,
                              .unit = info.unit,
                              .first = grid.day(days.from),
                              .last = grid.day(days.to - 1),
                              .step = step,
                              .issues = static_cast<int>(forecasts.size()),
                              .score = forecast::score(forecasts, grid)});
    return {};
}

nlohmann::json json_of(const forecast::PointErrors& errors) {
    return {{"slots", errors.slots}, {"mae", errors.mean_absolute}, {"rmse", errors.root_mean_square}};
}

nlohmann::json json_of(const TargetHoursBacktest& target) {
    auto methods = nlohmann::json::array();
    for (const auto& row : target.score.rows) {
        auto json = json_of(row.all);
        json["method"] = row.method;
        json["steps"] = nlohmann::json::array();
        for (const auto& step : row.by_step) json["steps"].push_back(json_of(step));
        methods.push_back(std::move(json));
    }
    return {{"series", target.series},
            {"unit", target.unit},
            {"first", to_string(target.first)},
            {"last", to_string(target.last)},
            {"step_minutes", target.step / minutes(1)},
            {"issues", target.issues},
            {"methods", std::move(methods)},
            {"crps", target.score.crps},
            {"coverage80_percent", 100 * target.score.coverage80}};
}

}  // namespace

Result<HoursBacktestReport> backtest_hours(Session& session, const HoursBacktestChoice& choice, Progress& progress) {
    LOADSTAR_TRY(const auto wanted, targets_of(session.plant(), choice.days.series));
    HoursBacktestReport report{
        .plant = session.plant().name, .hours_ahead = choice.hours_ahead, .targets = {}, .omitted = {}};
    for (const auto& series : wanted) {
        LOADSTAR_TRY(const auto history, session.target_history(series));
        LOADSTAR_CHECK(add_target(report, history, choice, progress));
    }
    return report;
}

nlohmann::json to_json(const HoursBacktestReport& report) {
    nlohmann::json json{{"schema", "loadstar.backtest_hours/1"},
                        {"plant", report.plant},
                        {"hours_ahead", report.hours_ahead},
                        {"targets", nlohmann::json::array()},
                        {"omitted", nlohmann::json::array()}};
    for (const auto& target : report.targets) json["targets"].push_back(json_of(target));
    for (const auto& one : report.omitted)
        json["omitted"].push_back({{"series", one.series}, {"why", {{"en", one.why.en}, {"zh", one.why.zh}}}});
    return json;
}

}  // namespace loadstar::service
