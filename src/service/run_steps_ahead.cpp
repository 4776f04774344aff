// The steps of the main job that look ahead: models, forecasts, the plan.
#include <algorithm>

#include <fmt/format.h>

#include "service/forecast.hpp"
#include "service/plan.hpp"
#include "service/run_steps.hpp"
#include "service/train.hpp"

namespace loadstar::service {
namespace {

StepTold no_targets() {
    return skipped({.en = "the plant file names no [[forecast.target]]", .zh = "工厂文件中没有 [[forecast.target]]"});
}

/// "load: stack in service (CRPS 0.212, before 0.287)"
Text told(const TrainedTarget& target) {
    const auto& winner = target.kept ? target.challenger : target.champion;
    const auto& other = target.kept ? target.champion : target.challenger;
    const auto score = [](const TrainedSide& side) {
        return side.score ? fmt::format("{:.3f}", side.score->crps) : std::string("-");
    };
    return {.en = fmt::format("{}: {} (CRPS {}, {} {})", target.series, winner.method, score(winner), other.method,
                              score(other)),
            .zh = fmt::format("{}：{}（CRPS {}，{} {}）", target.series, winner.method, score(winner), other.method,
                              score(other))};
}

void append(Text& list, const Text& item) {
    list.en += (list.en.empty() ? "" : "; ") + item.en;
    list.zh += (list.zh.empty() ? "" : "；") + item.zh;
}

/// What a forecast says of its days in one figure: amounts are summed, rates and levels averaged.
Text day_figure(Session& session, const forecast::Forecast& forecast) {
    double sum = 0;
    for (int slot = 0; slot < forecast.axis.slots; ++slot) sum += forecast.median(slot);
    const auto* mapping = session.mapping_of(forecast.series);
    const bool is_amount =
        mapping != nullptr && (mapping->kind == SeriesKind::interval_energy ||
                               mapping->kind == SeriesKind::register_reading || mapping->kind == SeriesKind::count);
    if (is_amount) {
        const auto figure = grouped(sum, 0) + " " + forecast.unit;
        return {.en = figure, .zh = figure};
    }
    const auto mean = grouped(sum / std::max(1, forecast.axis.slots), 1) + " " + forecast.unit;
    return {.en = mean + " on average", .zh = "平均 " + mean};
}

}  // namespace

StepResult train_step(StepContext& context) {
    if (context.session.plant().forecast.targets.empty()) return no_targets();
    LOADSTAR_TRY(const auto report, train(context.session, {}, context.progress));
    Text summary;
    for (const auto& target : report.targets) append(summary, told(target));
    return StepTold{.summary = std::move(summary)};
}

StepResult forecast_step(StepContext& context) {
    if (context.session.plant().forecast.targets.empty()) return no_targets();
    LOADSTAR_TRY(const auto report, forecast_days(context.session, {}, context.progress));
    LOADSTAR_CHECK(keep_forecasts(context.session, report));
    Text summary;
    for (const auto& forecast : report.forecasts) {
        const auto figure = day_figure(context.session, forecast);
        const auto day = local_day(report.zone, forecast.axis.start);
        append(summary, {.en = fmt::format("{} on {}: {}", forecast.series, day, figure.en),
                         .zh = fmt::format("{} {}：{}", forecast.series, day, figure.zh)});
    }
    return StepTold{.summary = std::move(summary)};
}

StepResult plan_step(StepContext& context) {
    const auto& plant = context.session.plant();
    if (!has_contract(plant)) return no_contract();
    if (!has_planned_assets(plant)) {
        return skipped({.en = "the plant file names nothing that can be planned (battery, photovoltaics, loads, jobs)",
                        .zh = "工厂文件中没有可计划的对象（电池、光伏、负荷、工单）"});
    }
    LOADSTAR_TRY(const auto report, plan_days(context.session, {}, context.progress));
    const auto& plan = report.plan;
    if (plan.import_kw.empty()) return StepTold{.summary = plan.explanation};
    LOADSTAR_CHECK(keep_plan(context.session, report));
    const auto day = local_day(report.zone, plan.axis.start);
    const auto before = grouped(plan.cost_before, 2);
    const auto after = grouped(plan.cost_after, 2);
    const auto saved = grouped(plan.cost_before - plan.cost_after, 2);
    return StepTold{.summary = {.en = fmt::format("from {}: {} {} instead of {}, {} saved by {} actions", day, after,
                                                  report.currency, before, saved, plan.actions.size()),
                                .zh = fmt::format("{} 起：{} {}，不计划为 {}，{} 项动作节省 {}", day, after,
                                                  report.currency, before, plan.actions.size(), saved)}};
}

}  // namespace loadstar::service
