#pragma once
// Why a forecast is what it is: computed once by `forecast --explain`, kept with the forecast, shown by the report.

#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "base/progress.hpp"
#include "base/result.hpp"
#include "forecast/attribution.hpp"
#include "service/forecasting.hpp"

namespace loadstar::service {

/// A forecast as a sum of what drives it, or the reason why it cannot be told.
struct ForecastExplanation {
    std::optional<forecast::Attribution> attribution{};
    Text why_not{};
    bool is_amount = false;  ///< energies and counts add up over slots, rates and levels are averaged
};

/// Explains a forecast that `forecaster` has made for a query. When one without some driver cannot be made, that is the
/// reason in the explanation. Errors: cancelled; internal (the parts do not add up to the forecast within 1e-6).
Result<ForecastExplanation> explain(const TargetForecaster& forecaster, const forecast::Query& query,
                                    const forecast::Forecast& forecast, const Plant& plant, Progress& progress);

/// What a driver did in one hour of the wall clock.
struct DriverHour {
    Instant start;
    double part;
};
/// What a driver did on one day.
struct DriverOfDay {
    std::string id;
    Text name;
    double part;
    std::optional<double> percent;  ///< of the day's forecast; none when that is zero
    std::vector<DriverHour> hours;  ///< the three in which it did most, in order of time; none where it did nothing
};
/// A local day of a forecast: sums of amounts, means of the rest, unit of the target.
struct ExplainedDay {
    LocalDay day;
    double base;
    double forecast;
    std::vector<DriverOfDay> drivers;
};

/// What drives each local day that the horizon touches; base and parts of a day add up to its forecast.
std::vector<ExplainedDay> explained_days(const forecast::Attribution& attribution, const Horizon& axis, bool is_amount,
                                         const TimeZone& zone);

/// Member `explanation` of loadstar.forecast/1.
nlohmann::json to_json(const ForecastExplanation& explanation, const Horizon& axis, const TimeZone& zone);

/// The sum in such a member; nothing when it holds only a reason. Throws nlohmann::json::exception on another shape.
std::optional<forecast::Attribution> attribution_of(const nlohmann::json& explanation);

}  // namespace loadstar::service
