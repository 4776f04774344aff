#include "service/gpt_evaluate.hpp"

#include <nlohmann/json.hpp>

#include "service/gpt_module.hpp"

namespace loadstar::service {

Result<gpt::EvaluationReport> gpt_evaluate(const gpt::EvaluationRequest& request, Progress& progress) {
    LOADSTAR_TRY(const auto* module, gpt_module());
    return module->evaluate(request, progress);
}

nlohmann::json to_json(const gpt::EvaluationRequest& request, const gpt::EvaluationReport& report) {
    return {{"schema", "loadstar.gpt_evaluate/1"},
            {"checkpoint", request.model.checkpoint.string()},
            {"data", request.text.prefix.string()},
            {"samples", report.samples},
            {"tokens", report.tokens},
            {"loss", report.loss},
            {"perplexity", report.perplexity},
            {"seconds", report.seconds},
            {"tokens_per_second", report.seconds > 0 ? static_cast<double>(report.tokens) / report.seconds : 0.0}};
}

}  // namespace loadstar::service
