#include <memory>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/shell.hpp"
#include "cli/table.hpp"
#include "service/detect.hpp"

namespace loadstar::cli {
namespace {

constexpr const char* footer =
    "Examples:\n"
    "  loadstar detect examples/steel_works\n"
    "  loadstar detect . --from 2018-09-01 --to 2018-09-30 --series load --false-alarms 0.5 --json\n"
    "  loadstar detect . --list\n"
    "  loadstar detect . --acknowledge load@20180508T0815Z --by 'Li Wei' --note 'night shift, agreed'\n"
    "  loadstar detect . --shelve load@20180508T0815Z --until 2018-06-01 --by 'Li Wei'";

struct DetectOptions {
    std::vector<std::string> series{};
    std::string from{};
    std::string to{};
    double false_alarms = 1;
    std::string acknowledge{};
    std::string shelve{};
    std::string until{};
    std::string by{};
    std::string note{};
};

std::string state_name(historian::AlarmState state, const Shell& shell) {
    switch (state) {
        case historian::AlarmState::new_: return shell.tr("new", "新");
        case historian::AlarmState::acknowledged: return shell.tr("acknowledged", "已确认");
        case historian::AlarmState::shelved: return shell.tr("shelved", "已搁置");
        case historian::AlarmState::returned: return shell.tr("returned", "已恢复");
    }
    return {};
}

std::string text_of(const nlohmann::json& text, const Shell& shell) {
    return text.at(shell.language() == Language::chinese ? "zh" : "en").get<std::string>();
}

std::string amount_or_dash(const nlohmann::json& amount) {
    return amount.is_null() ? "-" : grouped(amount.get<double>(), 2);
}

std::string minutes_of(const nlohmann::json& instant) { return instant.get<std::string>().substr(0, 16); }

std::string alarm_table(const service::AlarmList& list, const Shell& shell) {
    Table table(
        {shell.tr("alarm", "报警"), shell.tr("start", "开始"), shell.tr("end", "结束"), shell.tr("excess", "超出"), "",
         list.currency, shell.tr("state", "状态"), shell.tr("what it looks like", "现象")},
        {Align::left, Align::left, Align::left, Align::right, Align::left, Align::right, Align::left, Align::left});
    const auto alarms = service::alarms_json(list);
    for (std::size_t i = 0; i < alarms.size(); ++i) {
        const auto& alarm = alarms[i];
        table.add({alarm.at("id"), minutes_of(alarm.at("start")),
                   alarm.at("ongoing").get<bool>() ? shell.tr("goes on", "持续中") : minutes_of(alarm.at("end")),
                   grouped(alarm.at("excess").get<double>(), 0), alarm.at("unit"), amount_or_dash(alarm.at("cost")),
                   state_name(list.alarms[i].state, shell), text_of(alarm.at("title"), shell)});
    }
    return table.text();
}

/// Causes and evidence below the table, one paragraph an alarm.
std::string explanations(const service::AlarmList& list, const Shell& shell) {
    std::string text;
    for (const auto& alarm : service::alarms_json(list)) {
        text += fmt::format("\n{}: {}\n", alarm.at("id").get<std::string>(), text_of(alarm.at("cause"), shell));
        for (const auto& evidence : alarm.at("evidence")) text += fmt::format("  - {}\n", text_of(evidence, shell));
    }
    return text;
}

std::string readable(const service::AlarmList& list, const Shell& shell) {
    if (list.alarms.empty()) return shell.tr("no alarms\n", "没有报警\n");
    return alarm_table(list, shell);
}

std::string readable(const service::AlarmLife& life, const Shell& shell) {
    auto text = alarm_table(life.list, shell) + "\n";
    for (const auto& step : life.steps) {
        text += fmt::format("{} {} {} {}\n", life.list.zone.format(step.at).substr(0, 16),
                            state_name(step.state, shell), step.actor, step.note);
    }
    return text;
}

std::string readable(const service::DetectReport& report, const Shell& shell) {
    auto text = fmt::format("{}: {} {}\n", report.list.plant,
                            shell.tr("false alarms allowed per month and meter:", "每表每月允许误报："),
                            grouped(report.false_alarms, 1));
    for (const auto& watched : report.watched) {
        text += fmt::format("{}: {} {}\n", watched.series, grouped(watched.watched_days, 0),
                            shell.tr("days watched", "天已监测"));
        for (const auto& note : watched.notes) text += fmt::format("  {}\n", note.in(shell.language()));
    }
    text += fmt::format("{} {}, {} {}, {} {}\n\n", report.change.added, shell.tr("new", "条新增"), report.change.kept,
                        shell.tr("known", "条已知"), report.change.returned, shell.tr("returned", "条已恢复"));
    return text + readable(report.list, shell) + explanations(report.list, shell);
}

/// Prints what a use case returned, in JSON or readable.
template <class Report>
void show(Result<Report>&& result, Shell& shell) {
    shell.finish(std::move(result), [&shell](const Report& report) {
        shell.print(to_json(report), [&] { return readable(report, shell); });
    });
}

Result<service::DetectReport> watch(const DetectOptions& options, const CLI::App& verb, Shell& shell) {
    service::DetectChoice choice{.series = options.series};
    if (!options.from.empty()) {
        LOADSTAR_TRY(choice.from, parse_day(options.from));
    }
    if (!options.to.empty()) {
        LOADSTAR_TRY(choice.to, parse_day(options.to));
    }
    if (verb.count("--false-alarms") > 0) choice.false_alarms = options.false_alarms;
    LOADSTAR_TRY(auto session, service::Session::open(shell.plant(), historian::OpenMode::write, shell.clock()));
    return service::detect_anomalies(session, choice, shell.progress());
}

Result<service::AlarmList> list(const Shell& shell) {
    LOADSTAR_TRY(auto session, service::Session::open(shell.plant(), historian::OpenMode::read, shell.clock()));
    return service::list_alarms(session, {.now = shell.clock().now()});
}

Result<service::AlarmLife> move(const DetectOptions& options, const Shell& shell) {
    LOADSTAR_TRY(auto session, service::Session::open(shell.plant(), historian::OpenMode::write, shell.clock()));
    const bool shelves = !options.shelve.empty();
    historian::AlarmTransition step{
        .alarm = shelves ? options.shelve : options.acknowledge,
        .at = shell.clock().now(),
        .state = shelves ? historian::AlarmState::shelved : historian::AlarmState::acknowledged,
        .until = {},
        .actor = options.by,
        .note = options.note};
    if (shelves) {
        LOADSTAR_TRY(const auto day, parse_day(options.until));
        step.until = session.plant().time_zone.start_of_day(day);
    }
    return service::move_alarm(session, std::move(step));
}

void add_watch_options(CLI::App& verb, DetectOptions& options) {
    verb.add_option("--series", options.series, "series; [detect] of the plant file by default");
    verb.add_option("--from", options.from, "alarms that began on this day or later");
    verb.add_option("--to", options.to, "last day that is read, included; all readings by default");
    verb.add_option("--false-alarms", options.false_alarms,
                    "false alarms per month and meter you accept; as the plant file says by default")
        ->check(CLI::PositiveNumber);
}

void add_alarm_options(CLI::App& verb, DetectOptions& options) {
    auto* by = verb.add_option("--by", options.by, "your name, beside --acknowledge or --shelve");
    auto* until = verb.add_option("--until", options.until, "day on which a shelved alarm counts as new again");
    verb.add_option("--note", options.note, "what you found, kept with the alarm")->needs(by);
    auto* list = verb.add_flag("--list")->description("only list the alarms that are kept");
    auto* acknowledge = verb.add_option("--acknowledge", options.acknowledge, "alarm you have looked at")->needs(by);
    verb.add_option("--shelve", options.shelve, "alarm to put aside")
        ->needs(by)
        ->needs(until)
        ->excludes(acknowledge)
        ->excludes(list);
    acknowledge->excludes(list);
}

}  // namespace

void add_detect(CLI::App& app, Shell& shell) {
    auto* verb = app.add_subcommand("detect", "anomalies of the meters, with cause and money; and what became of them");
    verb->footer(footer);
    shell.add_plant(*verb);
    const auto options = std::make_shared<DetectOptions>();
    add_watch_options(*verb, *options);
    add_alarm_options(*verb, *options);
    verb->callback([options, verb, &shell] {
        if (verb->count("--list") > 0) return show(list(shell), shell);
        if (!options->acknowledge.empty() || !options->shelve.empty()) return show(move(*options, shell), shell);
        show(watch(*options, *verb, shell), shell);
    });
}

}  // namespace loadstar::cli
