#include "service/report_power.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "series/units.hpp"
#include "service/forecasting.hpp"
#include "service/report_drivers.hpp"
#include "service/report_sections.hpp"
#include "service/report_words.hpp"

namespace loadstar::service {
namespace {

using nlohmann::json;

constexpr int days_shown_before = 7;
/// As far as trained models reach.
constexpr int days_predicted = 1;

/// One quantile of a forecast as mean power, kW, whatever the unit of its target per slot.
std::vector<double> quantile_kw(const forecast::Forecast& forecast, std::size_t level, double factor) {
    std::vector<double> power;
    for (const auto& slot : forecast.quantiles) power.push_back(slot[level] * factor);
    return power;
}

Text method_of(const forecast::Forecast& forecast) {
    auto method = method_name(forecast.method);
    if (forecast.note.en.empty()) return method;
    return {.en = method.en + " (" + forecast.note.en + ")", .zh = method.zh + "（" + forecast.note.zh + "）"};
}

/// The series that is predicted: the reported meter, or of several the first that the plant file predicts.
Result<std::string> predicted_series(const Plant& plant, const ReportScope& scope) {
    for (const auto& series : scope.series) {
        const auto is_it = [&](const ForecastTarget& target) { return target.series == series; };
        if (std::ranges::any_of(plant.forecast.targets, is_it)) return series;
    }
    return Error{.code = ErrorCode::not_found,
                 .message = "the plant file does not name this meter as a forecast target"};
}

Result<forecast::Forecast> coming_days(Session& session, const ReportScope& scope, const std::string& series) {
    const auto& plant = session.plant();
    const auto issued_at = std::min(scope.end_of_readings + plant.forecast.latency, session.clock().now());
    auto first = plant.time_zone.day_of(issued_at);
    if (plant.time_zone.start_of_day(first) < issued_at) first = add_days(first, 1);
    const auto start = plant.time_zone.start_of_day(first);
    const auto end = plant.time_zone.start_of_day(add_days(first, days_predicted));
    return forecast_of(
        session, series,
        {.issued_at = issued_at,
         .axis = {.start = start, .step = plant.step, .slots = static_cast<int>((end - start) / plant.step)}});
}

/// The days that are shown before a forecast.
Horizon days_before(const ReportScope& scope, const TimeZone& zone, Instant until) {
    const auto& axis = scope.axis;
    const auto first_day = add_days(zone.day_of(until - Duration(1)), 1 - days_shown_before);
    const auto start = std::max(zone.start_of_day(first_day), axis.start);
    const auto end = std::min(until, scope.end_of_readings);
    return {.start = start, .step = axis.step, .slots = std::max(0, static_cast<int>((end - start) / axis.step))};
}

}  // namespace

Result<json> load_forecast_section(Session& session, const ReportScope& scope) {
    const auto& plant = session.plant();
    const auto& zone = plant.time_zone;
    LOADSTAR_TRY(const auto series, predicted_series(plant, scope));
    LOADSTAR_TRY(const auto forecast, coming_days(session, scope, series));
    const auto before = days_before(scope, zone, forecast.issued_at);
    LOADSTAR_TRY(const auto target, session.series(series, before));
    LOADSTAR_TRY(const auto measured, session.mean_power(series, before));
    const double factor = mean_power_per_value(target.info, forecast.axis.step);
    const auto quantile = [&](std::size_t level) {
        return series_json(forecast.axis, quantile_kw(forecast, level, factor), zone);
    };
    json section{{"meter", to_json(series_name(plant, series))},
                 {"issued_at", zone.format(forecast.issued_at)},
                 {"method", to_json(method_of(forecast))},
                 {"measured_kw", series_json(measured, zone)},
                 {"q10_kw", quantile(0)},
                 {"q50_kw", quantile(forecast::median_level)},
                 {"q90_kw", quantile(forecast::level_count - 1)}};
    LOADSTAR_TRY(auto drivers, kept_drivers(session, target.info, before.start, forecast.issued_at));
    if (drivers) section["drivers"] = *std::move(drivers);
    if (scope.connection) {
        auto shown = measured.axis;
        shown.slots = static_cast<int>((forecast.axis.end() - shown.start) / shown.step);
        // A contract that ends, or prices not known yet, leave the chart without bands: its load is still right.
        const auto terms = contract_terms(session, scope.connection->grid.id, shown, {});
        if (terms && !terms->band_names.empty()) section["tariff_bands"] = tariff_bands_json(*terms, zone);
    }
    return section;
}

json load_duration_of(const ReportScope& scope) {
    auto section = load_duration_section(scope.power, scope.meter);
    if (scope.connection) section["references"] = demand_references(scope.connection->contract);
    return section;
}

json demand_references(const Contract& contract) {
    auto lines = json::array();
    for (const auto& demand : contract.demands) {
        if (demand.mode != DemandMode::contract) continue;
        lines.push_back({{"label", to_json(Text{"Contracted demand", "合同需量"})},
                         {"kw", demand.billed_contract_kw().to_double()}});
    }
    return lines;
}

}  // namespace loadstar::service
