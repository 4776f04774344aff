#include "gpt/generation.hpp"

#include <chrono>

#include "gpt/continuation.hpp"
#include "gpt/load_model.hpp"
#include "gpt/torch_errors.hpp"

namespace loadstar::gpt {
namespace {

double seconds_since(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

Result<GenerationReport> generate(const GenerationRequest& request, Progress& progress,
                                  const std::function<void(std::int64_t)>& seen) {
    return with_torch_errors("generating", [&]() -> Result<GenerationReport> {
        GenerationReport report;
        const auto start = std::chrono::steady_clock::now();
        LOADSTAR_TRY(const auto model, load_model(request.model, request.place));
        report.loading_seconds = seconds_since(start);
        const auto loaded = std::chrono::steady_clock::now();
        std::int64_t made = 0;
        LOADSTAR_TRY(report.tokens, continue_text(model, request.prompt, request.rules, [&](std::int64_t token) {
                         seen(token);
                         progress.report("generating", ++made, request.rules.max_new_tokens);
                         return !progress.cancelled();
                     }));
        if (progress.cancelled()) return Error{.code = ErrorCode::cancelled, .message = "stopped while generating"};
        report.seconds = seconds_since(loaded);
        return report;
    });
}

}  // namespace loadstar::gpt
