// The steps of the main job that tell what was found: alarms, advice, the report.
#include <algorithm>

#include <fmt/format.h>

#include "service/advise.hpp"
#include "service/detect.hpp"
#include "service/report.hpp"
#include "service/run_steps.hpp"

namespace loadstar::service {
namespace {

StepTold no_meter() { return skipped({.en = "the plant file names no meter", .zh = "工厂文件中没有表计"}); }

}  // namespace

StepResult detect_step(StepContext& context) {
    if (context.session.plant().meters.empty()) return no_meter();
    LOADSTAR_TRY(const auto report, detect_anomalies(context.session, {}, context.progress));
    const auto watched =
        std::ranges::count_if(report.watched, [](const WatchedSeries& one) { return one.watched_days > 0; });
    const auto& notes = report.watched.front().notes;
    if (watched == 0 && !notes.empty()) return skipped(notes.back());
    double cost = 0;
    for (const auto& alarm : report.list.alarms) cost += std::max(0.0, alarm.cost.value());
    const auto money = grouped(cost, 0) + " " + report.list.currency;
    const auto alarms = report.list.alarms.size();
    return StepTold{.summary = {.en = fmt::format("{} series watched, {} alarms, together {} more than expected",
                                                  watched, alarms, money),
                                .zh = fmt::format("监测 {} 个序列，{} 条报警，共比预期多 {}", watched, alarms, money)}};
}

StepResult advise_step(StepContext& context) {
    if (context.session.plant().meters.empty()) return no_meter();
    LOADSTAR_TRY(const auto report, advise_plant(context.session, {}, context.progress));
    LOADSTAR_CHECK(keep_advice(context.session, report));  // the report shows what is kept
    const auto ranked = report.examination.ranked();
    const auto topics = report.examination.findings.size();
    if (ranked.empty()) {
        return StepTold{.summary = {.en = fmt::format("{} topics examined, nothing worth doing", topics),
                                    .zh = fmt::format("检查了 {} 个主题，没有值得做的", topics)}};
    }
    const auto& best = *ranked.front();
    Text worth;
    if (best.saving.cost) {
        const auto money = grouped(best.saving.cost->value(), 0) + " " + report.currency;
        worth = {.en = fmt::format(" ({} a year)", money), .zh = fmt::format("（每年 {}）", money)};
    }
    return StepTold{.summary = {.en = fmt::format("{} topics examined, {} pieces of advice; the first: {}{}", topics,
                                                  ranked.size(), best.title.en, worth.en),
                                .zh = fmt::format("检查了 {} 个主题，{} 条建议；第一条：{}{}", topics, ranked.size(),
                                                  best.title.zh, worth.zh)}};
}

StepResult report_step(StepContext& context) {
    if (context.session.plant().meters.empty()) return no_meter();
    const auto& asked = context.request.report;
    const auto file = asked.empty() ? context.session.plant().folder / "report.html" : asked;
    LOADSTAR_TRY(const auto report,
                 report_plant(context.session, {.language = context.request.language}, context.progress));
    LOADSTAR_CHECK(write_whole_file(file, report_page(report.data)));
    const auto written = std::ranges::count_if(report.parts, [](const ReportPart& part) { return !part.missing; });
    return StepTold{.summary = {.en = fmt::format("{} with {} sections", file.string(), written),
                                .zh = fmt::format("{}，{} 个部分", file.string(), written)}};
}

}  // namespace loadstar::service
