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

forecast::RollingRequest rolling_request(const Session& session, LocalDay from, LocalDay to) {
    return {.from = from, .to = to, .issue_minute = session.plant().forecast.issue_minute};
}

}  // namespace loadstar::service
