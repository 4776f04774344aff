#include <memory>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/shell.hpp"
#include "cli/table.hpp"
#include "service/replay.hpp"

namespace loadstar::cli {
namespace {

/// Needs that were not met, and machines that had to leave the plan for them.
std::string unserved(const service::ReplayReport& report, const Shell& shell) {
    std::string lines;
    for (const auto& [carrier, need] : report.unserved()) {
        if (need.planned < 0.05 && need.idle < 0.05) continue;
        lines += fmt::format("{} {}: {} {}, {} {} {}\n", shell.tr("not served of", "供应不足："), carrier,
                             grouped(need.planned, 1), shell.tr("with plans", "（按计划）"), grouped(need.idle, 1),
                             shell.tr("with nothing done,", "（不优化），"), report.units.at(carrier));
    }
    int out_of_turn = 0;
    for (const auto& day : report.replay.days) out_of_turn += day.out_of_turn;
    if (out_of_turn > 0)
        lines +=
            fmt::format("{}: {}\n", shell.tr("machines started or stopped out of turn", "计划外启停次数"), out_of_turn);
    return lines;
}

std::string readable(const service::ReplayReport& report, const Shell& shell) {
    Table table(
        {shell.tr("period", "账期"), shell.tr("nothing done", "不优化") + " " + report.currency,
         shell.tr("with plans", "按计划"), shell.tr("saved", "节省"), shell.tr("perfect foresight", "完美预知")},
        {Align::left});
    for (const auto& period : report.periods)
        table.add({period.label, grouped(period.idle.to_double(), 2), grouped(period.planned.to_double(), 2),
                   grouped((period.idle - period.planned).to_double(), 2), grouped(period.perfect.to_double(), 2)});
    std::string costs;
    if (report.costs.size() > 1) {
        Table parts({shell.tr("of which", "其中"), shell.tr("nothing done", "不优化") + " " + report.currency,
                     shell.tr("with plans", "按计划"), shell.tr("perfect foresight", "完美预知")},
                    {Align::left});
        for (const auto& cost : report.costs)
            parts.add({cost.label.in(shell.language()), grouped(cost.idle.to_double(), 2),
                       grouped(cost.planned.to_double(), 2), grouped(cost.perfect.to_double(), 2)});
        costs = parts.text();
    }
    double promised = 0;
    double measured = 0;
    for (const auto& day : report.replay.days) {
        promised += day.promised_saving;
        measured += day.measured_saving;
    }
    std::string trained;
    for (const auto& refit : report.refits) {
        trained += fmt::format("{} {} {} {}: {}\n", to_string(refit.day), refit.series, shell.tr("trained", "训练"),
                               refit.contest.challenger.method, refit.contest.verdict().in(shell.language()));
    }
    const auto kept = report.kept_percent();
    return table.text() + costs + unserved(report, shell) + trained +
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
    int replan_minutes = 0;
    int scenarios = 0;
};

Result<service::ReplayReport> run(const ReplayOptions& options, service::Session& session, Shell& shell) {
    LOADSTAR_TRY(const auto first, parse_day(options.from));
    LOADSTAR_TRY(const auto last, parse_day(options.to));
    std::optional<Duration> replan_every;
    if (options.replan_minutes > 0) replan_every = minutes(options.replan_minutes);
    return service::replay_days(session,
                                {.grid = options.grid,
                                 .first = first,
                                 .last = last,
                                 .refit_days = options.refit_days,
                                 .method = options.method,
                                 .replan_every = replan_every,
                                 .scenarios = options.scenarios},
                                shell.progress());
}

}  // namespace

void add_replay(CLI::App& app, Shell& shell) {
    auto* verb = app.add_subcommand("replay", "what plans on forecasts would have saved over past days");
    verb->footer(
        "Each day is planned on the forecast of the day before, anew at every step with what has been measured by "
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
    verb->add_option("--replan-minutes", options->replan_minutes,
                     "plans are made anew so often (every step of the plant; 1440: once a day)")
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
