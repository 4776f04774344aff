#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/shell.hpp"
#include "cli/table.hpp"
#include "service/status.hpp"

namespace loadstar::cli {
namespace {

std::string share(int part, int whole) {
    return whole == 0 ? "-" : fmt::format("{:.2f} %", 100.0 * part / static_cast<double>(whole));
}

std::string period_of(const Horizon& axis, const TimeZone& zone) {
    return fmt::format("{} - {}", zone.format(axis.start).substr(0, 16), zone.format(axis.end()).substr(0, 16));
}

/// What Loadstar made of the readings; "" when there is nothing yet.
std::string readable(const service::Ledger& ledger, const TimeZone& zone, const Shell& shell) {
    std::string text;
    for (const auto& forecast : ledger.forecasts)
        text += fmt::format("  {} {}: {} ({} {}, {})\n", shell.tr("forecast", "预测"), forecast.target,
                            period_of(forecast.axis, zone), shell.tr("issued", "发布于"),
                            zone.format(forecast.issued_at).substr(0, 16), forecast.method);
    for (const auto& plan : ledger.plans)
        text += fmt::format("  {} {}: {}, {} {}\n", shell.tr("plan", "计划"), plan.origin, period_of(plan.axis, zone),
                            shell.tr("cost", "费用"), grouped(plan.cost.value(), 2));
    for (const auto& totals : ledger.outcomes)
        text += fmt::format("  {} {}: {} - {}, {} {}, {} {}, {} {}\n", shell.tr("outcome", "结果"), totals.origin,
                            to_string(totals.first), to_string(totals.last), shell.tr("promised", "承诺"),
                            grouped(totals.promised.value(), 2), shell.tr("measured", "实测"),
                            grouped(totals.measured.value(), 2), shell.tr("nothing done", "不优化"),
                            grouped(totals.without_plan.value(), 2));
    for (const auto& [state, count] : ledger.alarms)
        text += fmt::format("  {} {}: {}\n", shell.tr("alarms", "告警"), historian::to_string(state), count);
    if (!ledger.advice.empty()) text += fmt::format("  {}: {}\n", shell.tr("advice", "建议"), ledger.advice.size());
    for (const auto& model : ledger.champions)
        text += fmt::format("  {} {}: {} {}\n", shell.tr("model", "模型"), model.target, model.method, model.version);
    return text.empty() ? text : shell.tr("\nledger:\n", "\n台账：\n") + text;
}

std::string readable(const service::StatusReport& report, const TimeZone& zone, const Shell& shell) {
    Table table({shell.tr("series", "序列"), shell.tr("unit", "单位"), shell.tr("from", "起"),
                 shell.tr("last reading", "最后读数"), shell.tr("readings", "读数"), shell.tr("coverage", "覆盖率"),
                 shell.tr("gaps", "缺口")},
                {Align::left, Align::left, Align::left, Align::left});
    for (const auto& series : report.series) {
        table.add({series.info.id, series.info.unit, series.first ? zone.format(*series.first) : "-",
                   series.last ? zone.format(*series.last) : "-", grouped(static_cast<double>(series.readings), 0),
                   share(series.valid, series.slots), grouped(static_cast<double>(series.gaps.size()), 0)});
    }
    auto text = table.text();
    if (!report.rejected.empty()) text += shell.tr("\nrejected or repaired rows:\n", "\n拒绝或修复的行：\n");
    for (const auto& count : report.rejected)
        text += fmt::format("  {:>8}  {}  {}\n", count.rows, to_string(count.reason), count.series);
    if (!report.examples.empty()) text += shell.tr("\nthe first of them:\n", "\n其中最先的：\n");
    for (const auto& row : report.examples)
        text += fmt::format("  {}:{}: {} {}\n", row.file, row.line, to_string(row.reason), row.text);
    text += readable(report.ledger, zone, shell);
    for (const auto& note : report.notes) text += shell.tr("note: ", "注意：") + note.in(shell.language()) + "\n";
    return text + shell.tr("digest ", "摘要 ") + report.digest + "\n";
}

}  // namespace

void add_status(CLI::App& app, Shell& shell) {
    auto* verb = app.add_subcommand("status", "coverage, gaps and quality of what is stored");
    verb->footer("Examples:\n  loadstar status examples/steel_works\n  loadstar status plants/north --rows 200 --json");
    shell.add_plant(*verb);
    auto* rows =
        verb->add_option("--rows", "rejected rows that are listed; 20 by default")->check(CLI::Range(0, 1000000));
    verb->callback([rows, &shell] {
        auto session = service::Session::open(shell.plant(), historian::OpenMode::read, shell.clock());
        if (!session) return shell.fail(session.error());
        service::StatusRequest request;
        if (rows->count() > 0) request.most_examples = rows->as<std::int64_t>();
        shell.finish(service::status_of(*session, request), [&](const service::StatusReport& report) {
            const auto& zone = session->plant().time_zone;
            shell.print(to_json(report, zone), [&] { return readable(report, zone, shell); });
        });
    });
}

}  // namespace loadstar::cli
