#include <memory>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/shell.hpp"
#include "cli/table.hpp"
#include "service/hours_backtest.hpp"

namespace loadstar::cli {
namespace {

constexpr const char* footer =
    "Every day is forecast with what was known at its issue time. Rows are ordered by CRPS (lower is better);\n"
    "coverage and width are of the 80 % interval, which should cover 80 % of what happened.\n"
    "Examples:\n"
    "  loadstar backtest examples/steel_works --target load\n"
    "  loadstar backtest . --from 2018-10-20 --to 2018-12-31 --issue 10:00 --latency 30 --by-horizon\n"
    "  loadstar backtest examples/steel_works --target load --hours-ahead 2";

struct BacktestOptions {
    std::vector<std::string> targets;
    std::vector<std::string> methods;
    std::string from;
    std::string to;
    std::string issue;
    std::optional<int> latency_minutes;
    int days_ahead = 1;
    int refit_days = 28;
    bool by_horizon = false;
    std::optional<int> hours_ahead;
};

Result<int> parse_time_of_day(const std::string& text) {
    int hour = 0;
    int minute = 0;
    int read = 0;
    const bool whole = std::sscanf(text.c_str(), "%2d:%2d%n", &hour, &minute, &read) == 2 &&
                       static_cast<std::size_t>(read) == text.size();
    if (!whole || hour < 0 || hour > 23 || minute < 0 || minute > 59) {
        return Error{.code = ErrorCode::invalid_argument,
                     .message = fmt::format("expected a time of day such as 10:00, found {}", text),
                     .where = "--issue"};
    }
    return hour * 60 + minute;
}

Result<service::BacktestChoice> choice_of(const BacktestOptions& options) {
    service::BacktestChoice choice{.series = options.targets,
                                   .methods = options.methods,
                                   .days_ahead = options.days_ahead,
                                   .refit_days = options.refit_days};
    if (!options.from.empty()) {
        LOADSTAR_TRY(choice.first, parse_day(options.from));
    }
    if (!options.to.empty()) {
        LOADSTAR_TRY(choice.last, parse_day(options.to));
    }
    if (!options.issue.empty()) {
        LOADSTAR_TRY(choice.issue_minute, parse_time_of_day(options.issue));
    }
    if (options.latency_minutes) choice.latency = minutes(*options.latency_minutes);
    return choice;
}

std::vector<std::string> cells(const std::string& name, const forecast::Score& score) {
    const auto percent = [](double share) { return grouped(100 * share, 1); };
    return {name,
            percent(score.wape),
            score.mase ? grouped(*score.mase, 3) : "-",
            grouped(score.crps, 4),
            percent(score.coverage80),
            percent(score.width80),
            percent(score.peak_error)};
}

std::string table_of(const service::TargetBacktest& target, const BacktestOptions& options, const Shell& shell) {
    Table table({shell.tr("method", "方法"), "WAPE %", "MASE", "CRPS", shell.tr("coverage %", "覆盖率 %"),
                 shell.tr("width %", "宽度 %"), shell.tr("peak error %", "峰值误差 %")},
                {Align::left});
    for (const auto& row : target.rows) {
        table.add(cells(row.method, row.score));
        if (!options.by_horizon) continue;
        for (std::size_t bucket = 0; bucket < row.by_horizon.size(); ++bucket) {
            const auto& span = target.horizons[bucket];
            table.add(cells(fmt::format("  {:g}-{:g} h", to_hours(span.from).value(), to_hours(span.to).value()),
                            row.by_horizon[bucket]));
        }
    }
    return table.text();
}

std::string readable(const service::BacktestReport& report, const BacktestOptions& options, const Shell& shell) {
    std::string text;
    for (const auto& target : report.targets) {
        const auto& issue = target.issue;
        text += fmt::format("{} [{}] {} .. {}, {} {:02}:{:02}, {} {}, {} {} min\n", target.series, target.unit,
                            to_string(target.first), to_string(target.last), shell.tr("issued at", "发布于"),
                            issue.issue_minute / 60, issue.issue_minute % 60, shell.tr("days ahead", "提前天数"),
                            issue.days_ahead, shell.tr("latency", "数据延迟"), issue.latency / minutes(1));
        text += table_of(target, options, shell);
        for (const auto& one : target.omitted) {
            text += fmt::format("{}: {}\n", one.method, one.why.in(shell.language()));
        }
        text += "\n";
    }
    return text;
}

Result<service::BacktestReport> run(const BacktestOptions& options, service::Session& session, Shell& shell) {
    LOADSTAR_TRY(const auto choice, choice_of(options));
    return service::backtest(session, choice, shell.progress());
}

/// Errors as ratio to those of persistence: over all steps, at the first one and at the last one.
std::string table_of(const service::TargetHoursBacktest& target, const Shell& shell) {
    Table table({shell.tr("method", "方法"), fmt::format("MAE [{}]", target.unit), shell.tr("ratio", "比值"),
                 shell.tr("first step", "首步"), shell.tr("last step", "末步"), fmt::format("RMSE [{}]", target.unit),
                 shell.tr("ratio", "比值"), shell.tr("first step", "首步"), shell.tr("last step", "末步")},
                {Align::left});
    const auto& naive = target.score.rows.front();
    const auto ratio = [](double error, double other) { return other > 0 ? grouped(error / other, 3) : "-"; };
    for (const auto& row : target.score.rows) {
        std::vector<std::string> cells{row.method};
        for (const auto error : {&forecast::PointErrors::mean_absolute, &forecast::PointErrors::root_mean_square}) {
            cells.push_back(grouped(row.all.*error, 3));
            cells.push_back(ratio(row.all.*error, naive.all.*error));
            cells.push_back(ratio(row.by_step.front().*error, naive.by_step.front().*error));
            cells.push_back(ratio(row.by_step.back().*error, naive.by_step.back().*error));
        }
        table.add(cells);
    }
    return table.text();
}

std::string readable(const service::HoursBacktestReport& report, const Shell& shell) {
    std::string text;
    for (const auto& target : report.targets) {
        text += fmt::format("{} [{}] {} .. {}: {} {} h, {} {} min, {} {}\n", target.series, target.unit,
                            to_string(target.first), to_string(target.last), shell.tr("the next", "未来"),
                            report.hours_ahead, shell.tr("issued every", "发布间隔"), target.step / minutes(1),
                            target.issues, shell.tr("forecasts", "次预测"));
        text += table_of(target, shell);
        text += fmt::format("short_term: {} {:.1f} %, CRPS {:.4f}\n\n",
                            shell.tr("the 80 % interval covers", "80 % 区间覆盖率"), 100 * target.score.coverage80,
                            target.score.crps);
    }
    for (const auto& one : report.omitted) text += fmt::format("{}: {}\n", one.series, one.why.in(shell.language()));
    return text;
}

Result<service::HoursBacktestReport> run_hours(const BacktestOptions& options, service::Session& session,
                                               Shell& shell) {
    LOADSTAR_TRY(auto days, choice_of(options));
    return service::backtest_hours(session, {.days = std::move(days), .hours_ahead = *options.hours_ahead},
                                   shell.progress());
}

}  // namespace

void add_backtest(CLI::App& app, Shell& shell) {
    auto* verb = app.add_subcommand("backtest", "how good each method's forecasts of past days were");
    verb->footer(footer);
    shell.add_plant(*verb);
    shell.add_no_store(*verb);
    const auto options = std::make_shared<BacktestOptions>();
    verb->add_option("--target", options->targets, "series to predict; all of the plant file by default");
    verb->add_option("--from", options->from, "first day; the last 20 % of the days by default, 60 at most");
    verb->add_option("--to", options->to, "last day, included");
    auto* issue = verb->add_option("--issue", options->issue,
                                   "time of day of the issue, such as 10:00; of the plant file by default");
    auto* latency =
        verb->add_option("--latency", options->latency_minutes, "minutes a reading takes; of the plant file by default")
            ->check(CLI::Range(0, 7 * 24 * 60));
    auto* ahead =
        verb->add_option("--ahead", options->days_ahead, "days from the issue to the predicted day; 1 by default")
            ->check(CLI::Range(1, 13));
    verb->add_option("--refit-days", options->refit_days, "how often models are fitted anew; 28 by default")
        ->check(CLI::Range(1, 10000));
    verb->add_option("--method", options->methods,
                     "only this method; may be given again (default: all that learn within seconds)");
    auto* by_horizon = verb->add_flag("--by-horizon", options->by_horizon, "also by hours from the issue");
    verb->add_option("--hours-ahead", options->hours_ahead,
                     "instead of a day: the next hours, issued after every slot, with readings known at once")
        ->check(CLI::Range(1, 12))
        ->excludes(issue)
        ->excludes(latency)
        ->excludes(ahead)
        ->excludes(by_horizon);
    verb->callback([options, &shell] {
        auto session = service::Session::open(shell.plant(), historian::OpenMode::read, shell.clock());
        if (!session) return shell.fail(session.error());
        if (options->hours_ahead) {
            shell.finish(run_hours(*options, *session, shell), [&](const service::HoursBacktestReport& report) {
                shell.print(to_json(report), [&] { return readable(report, shell); });
            });
            return;
        }
        shell.finish(run(*options, *session, shell), [&](const service::BacktestReport& report) {
            shell.print_and_keep(
                to_json(report), [&] { return service::keep_backtest(*session, report); },
                [&] { return readable(report, *options, shell); });
        });
    });
}

}  // namespace loadstar::cli
