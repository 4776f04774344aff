#pragma once
#include <nlohmann/json_fwd.hpp>

#include "service/report_scope.hpp"

namespace loadstar::service {

/// Section `load_forecast`: the days before the last reading, and the forecast of the days after it with tariff bands
/// and, where a forecast of these days was explained and kept, what drives it. Errors: not_found (the meter is no
/// forecast target, or the site has several meters), those of the forecast.
Result<nlohmann::json> load_forecast_section(Session& session, const ReportScope& scope);

/// Section `load_duration` with the contracted demand as a line.
nlohmann::json load_duration_of(const ReportScope& scope);

/// Lines of the contracted demand of a connection, for charts.
nlohmann::json demand_references(const Contract& contract);

}  // namespace loadstar::service
