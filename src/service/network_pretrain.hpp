#pragma once
#include <nlohmann/json_fwd.hpp>

#include "neural/pretraining.hpp"

namespace loadstar::service {

/// Pre-trains a forecasting network. Errors: those of neural::pretrain and of neural_module().
Result<neural::PretrainingReport> pretrain_network(const neural::PretrainingOptions& options, Progress& progress,
                                                   const Clock& clock);

/// Shape loadstar.network_pretrain/1.
nlohmann::json to_json(const neural::PretrainingReport& report);

}  // namespace loadstar::service
