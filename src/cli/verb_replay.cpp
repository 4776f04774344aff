#include <memory>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/shell.hpp"
#include "cli/table.hpp"
#include "service/replay.hpp"

namespace loadstar::cli {
namespace {

std::string readable(const service::ReplayReport& report, const Shell& shell) {
    Table table(
        {shell.tr("period", "账期"), shell.tr("nothing done", "不优化") + " " + report.currency,
         shell.tr("with plans", "按计划"), shell.tr("saved", "节省"), shell.tr("perfect foresight", "完美预知")},
        {Align::left});
    for (const auto& period : report.periods)
        table.add({period.label, grouped(period.idle.to_double(), 2), grouped(period.planned.to_double(), 2),
                   grouped((period.idle - period.planned).to_double(), 2), grouped(period.perfect.to_double(), 2)});
    double promised = 0;
    double measured = 0;
    for (const auto& day : report.replay.days) {
        promised += day.promised_saving;
        measured += day.measured_saving;
    }
    std::string trained;
    for (const auto& refit : report.refits) {
        trained += fmt::format("{} {} {}: {}\n", to_string(refit.day), shell.tr("trained", "训练"),
                               refit.contest.challenger.method, refit.contest.verdict().in(shell.language()));
    }
    const auto kept = report.kept_percent();
    return table.text() + trained +
           fmt::format("{} {}; {} {}\n{}: {}\n", shell.tr("promised by the plans:", "计划承诺："), grouped(promised, 2),
                       shell.tr("measured:", "实测："), grouped(measured, 2),
                       shell.tr("share of the perfect saving that was kept", "保留的完美节省份额"),
                       kept ? fmt::format("{:.1f} %", *kept) : "-");
}

struct ReplayOptions {
    std::string from;
    std::string to;
    std::string grid;
    std::string method = forecast::usual_challenger;
    int refit_days = 28;
    int replan_minutes = 15;
    int scenarios = 0;
};

Result<service::ReplayReport> run(const ReplayOptions& options, service::Session& session, Shell& shell) {
    LOADSTAR_TRY(const auto first, parse_day(options.from));
    LOADSTAR_TRY(const auto last, parse_day(options.to));
    return service::replay_days(session,
                                {.grid = options.grid,
                                 .first = first,
                                 .last = last,
                                 .refit_days = options.refit_days,
                                 .method = options.method,
                                 .replan_every = minutes(options.replan_minutes),
                                 .scenarios = options.scenarios},
                                shell.progress());
}

}  // namespace

void add_replay(CLI::App& app, Shell& shell) {
    auto* verb = app.add_subcommand("replay", "what plans on forecasts would have saved over past days");
    verb->footer(
        "Each day is planned on the forecast of the day before, anew every quarter-hour with what has been measured by "
        "then,\n"
        "and carried out against what happened.\n"
        "Examples:\n  loadstar replay examples/steel_battery --from 2018-08-01 --to 2018-10-31");
    shell.add_plant(*verb);
    shell.add_no_store(*verb);
    const auto options = std::make_shared<ReplayOptions>();
    verb->add_option("--from", options->from, "first day, such as 2018-08-01")->required();
    verb->add_option("--to", options->to, "last day, included")->required();
    verb->add_option("--grid", options->grid, "connection; the only one with a contract by default");
    verb->add_option("--refit-days", options->refit_days, "how often a forecasting model is trained; 28 by default")
        ->check(CLI::Range(1, 10000));
    verb->add_option("--method", options->method,
                     fmt::format("what is trained; {} by default", forecast::usual_challenger));
    verb->add_option("--replan-minutes", options->replan_minutes, "plans are made anew so often (15; 1440: once a day)")
        ->check(CLI::IsMember({15, 30, 60, 120, 180, 240, 360, 480, 720, 1440}));
    verb->add_option("--scenarios", options->scenarios,
                     "equally likely loads every plan is made against (0: the median)")
        ->check(CLI::Range(0, 200));
    verb->callback([options, &shell] {
        auto session = service::Session::open(shell.plant(), historian::OpenMode::read, shell.clock());
        if (!session) return shell.fail(session.error());
        shell.finish(run(*options, *session, shell), [&](const service::ReplayReport& report) {
            shell.print_and_keep(
                to_json(report), [&] { return service::keep_replay(*session, report); },
                [&] { return readable(report, shell); });
        });
    });
}

}  // namespace loadstar::cli
