#include "gpt/continuation.hpp"

#include <fmt/format.h>

namespace loadstar::gpt {
namespace {

Error refused(const std::string& message) { return {.code = ErrorCode::invalid_argument, .message = message}; }

Result<void> check_prompt(const GptConfiguration& form, const std::vector<std::int64_t>& prompt) {
    if (prompt.empty()) return refused("the prompt has no tokens, expected at least one");
    if (static_cast<std::int64_t>(prompt.size()) > form.max_position_embeddings)
        return refused(fmt::format("the prompt has {} tokens, expected at most the {} positions of the model",
                                   prompt.size(), form.max_position_embeddings));
    for (const auto token : prompt)
        if (token < 0 || token >= form.padded_vocab_size)
            return refused(fmt::format("the prompt has token {}, expected 0 to {}", token, form.padded_vocab_size - 1));
    return {};
}

/// Scores of what may follow the tokens. [V]
at::Tensor scores_after(const GptModel& model, const std::vector<std::int64_t>& tokens, KeyValueCache* cache) {
    const auto first = cache ? static_cast<std::size_t>(cache->length) : 0;
    const auto fresh = std::vector<std::int64_t>(tokens.begin() + static_cast<std::ptrdiff_t>(first), tokens.end());
    const auto input = at::tensor(fresh, at::kLong).unsqueeze(0).to(model.device());  // [1, s]
    return model.last_logits({.tokens = input}, cache)[0].to(at::kCPU, at::kFloat).contiguous();
}

}  // namespace

Result<std::vector<std::int64_t>> continue_text(const GptModel& model, const std::vector<std::int64_t>& prompt,
                                                const ContinuationRules& rules,
                                                const std::function<bool(std::int64_t)>& seen) {
    const auto& form = model.configuration();
    LOADSTAR_CHECK(check_prompt(form, prompt));
    LOADSTAR_CHECK(check(rules.sampling));
    const at::NoGradGuard no_gradients;
    const auto room = form.max_position_embeddings - static_cast<std::int64_t>(prompt.size());
    const auto count = std::min(rules.max_new_tokens, room);
    auto cache = model.new_cache(1, static_cast<std::int64_t>(prompt.size()) + std::max<std::int64_t>(count, 0));
    NextToken next(rules.sampling);
    auto text = prompt;
    for (std::int64_t made = 0; made < count; ++made) {
        const auto scores = scores_after(model, text, rules.caching == Caching::none ? nullptr : &cache);  // [V]
        const auto token = next.choose({scores.data_ptr<float>(), static_cast<std::size_t>(scores.numel())});
        text.push_back(token);
        if (!seen(token) || token == rules.end) break;
    }
    return std::vector<std::int64_t>(text.begin() + static_cast<std::ptrdiff_t>(prompt.size()), text.end());
}

}  // namespace loadstar::gpt
