#include <memory>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/table.hpp"
#include "cli/verbs.hpp"
#include "service/plan.hpp"

namespace loadstar::cli {
namespace {

constexpr const char* footer =
    "Plans the coming days on forecasts issued with the newest readings. --scenarios plans the maximum demand against\n"
    "paths of the load instead of its median. --perfect plans past days on their stored readings: the most that the\n"
    "assets could have saved.\n\nExamples:\n"
    "  loadstar plan .\n"
    "  loadstar plan . --days 2 --scenarios 20\n"
    "  loadstar plan examples/steel_battery --from 2018-03-06 --days 7 --perfect\n"
    "  loadstar plan . --from 2018-03-06 --perfect --incurred-peak 480 --json";

struct PlanOptions {
    std::string from;
    int days = 1;
    int scenarios = 0;
    std::string grid;
    double incurred_peak = 0;
};

std::string costs(const service::PlanReport& report, const Shell& shell) {
    const auto& plan = report.plan;
    Table table({shell.tr("cost", "费用"), fmt::format("{} {}", shell.tr("before", "之前"), report.currency),
                 shell.tr("after", "之后"), shell.tr("saved", "节省")},
                {Align::left, Align::right, Align::right, Align::right});
    const auto add = [&table](const std::string& name, double before, double after) {
        table.add({name, grouped(before, 2), grouped(after, 2), grouped(before - after, 2)});
    };
    for (const auto& cost : plan.costs) add(cost.label.in(shell.language()), cost.before, cost.after);
    add(shell.tr("total", "合计"), plan.cost_before, plan.cost_after);
    return table.text();
}

std::string actions(const service::PlanReport& report, const Shell& shell) {
    Table table({shell.tr("from", "开始"), shell.tr("to", "结束"), shell.tr("asset", "设备"), shell.tr("what", "动作"),
                 shell.tr("saved", "节省"), shell.tr("why", "原因")},
                {Align::left, Align::left, Align::left, Align::left, Align::right, Align::left});
    for (const auto& action : report.plan.actions) {
        table.add({report.zone.format(action.start).substr(0, 16), report.zone.format(action.end).substr(0, 16),
                   action.asset, action.what.in(shell.language()), grouped(action.saving, 2),
                   action.reason.in(shell.language())});
    }
    return table.text();
}

std::string origin_words(service::Origin origin, const Shell& shell) {
    switch (origin) {
        case service::Origin::plant_file: return shell.tr("from the plant file", "取自工厂文件");
        case service::Origin::readings: return shell.tr("from the readings", "取自读数");
        case service::Origin::option: return shell.tr("as given", "按给定值");
    }
    return "";
}

/// What the plan rests on: every series, the level of every battery, the peak of the billing period.
std::string basis(const service::PlanReport& report, const Shell& shell) {
    std::string text;
    for (const auto& basis : report.bases) {
        text += fmt::format("{}: {}", basis.series, basis.method);
        if (basis.issued_at)
            text += fmt::format(", {} {}", shell.tr("issued", "发布于"),
                                report.zone.format(*basis.issued_at).substr(0, 16));
        const auto& note = basis.note.in(shell.language());
        text += (note.empty() ? "" : "; " + note) + "\n";
    }
    for (const auto& start : report.levels)
        text +=
            fmt::format("{}: {:.0f} kWh {}\n", start.battery, start.level.value(), origin_words(start.origin, shell));
    for (const auto& [line, kw] : report.peak.incurred_kw)
        text += fmt::format("{}: {:.1f} kW {}, {}\n", line, kw, shell.tr("incurred", "已发生"),
                            origin_words(report.peak.origin, shell));
    return text;
}

/// Orders that are late or without a place, and what would make them possible.
std::string order_problems(const service::PlanReport& report, const Shell& shell) {
    std::string text;
    for (const auto& told : report.plan.order_problems)
        text += fmt::format("! {}\n  {}\n", told.problem.in(shell.language()), told.remedy.in(shell.language()));
    return text.empty() ? text : "\n" + text;
}

/// Limits that no plan can keep, by how much and when.
std::string breaches(const service::PlanReport& report, const Shell& shell) {
    std::string text;
    for (const auto& breach : report.plan.breaches)
        text += fmt::format("! {}{}: {} - {}, {:.1f} {} {}\n", shell.tr("cannot be kept: ", "无法满足："),
                            breach.limit.in(shell.language()), report.zone.format(breach.start).substr(0, 16),
                            report.zone.format(breach.end).substr(0, 16), breach.kw, breach.unit,
                            shell.tr("beyond it at most", "最大超出"));
    return text.empty() ? text : "\n" + text;
}

/// Charges of the bill that the plan does not look at.
std::string unplanned(const service::PlanReport& report, const Shell& shell) {
    std::string text;
    for (const auto& charge : report.unplanned)
        text += fmt::format("{} {}: {}\n", charge.name.empty() ? charge.line : charge.name,
                            shell.tr("is not in the plan", "不在方案内"), charge.why.in(shell.language()));
    return text.empty() ? text : "\n" + text;
}

std::string readable(const service::PlanReport& report, const Shell& shell) {
    const auto& plan = report.plan;
    auto text = fmt::format("{}: {} {}, {}\n", report.plant, shell.tr("plan", "方案"), plan::to_string(plan.outcome),
                            report.zone.format(plan.axis.start).substr(0, 16)) +
                basis(report, shell);
    if (plan.import_kw.empty()) return text + plan.explanation.in(shell.language()) + "\n";
    return text + "\n" + costs(report, shell) + "\n" + actions(report, shell) + breaches(report, shell) +
           order_problems(report, shell) + unplanned(report, shell);
}

Result<service::PlanReport> run(const PlanOptions& options, const CLI::App& verb, service::Session& session,
                                Shell& shell) {
    service::PlanChoice choice{.grid = options.grid, .scenarios = options.scenarios};
    if (verb.count("--from") > 0) {
        LOADSTAR_TRY(choice.from, parse_day(options.from));
    }
    if (verb.count("--days") > 0) choice.days = options.days;
    if (verb.count("--perfect") > 0) choice.foresight = service::Foresight::perfect;
    if (verb.count("--incurred-peak") > 0) choice.incurred_peak_kw = options.incurred_peak;
    return service::plan_days(session, choice, shell.progress());
}

}  // namespace

void add_plan(CLI::App& app, Shell& shell) {
    auto* verb = app.add_subcommand("plan", "the cheapest set-points of the assets, and why");
    verb->footer(footer);
    shell.add_plant(*verb);
    shell.add_no_store(*verb);
    const auto options = std::make_shared<PlanOptions>();
    verb->add_option("--from", options->from,
                     "first local day, such as 2018-03-06; the day after the last reading by default");
    verb->add_option("--days", options->days, "number of local days; horizon_days of the plant file by default");
    verb->add_option("--scenarios", options->scenarios, "equally likely loads to plan against (0: the median)")
        ->check(CLI::Range(0, 200));
    verb->add_option("--grid", options->grid, "connection, when several have a contract");
    verb->add_option("--incurred-peak", options->incurred_peak,
                     "peak of the billing period before the first day, kW (otherwise from the stored readings)");
    verb->add_flag("--perfect")->description("take the stored readings of these days as the forecast");
    verb->callback([options, verb, &shell] {
        auto session = service::Session::open(shell.plant(), historian::OpenMode::read, shell.clock());
        if (!session) return shell.fail(session.error());
        shell.finish(run(*options, *verb, *session, shell), [&](const service::PlanReport& report) {
            const auto text = [&] { return readable(report, shell); };
            if (report.plan.import_kw.empty()) return shell.print(to_json(report), text);
            shell.print_and_keep(
                to_json(report), [&] { return service::keep_plan(*session, report); }, text);
        });
    });
}

}  // namespace loadstar::cli
