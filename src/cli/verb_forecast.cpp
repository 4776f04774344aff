#include <memory>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/explanation_table.hpp"
#include "cli/shell.hpp"
#include "cli/table.hpp"
#include "service/forecast.hpp"

namespace loadstar::cli {
namespace {

constexpr const char* footer =
    "Examples:\n"
    "  loadstar forecast examples/steel_works --series load\n"
    "  loadstar forecast . --series load --explain\n"
    "  loadstar forecast . --at '2018-10-01 10:00' --days 2 --scenarios 50 --json";

struct ForecastOptions {
    std::vector<std::string> series;
    std::string at;
    int days = 1;
    int scenarios = 0;
    bool explain = false;
};

/// RFC 3339, or the plant's own wall clock: 2018-10-01 10:00.
Result<Instant> parse_issue(const std::string& text, const Plant& plant) {
    if (auto instant = parse_instant(text)) return instant;
    const auto day = parse_day(text.substr(0, 10));
    int hour = 0;
    int minute = 0;
    if (!day || std::sscanf(text.c_str() + 10, "%*[ T]%2d:%2d", &hour, &minute) != 2 || hour > 23 || minute > 59) {
        return Error{.code = ErrorCode::invalid_argument,
                     .message = fmt::format("expected an instant such as 2018-10-01 10:00, found {}", text),
                     .where = "--at"};
    }
    return plant.time_zone
        .to_instant({.year = static_cast<int>(day->year()),
                     .month = static_cast<unsigned>(day->month()),
                     .day = static_cast<unsigned>(day->day()),
                     .hour = hour,
                     .minute = minute})
        .first;
}

/// One line an hour: the mean of each quantile over the slots that start in it.
std::string hourly(const forecast::Forecast& forecast, const TimeZone& zone, const Shell& shell) {
    Table table({shell.tr("hour", "小时"), "10 %", "50 %", "90 %"}, {Align::left});
    for (int slot = 0; slot < forecast.axis.slots;) {
        const auto hour = zone.format(forecast.axis.slot_start(slot)).substr(0, 13);
        std::array<double, 3> sums{};
        int count = 0;
        for (; slot < forecast.axis.slots && zone.format(forecast.axis.slot_start(slot)).substr(0, 13) == hour;
             ++slot) {
            const auto& quantiles = forecast.quantiles[static_cast<std::size_t>(slot)];
            sums[0] += quantiles.front();
            sums[1] += quantiles[forecast::median_level];
            sums[2] += quantiles.back();
            ++count;
        }
        table.add(
            {hour + ":00", grouped(sums[0] / count, 2), grouped(sums[1] / count, 2), grouped(sums[2] / count, 2)});
    }
    return table.text();
}

std::string readable(const service::ForecastReport& report, const Shell& shell) {
    std::string text;
    for (std::size_t at = 0; at < report.forecasts.size(); ++at) {
        const auto& forecast = report.forecasts[at];
        text += fmt::format("{} [{}] {} {}, {} {}\n", forecast.series, forecast.unit, shell.tr("issued", "发布于"),
                            report.zone.format(forecast.issued_at).substr(0, 16), shell.tr("method", "方法"),
                            forecast.method);
        const auto& note = forecast.note.in(shell.language());
        if (!note.empty()) text += note + "\n";
        text += hourly(forecast, report.zone, shell);
        if (!forecast.maximum.empty()) {
            text += fmt::format(
                "{}: 10 % {}, 50 % {}, 90 % {}\n", shell.tr("largest slot of the first day", "首日最大时段"),
                grouped(forecast.maximum.front(), 2), grouped(forecast.maximum[forecast::median_level], 2),
                grouped(forecast.maximum.back(), 2));
        }
        if (at < report.explanations.size())
            text += explanation_table(report.explanations[at], forecast, report.zone, shell);
        text += "\n";
    }
    return text;
}

Result<service::ForecastReport> run(const ForecastOptions& options, service::Session& session, Shell& shell) {
    service::ForecastChoice choice{.series = options.series,
                                   .issued_at = {},
                                   .days = options.days,
                                   .scenarios = options.scenarios,
                                   .explain = options.explain};
    if (!options.at.empty()) {
        LOADSTAR_TRY(choice.issued_at, parse_issue(options.at, session.plant()));
    }
    return service::forecast_days(session, choice, shell.progress());
}

}  // namespace

void add_forecast(CLI::App& app, Shell& shell) {
    auto* verb = app.add_subcommand("forecast", "coming days of each target, with uncertainty");
    verb->footer(footer);
    shell.add_plant(*verb);
    shell.add_no_store(*verb);
    const auto options = std::make_shared<ForecastOptions>();
    verb->add_option("--series", options->series, "target; all of the plant file by default");
    verb->add_option("--at", options->at, "issue time: nothing later is read; the last reading by default");
    verb->add_option("--days", options->days, "local days after the issue; 1 by default")->check(CLI::Range(1, 13));
    verb->add_option("--scenarios", options->scenarios, "equally likely paths in the JSON; none by default")
        ->check(CLI::Range(0, 1000));
    verb->add_flag("--explain", options->explain, "also what drives each forecast; takes some dozens of forecasts");
    verb->callback([options, &shell] {
        auto session = service::Session::open(shell.plant(), historian::OpenMode::read, shell.clock());
        if (!session) return shell.fail(session.error());
        shell.finish(run(*options, *session, shell), [&](const service::ForecastReport& report) {
            shell.print_and_keep(
                to_json(report), [&] { return service::keep_forecasts(*session, report); },
                [&] { return readable(report, shell); });
        });
    });
}

}  // namespace loadstar::cli
