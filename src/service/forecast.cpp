#include "service/forecast.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "service/forecasting.hpp"
#include "service/ledger.hpp"

namespace loadstar::service {
namespace {

/// Adds the forecast of one target.
Result<void> add_forecast(Session& session, const std::string& series, const ForecastChoice& choice,
                          ForecastReport& report, Progress& progress) {
    LOADSTAR_TRY(const auto newest, newest_issue(session, series));
    const auto issued_at = choice.issued_at.value_or(newest);
    const forecast::Query query{.issued_at = issued_at,
                                .axis = coming_days(session.plant(), issued_at, choice.days),
                                .scenarios = choice.scenarios};
    LOADSTAR_TRY(const auto forecaster, forecaster_of(session, series, query));
    LOADSTAR_TRY(auto forecast, forecaster.predict(query));
    if (choice.explain) {
        LOADSTAR_TRY(auto explanation, explain(forecaster, query, forecast, session.plant(), progress));
        report.explanations.push_back(std::move(explanation));
    }
    report.forecasts.push_back(std::move(forecast));
    return {};
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

nlohmann::json json_of(const ForecastReport& report, std::size_t at) {
    auto json = json_of(report.forecasts[at], report.zone);
    if (at < report.explanations.size())
        json["explanation"] = to_json(report.explanations[at], report.forecasts[at].axis, report.zone);
    return json;
}

/// Takes over the explanation of a stored forecast that says the same.
void keep_explanation(nlohmann::json& json, const std::string& stored) {
    const auto before = nlohmann::json::parse(stored, nullptr, false);
    if (!before.is_object() || !before.contains("explanation")) return;
    for (const auto* key : {"start", "step_minutes", "quantiles"})
        if (!before.contains(key) || before.at(key) != json.at(key)) return;
    json["explanation"] = before.at("explanation");
}

/// Errors: those of historian::forecasts.
Result<historian::ForecastRecord> record_of(Session& session, const ForecastReport& report, std::size_t at) {
    const auto& forecast = report.forecasts[at];
    auto json = json_of(report, at);
    if (!json.contains("explanation")) {
        LOADSTAR_TRY(const auto stored, historian::forecasts(session.historian(), forecast.series, forecast.issued_at,
                                                             forecast.issued_at + Duration(1)));
        for (const auto& one : stored)
            if (one.method == forecast.method) keep_explanation(json, one.payload);
    }
    return historian::ForecastRecord{.target = forecast.series,
                                     .issued_at = forecast.issued_at,
                                     .method = forecast.method,
                                     .axis = forecast.axis,
                                     .payload = json.dump()};
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
        LOADSTAR_CHECK(add_forecast(session, series, choice, report, progress));
    }
    return report;
}

Result<void> keep_forecasts(Session& session, const ForecastReport& report) {
    std::vector<historian::ForecastRecord> records;
    for (std::size_t at = 0; at < report.forecasts.size(); ++at) {
        LOADSTAR_TRY(auto record, record_of(session, report, at));
        records.push_back(std::move(record));
    }
    return keep(session, [&](historian::Historian& historian) { return historian::put_forecasts(historian, records); });
}

nlohmann::json to_json(const ForecastReport& report) {
    nlohmann::json json{{"schema", "loadstar.forecast/1"},
                        {"plant", report.plant},
                        {"levels", forecast::levels},
                        {"forecasts", nlohmann::json::array()}};
    for (std::size_t at = 0; at < report.forecasts.size(); ++at) json["forecasts"].push_back(json_of(report, at));
    return json;
}

}  // namespace loadstar::service
