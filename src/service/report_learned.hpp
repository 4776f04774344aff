#pragma once
// What was learned from the past and kept: the sections `replay` and `backtest`.

#include <optional>

#include <nlohmann/json_fwd.hpp>

#include "service/report_scope.hpp"

namespace loadstar::service {

/// What plans on forecasts would have saved, from the latest replay of the connection; nothing when none is kept.
/// Errors: io_error.
Result<std::optional<nlohmann::json>> replay_section(Session& session, const ReportScope& scope);

/// How good forecasts of past days were, from the latest backtest of each target; nothing when none is kept.
/// Errors: io_error, those of the model registry.
Result<std::optional<nlohmann::json>> backtest_section(Session& session);

}  // namespace loadstar::service
