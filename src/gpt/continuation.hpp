#pragma once
#include <functional>
#include <optional>
#include <vector>

#include "gpt/gpt_model.hpp"
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

/// Continues a text token by token; `seen` is given each one as soon as it is chosen and ends the text by returning
/// false. Stops before the positions of the model run out. The model must be whole on this process.
/// @param prompt  at least one token
/// Errors: invalid_argument (an empty prompt, a token outside the vocabulary, a prompt longer than the positions,
/// rules).
Result<std::vector<std::int64_t>> continue_text(const GptModel& model, const std::vector<std::int64_t>& prompt,
                                                const ContinuationRules& rules,
                                                const std::function<bool(std::int64_t)>& seen);

}  // namespace loadstar::gpt
