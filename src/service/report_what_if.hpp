#pragma once
// Scenarios side by side: the section `what_if`.

#include <optional>

#include <nlohmann/json_fwd.hpp>

#include "service/report_scope.hpp"

namespace loadstar::service {

/// The latest study of the connection; nothing when none is kept. Errors: io_error.
Result<std::optional<nlohmann::json>> what_if_section(Session& session, const ReportScope& scope);

}  // namespace loadstar::service
