#include "service/forecast.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "service/forecasting.hpp"
#include "service/ledger.hpp"

namespace loadstar::service {
namespace {

Result<forecast::Forecast> forecast_series(Session& session, const std::string& series, const ForecastChoice& choice) {
    LOADSTAR_TRY(const auto newest, newest_issue(session, series));
    const auto issued_at = choice.issued_at.value_or(newest);
    return forecast_of(session, series,
                       {.issued_at = issued_at,
                        .axis = coming_days(session.plant(), issued_at, choice.days),
                        .scenarios = choice.scenarios});
}

nlohmann::json json_of(const forecast::Forecast& forecast, const TimeZone& zone) {
    return {{"series", forecast.series},
            {"unit", forecast.unit},
            {"issued_at", zone.format(forecast.issued_at)},
            {"start", zone.format(forecast.axis.start)},
            {"step_minutes", forecast.axis.step / minutes(1)},
            {"method", forecast.method},
            {"note", {{"en", forecast.note.en}, {"zh", forecast.note.zh}}},
            {"quantiles", forecast.quantiles},
            {"maximum", forecast.maximum.empty() ? nlohmann::json(nullptr) : nlohmann::json(forecast.maximum)},
            {"scenarios", forecast.scenarios}};
}

}  // namespace

Result<ForecastReport> forecast_days(Session& session, const ForecastChoice& choice, Progress& progress) {
    const auto& plant = session.plant();
    LOADSTAR_TRY(const auto wanted, targets_of(plant, choice.series));
    ForecastReport report{.plant = plant.name, .zone = plant.time_zone};
    for (const auto& series : wanted) {
        progress.report("forecast", static_cast<std::int64_t>(report.forecasts.size()),
                        static_cast<std::int64_t>(wanted.size()));
        if (progress.cancelled()) return Error{.code = ErrorCode::cancelled, .message = "stopped between two targets"};
        LOADSTAR_TRY(auto forecast, forecast_series(session, series, choice));
        report.forecasts.push_back(std::move(forecast));
    }
    return report;
}

Result<void> keep_forecasts(Session& session, const ForecastReport& report) {
    std::vector<historian::ForecastRecord> records;
    for (const auto& forecast : report.forecasts)
        records.push_back({.target = forecast.series,
                           .issued_at = forecast.issued_at,
                           .method = forecast.method,
                           .axis = forecast.axis,
                           .payload = json_of(forecast, report.zone).dump()});
    return keep(session, [&](historian::Historian& historian) { return historian::put_forecasts(historian, records); });
}

nlohmann::json to_json(const ForecastReport& report) {
    nlohmann::json json{{"schema", "loadstar.forecast/1"},
                        {"plant", report.plant},
                        {"levels", forecast::levels},
                        {"forecasts", nlohmann::json::array()}};
    for (const auto& forecast : report.forecasts) json["forecasts"].push_back(json_of(forecast, report.zone));
    return json;
}

}  // namespace loadstar::service
