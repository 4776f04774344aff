#include "gpt/training_data.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "gpt/sample_tensors.hpp"

namespace loadstar::gpt {
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
    std::vector<megatron::GptSample> samples;
    for (auto number = range.begin; number < range.end; ++number)
        samples.push_back(dataset_.sample(number, text_.rules));
    auto batch =
        tensors_of(samples, {.rules = text_.rules, .vocabulary = options_.vocabulary, .device = options_.device});
    if (!batch) return named(batch.error());
    if (options_.split == megatron::Split::train)
        batch->input.dropout = seed_of_place(seed_, static_cast<std::uint64_t>(range.begin));
    return batch;
}

Error TrainingData::named(Error error) const {
    std::vector<std::string> prefixes;
    for (const auto& part : text_.data_path) prefixes.push_back(part.prefix.string());
    error.where = fmt::format("{}", fmt::join(prefixes, ", "));
    return error;
}

}  // namespace loadstar::gpt
