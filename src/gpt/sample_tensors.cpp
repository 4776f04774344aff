#include "gpt/sample_tensors.hpp"

#include <fmt/format.h>

namespace loadstar::gpt {
namespace {

using megatron::GptSample;

/// Rows of equal length as a tensor [rows, length].
template <class Number>
at::Tensor stacked(const std::vector<GptSample>& samples, std::vector<Number> GptSample::*part, at::ScalarType type) {
    const auto length = static_cast<std::int64_t>((samples.front().*part).size());
    auto rows = at::empty({static_cast<std::int64_t>(samples.size()), length}, at::TensorOptions(type));
    auto* to = rows.data_ptr<Number>();
    for (const auto& sample : samples) to = std::copy((sample.*part).begin(), (sample.*part).end(), to);
    return rows;
}

/// The first position that each position sees: where its block begins.  i64 [rows, length]
at::Tensor first_seen(const std::vector<GptSample>& samples) {
    const auto length = static_cast<std::int64_t>(samples.front().tokens.size());
    auto rows = at::empty({static_cast<std::int64_t>(samples.size()), length}, at::kLong);
    auto* to = rows.data_ptr<std::int64_t>();
    for (const auto& sample : samples) {
        auto block = sample.block_starts.begin();
        for (std::int64_t position = 0; position < length; ++position) {
            while (std::next(block) != sample.block_starts.end() && *std::next(block) <= position) ++block;
            *to++ = *block;
        }
    }
    return rows;
}

Result<void> check_tokens(const at::Tensor& tokens, std::int64_t vocabulary) {
    const auto highest = tokens.max().item<std::int64_t>();
    const auto lowest = tokens.min().item<std::int64_t>();
    if (lowest >= 0 && highest < vocabulary) return {};
    return Error{.code = ErrorCode::invalid_input,
                 .message = fmt::format("the data holds token {}, expected 0..{} of the model's vocabulary",
                                        lowest < 0 ? lowest : highest, vocabulary - 1),
                 .hint = "the data was made with another tokenizer, or the vocabulary size is too small"};
}

}  // namespace

Result<MicroBatch> tensors_of(const std::vector<GptSample>& samples, const SampleTensorOptions& options) {
    const auto tokens = stacked(samples, &GptSample::tokens, at::kLong);           // [b, s]
    auto labels = stacked(samples, &GptSample::labels, at::kLong);                 // [b, s]
    if (options.rules.pad) labels.masked_fill_(labels.eq(*options.rules.pad), 0);  // masked out: any token will do
    LOADSTAR_CHECK(check_tokens(tokens, options.vocabulary));
    LOADSTAR_CHECK(check_tokens(labels, options.vocabulary));
    MicroBatch batch{.input = {.tokens = tokens.to(options.device)},
                     .labels = labels.to(options.device),
                     .loss_mask = stacked(samples, &GptSample::loss_mask, at::kFloat).to(options.device)};  // [b, s]
    if (options.rules.reset_position_ids)
        batch.input.position_ids = stacked(samples, &GptSample::position_ids, at::kLong).to(options.device);  // [b, s]
    if (options.rules.reset_attention_mask)
        batch.input.block_starts = first_seen(samples).to(options.device);  // [b, s]
    return batch;
}

}  // namespace loadstar::gpt
