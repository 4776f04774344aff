#pragma once
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "base/progress.hpp"
#include "base/result.hpp"
#include "base/text.hpp"
#include "neural/ablation.hpp"
#include "service/session.hpp"

namespace loadstar::service {

struct AblateChoice {
    std::string series{};             ///< a forecast target; empty = the first one of the plant file
    neural::AblationOptions options;  ///< its history is taken from the plant
};

struct AblateReport {
    std::string plant;
    std::string series;
    std::string unit;         ///< of the series, and of CRPS
    std::int64_t points = 0;  ///< of its history
    neural::AblationReport result;
    Text verdict;
};

/// Tells whether a text model helps to forecast a target: trains networks with and without it on what is stored of the
/// target before its last part, and judges them by that. Nothing is kept.
/// Errors: those of Session::target_history, neural::ablate and neural_module(); invalid_argument (no target).
Result<AblateReport> ablate(Session& session, const AblateChoice& choice, Progress& progress);

/// Shape loadstar.ablate/1.
nlohmann::json to_json(const AblateChoice& choice, const AblateReport& report);

}  // namespace loadstar::service
