#pragma once
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "base/progress.hpp"
#include "base/result.hpp"
#include "forecast/forecast.hpp"
#include "service/explanation.hpp"
#include "service/session.hpp"

namespace loadstar::service {

/// What to predict.
struct ForecastChoice {
    std::vector<std::string> series;   ///< empty = every target of the plant file
    std::optional<Instant> issued_at;  ///< absent: now, or the end of the series' readings when that is earlier
    int days = 1;                      ///< local days, from the first midnight at or after the issue
    int scenarios = 0;
    bool explain = false;  ///< also say what drives each forecast; costs some dozens of them
};

struct ForecastReport {
    std::string plant;
    TimeZone zone;
    std::vector<forecast::Forecast> forecasts;
    std::vector<ForecastExplanation> explanations{};  ///< one for each forecast; empty when not asked for
};

/// Predicts targets of the plant file over whole local days.
/// Errors: invalid_argument (no target in the plant file), out_of_range (days), cancelled, those of forecast_of and
/// explain.
Result<ForecastReport> forecast_days(Session& session, const ForecastChoice& choice, Progress& progress);

/// Puts the forecasts into the ledger, with what drives them. One without explanation keeps that of the same forecast
/// which is there already. Errors: those of keep().
Result<void> keep_forecasts(Session& session, const ForecastReport& report);

/// Shape loadstar.forecast/1.
nlohmann::json to_json(const ForecastReport& report);

}  // namespace loadstar::service
