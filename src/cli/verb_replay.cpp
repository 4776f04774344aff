#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/table.hpp"
#include "cli/verbs.hpp"
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
    const auto kept = report.kept_percent();
    return table.text() + fmt::format("{} {}; {} {}\n{}: {}\n", shell.tr("promised by the plans:", "计划承诺："),
                                      grouped(promised, 2), shell.tr("measured:", "实测："), grouped(measured, 2),
                                      shell.tr("share of the perfect saving that was kept", "保留的完美节省份额"),
                                      kept ? fmt::format("{:.1f} %", *kept) : "-");
}

Result<service::ReplayReport> run(const std::string& from, const std::string& to, const std::string& grid,
                                  Shell& shell) {
    LOADSTAR_TRY(const auto first, parse_day(from));
    LOADSTAR_TRY(const auto last, parse_day(to));
    LOADSTAR_TRY(auto session, service::Session::open(shell.plant(), historian::OpenMode::read, shell.clock()));
    return service::replay_days(session, {.grid = grid, .first = first, .last = last}, shell.progress());
}

}  // namespace

void add_replay(CLI::App& app, Shell& shell) {
    auto* verb = app.add_subcommand("replay", "what plans on forecasts would have saved over past days");
    verb->footer(
        "Each day is planned on the forecast of the day before and carried out against what happened.\n"
        "Examples:\n  loadstar replay examples/steel_battery --from 2018-08-01 --to 2018-10-31");
    shell.add_plant(*verb);
    auto* from = verb->add_option("--from", "first day, such as 2018-08-01")->required();
    auto* to = verb->add_option("--to", "last day, included")->required();
    auto* grid = verb->add_option("--grid", "connection; the only one with a contract by default");
    verb->callback([from, to, grid, &shell] {
        const auto chosen = grid->count() > 0 ? grid->as<std::string>() : std::string();
        shell.finish(run(from->as<std::string>(), to->as<std::string>(), chosen, shell),
                     [&shell](const service::ReplayReport& report) {
                         shell.print(to_json(report), [&] { return readable(report, shell); });
                     });
    });
}

}  // namespace loadstar::cli
