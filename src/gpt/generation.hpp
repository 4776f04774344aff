#pragma once
#include <functional>
#include <optional>
#include <vector>

#include "base/progress.hpp"
#include "gpt/model_source.hpp"
#include "gpt/next_token.hpp"

namespace loadstar::gpt {

/// Whether keys and values of positions that were seen are kept, or all is computed anew for each token. The tokens are
/// the same up to rounding; without the cache the cost grows with the square of the length.
enum class Caching { keys_and_values, none };

/// How a text goes on.
struct ContinuationRules {
    std::int64_t max_new_tokens = 0;
    std::optional<std::int64_t> end{};  ///< token after which nothing follows
    SamplingRules sampling{};
    Caching caching = Caching::keys_and_values;
};

struct GenerationRequest {
    ModelSource model;
    Place place;
    std::vector<std::int64_t> prompt;
    ContinuationRules rules;
};

/// A text that was continued, and what it took.
struct GenerationReport {
    std::vector<std::int64_t> tokens;  ///< behind the prompt
    double loading_seconds = 0;
    double seconds = 0;  ///< from the prompt to the last token
};

/// Loads a model and continues a text. `seen` is given each token as soon as it is chosen.
/// Errors: those of load_model and continue_text; cancelled.
Result<GenerationReport> generate(const GenerationRequest& request, Progress& progress,
                                  const std::function<void(std::int64_t)>& seen);

}  // namespace loadstar::gpt
