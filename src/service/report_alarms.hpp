#pragma once
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "historian/alarms.hpp"
#include "service/report_scope.hpp"

namespace loadstar::service {

/// Stored alarms of the report's year, the most costly first. Errors: io_error.
Result<std::vector<historian::AlarmRecord>> alarms_of_report(Session& session, const ReportScope& scope);

/// Section `alarms`: the most costly alarms with their evidence and a chart of what was measured and expected.
nlohmann::json alarms_section(const Session& session, const std::vector<historian::AlarmRecord>& alarms);

}  // namespace loadstar::service
