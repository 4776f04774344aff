#include "cli/explanation_table.hpp"

#include <cmath>

#include <fmt/format.h>

#include "cli/table.hpp"

namespace loadstar::cli {
namespace {

/// "+12.50", "-3.00", "0.00": what is nothing after rounding has no sign.
std::string signed_number(double value, int digits) {
    if (std::abs(value) < 0.5 * std::pow(10.0, -digits)) return grouped(0, digits);
    return (value > 0 ? "+" : "") + grouped(value, digits);
}

std::string hours_text(const std::vector<service::DriverHour>& hours, const TimeZone& zone) {
    std::string text;
    for (const auto& hour : hours)
        text += fmt::format("{}{} {}", text.empty() ? "" : "  ", zone.format(hour.start).substr(11, 5),
                            signed_number(hour.part, 2));
    return text;
}

std::string heading(const service::ExplainedDay& day, bool is_amount, const Shell& shell) {
    if (shell.language() == Language::chinese)
        return fmt::format("影响因素，{}（{}）", to_string(day.day), is_amount ? "合计" : "平均");
    return fmt::format("drivers of {} ({})", to_string(day.day), is_amount ? "sum" : "mean");
}

std::string day_table(const service::ExplainedDay& day, const std::string& unit, const TimeZone& zone,
                      const Shell& shell) {
    Table table({shell.tr("driver", "影响因素"), unit, "%", shell.tr("most in the hours", "影响最大的小时")},
                {Align::left, Align::right, Align::right, Align::left});
    const auto share = [&](double value) {
        return day.forecast == 0 ? std::string() : grouped(100 * value / std::abs(day.forecast), 1);
    };
    table.add({shell.tr("usual for this weekday", "该类日子的平常水平"), grouped(day.base, 2), share(day.base), ""});
    for (const auto& driver : day.drivers)
        table.add({driver.name.in(shell.language()), signed_number(driver.part, 2),
                   driver.percent ? signed_number(*driver.percent, 1) : "", hours_text(driver.hours, zone)});
    table.add({shell.tr("forecast", "预测"), grouped(day.forecast, 2), share(day.forecast), ""});
    return table.text();
}

}  // namespace

std::string explanation_table(const service::ForecastExplanation& explanation, const forecast::Forecast& forecast,
                              const TimeZone& zone, const Shell& shell) {
    if (!explanation.attribution) return explanation.why_not.in(shell.language()) + "\n";
    std::string text;
    for (const auto& day :
         service::explained_days(*explanation.attribution, forecast.axis, explanation.is_amount, zone)) {
        text += heading(day, explanation.is_amount, shell) + "\n";
        text += day_table(day, forecast.unit, zone, shell);
    }
    return text;
}

}  // namespace loadstar::cli
