#pragma once
#include <nlohmann/json_fwd.hpp>

#include "base/progress.hpp"
#include "service/report_scope.hpp"

namespace loadstar::service {

/// Section `advice`: what `advise` kept when nothing was imported since, else examined anew, which takes some seconds.
/// Errors: those of advise_plant.
Result<nlohmann::json> advice_section(Session& session, const ReportScope& scope, Progress& progress);

}  // namespace loadstar::service
