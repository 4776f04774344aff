#pragma once
#include <nlohmann/json_fwd.hpp>

#include "service/report_scope.hpp"
#include "service/status.hpp"

namespace loadstar::service {

/// Section `data_quality`: coverage by day within the report's year, and what imports refused or repaired.
/// Errors: io_error.
Result<nlohmann::json> data_quality_section(Session& session, const StatusReport& status, const ReportScope& scope);

}  // namespace loadstar::service
