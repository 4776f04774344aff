#include "service/forecasting.hpp"

#include <algorithm>

namespace loadstar::service {

Result<forecast::Forecast> forecast_of(Session& session, const std::string& series, const forecast::Query& query) {
    LOADSTAR_TRY(const auto history, session.target_history(series));
    return forecast::SeasonalForecaster().predict(history, query);
}

Result<std::vector<forecast::Forecast>> rolling_forecasts(Session& session, const std::string& series,
                                                          const forecast::RollingRequest& request, Progress& progress) {
    LOADSTAR_TRY(const auto history, session.target_history(series));
    return forecast::roll_forecasts(forecast::SeasonalForecaster(), history, request, progress);
}

Result<std::vector<std::string>> targets_of(const Plant& plant, const std::vector<std::string>& wanted) {
    if (!wanted.empty()) return wanted;
    std::vector<std::string> all;
    for (const auto& target : plant.forecast.targets) all.push_back(target.series);
    if (!all.empty()) return all;
    return Error{.code = ErrorCode::invalid_argument,
                 .message = "the plant file names nothing to predict",
                 .where = plant.file.string(),
                 .hint = "add a [[forecast.target]] with the id of a series"};
}

forecast::RollingRequest rolling_request(const Session& session, LocalDay from, LocalDay to) {
    return {.from = from, .to = to, .issue_minute = session.plant().forecast.issue_minute};
}

Result<Instant> newest_issue(Session& session, const std::string& series) {
    LOADSTAR_TRY(const auto covered, session.covered(series));
    return std::min(covered.end() + session.plant().forecast.latency, session.clock().now());
}

Horizon days_axis(const Plant& plant, LocalDay first, int days) {
    const auto start = plant.time_zone.start_of_day(first);
    const auto end = plant.time_zone.start_of_day(add_days(first, days));
    return {.start = start, .step = plant.step, .slots = static_cast<int>((end - start) / plant.step)};
}

Horizon coming_days(const Plant& plant, Instant instant, int days) {
    auto first = plant.time_zone.day_of(instant);
    if (plant.time_zone.start_of_day(first) < instant) first = add_days(first, 1);
    return days_axis(plant, first, days);
}

}  // namespace loadstar::service
