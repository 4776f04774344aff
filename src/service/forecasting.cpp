#include "service/forecasting.hpp"

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

}  // namespace loadstar::service
