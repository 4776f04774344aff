#pragma once
#include <nlohmann/json_fwd.hpp>

#include "base/progress.hpp"
#include "base/result.hpp"
#include "gpt/evaluation.hpp"

namespace loadstar::service {

/// Measures how well a model expects a text. Errors: those of gpt_module and gpt::evaluate.
Result<gpt::EvaluationReport> gpt_evaluate(const gpt::EvaluationRequest& request, Progress& progress);

/// Shape loadstar.gpt_evaluate/1.
nlohmann::json to_json(const gpt::EvaluationRequest& request, const gpt::EvaluationReport& report);

}  // namespace loadstar::service
