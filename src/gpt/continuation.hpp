#pragma once
#include <functional>
#include <vector>

#include "gpt/generation.hpp"
#include "gpt/gpt_model.hpp"

namespace loadstar::gpt {

/// Continues a text token by token; `seen` is given each one as soon as it is chosen and ends the text by returning
/// false. Stops before the positions of the model run out. The model must be whole on this process.
/// @param prompt  at least one token
/// Errors: invalid_argument (an empty prompt, a token outside the vocabulary, a prompt longer than the positions,
/// rules).
Result<std::vector<std::int64_t>> continue_text(const GptModel& model, const std::vector<std::int64_t>& prompt,
                                                const ContinuationRules& rules,
                                                const std::function<bool(std::int64_t)>& seen);

}  // namespace loadstar::gpt
