#pragma once
#include <optional>

#include <nlohmann/json_fwd.hpp>

#include "service/session.hpp"

namespace loadstar::service {

/// Member `drivers` of the section `load_forecast`: what drives the first day of the forecast that was explained and
/// kept last, of those issued in [from, to]; nothing when none was. Computes no forecast.
/// Errors: io_error, those of the historian.
Result<std::optional<nlohmann::json>> kept_drivers(Session& session, const SeriesInfo& target, Instant from,
                                                   Instant to);

}  // namespace loadstar::service
