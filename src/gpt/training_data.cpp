#include "gpt/training_data.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace loadstar::gpt {
namespace {

/// Rows of equal length as a tensor [rows, length].
template <class Number>
at::Tensor stacked(const std::vector<megatron::GptSample>& samples, std::vector<Number> megatron::GptSample::*part,
                   at::ScalarType type) {
    const auto length = static_cast<std::int64_t>((samples.front().*part).size());
    auto rows = at::empty({static_cast<std::int64_t>(samples.size()), length}, at::TensorOptions(type));
    auto* to = rows.data_ptr<Number>();
    for (const auto& sample : samples) to = std::copy((sample.*part).begin(), (sample.*part).end(), to);
    return rows;
}

}  // namespace

Result<TrainingData> TrainingData::open(const TrainingOptions& training, const Options& options) {
    LOADSTAR_TRY(auto dataset,
                 megatron::BlendedDataset::build(training.text.data_path, {.split_weights = training.text.split,
                                                                           .split = options.split,
                                                                           .sequence_length = training.text.seq_length,
                                                                           .samples = options.samples,
                                                                           .seed = training.seed}));
    return TrainingData(std::move(dataset), training, options);
}

std::string TrainingData::identity() const {
    std::vector<std::string> parts;
    for (std::size_t i = 0; i < dataset_.parts().size(); ++i)
        parts.push_back(
            fmt::format("{} of {} tokens", text_.data_path[i].weight, dataset_.parts()[i].order().tokens_per_epoch));
    return fmt::format("{}", fmt::join(parts, ", "));
}

Result<MicroBatch> TrainingData::batch(const megatron::SequenceRange& range) const {
    using megatron::GptSample;
    std::vector<GptSample> samples;
    for (auto number = range.begin; number < range.end; ++number)
        samples.push_back(dataset_.sample(number, text_.rules));
    const auto tokens = stacked(samples, &GptSample::tokens, at::kLong);       // [b, s]
    auto labels = stacked(samples, &GptSample::labels, at::kLong);             // [b, s]
    if (text_.rules.pad) labels.masked_fill_(labels.eq(*text_.rules.pad), 0);  // masked out: any token will do
    LOADSTAR_CHECK(check_tokens(tokens));
    LOADSTAR_CHECK(check_tokens(labels));
    MicroBatch batch{.input = {.tokens = tokens.to(options_.device)},
                     .labels = labels.to(options_.device),
                     .loss_mask = stacked(samples, &GptSample::loss_mask, at::kFloat).to(options_.device)};  // [b, s]
    if (text_.rules.reset_position_ids)
        batch.input.position_ids = stacked(samples, &GptSample::position_ids, at::kLong).to(options_.device);  // [b, s]
    if (text_.rules.reset_attention_mask)
        batch.input.block_starts = stacked(samples, &GptSample::block_starts, at::kLong).to(options_.device);  // [b, s]
    if (options_.split == megatron::Split::train)
        batch.input.dropout = seed_of_place(seed_, static_cast<std::uint64_t>(range.begin));
    return batch;
}

Result<void> TrainingData::check_tokens(const at::Tensor& tokens) const {
    const auto highest = tokens.max().item<std::int64_t>();
    const auto lowest = tokens.min().item<std::int64_t>();
    if (lowest >= 0 && highest < options_.vocabulary) return {};
    std::vector<std::string> prefixes;
    for (const auto& part : text_.data_path) prefixes.push_back(part.prefix.string());
    return Error{.code = ErrorCode::invalid_input,
                 .message = fmt::format("the data holds token {}, expected 0..{} of the model's vocabulary",
                                        lowest < 0 ? lowest : highest, options_.vocabulary - 1),
                 .where = fmt::format("{}", fmt::join(prefixes, ", ")),
                 .hint = "the data was made with another tokenizer, or the vocabulary size is too small"};
}

}  // namespace loadstar::gpt
