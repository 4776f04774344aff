#pragma once
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "megatron/data_split.hpp"
#include "megatron/gpt_dataset.hpp"

namespace loadstar::megatron {

/// From which dataset each sample comes, and which sample of it.
struct BlendOrder {
    std::vector<std::int16_t> dataset;
    std::vector<std::int64_t> sample;
};

/// Sample k comes from the dataset that lags most behind its weight: largest weight * max(k, 1) - taken, the first of
/// equals. Errors: as for normalised().
Result<BlendOrder> blend_by_weights(std::span<const double> weights, std::int64_t samples);
/// Every sample of every dataset once, in proportion to their sizes.
BlendOrder blend_by_sizes(std::span<const std::int64_t> sizes);

/// Samples of each dataset that a blend of so many takes, and, with a little to spare, asks of it.
struct BlendSizes {
    std::vector<std::int64_t> taken;
    std::vector<std::int64_t> requested;
};
Result<BlendSizes> blend_sizes(std::span<const double> weights, std::int64_t samples);

/// One dataset of a blend.
struct BlendPart {
    std::filesystem::path prefix;
    double weight = 1;
};

/// What a blend is made of.
struct BlendOptions {
    std::string split_weights = "1";  ///< as for split_sequences
    Split split = Split::train;
    std::int64_t sequence_length = 0;
    std::int64_t samples = 0;
    std::uint32_t seed = 1234;
};

/// Samples of several datasets in Megatron-LM's order. For any number of threads.
/// Source: BlendedDataset and BlendedMegatronDatasetBuilder of Megatron-LM core 0.16, with weights and a size.
class BlendedDataset {
  public:
    /// Errors: those of opening and ordering each dataset; invalid_argument (weights, or more than 32,767 parts).
    static Result<BlendedDataset> build(std::span<const BlendPart> parts, const BlendOptions& options);

    [[nodiscard]] std::int64_t size() const { return static_cast<std::int64_t>(order_.sample.size()); }
    [[nodiscard]] const BlendOrder& order() const { return order_; }
    [[nodiscard]] const std::vector<GptDataset>& parts() const { return parts_; }
    [[nodiscard]] GptSample sample(std::int64_t number, const GptSampleRules& rules) const;

  private:
    BlendedDataset(std::vector<GptDataset> parts, BlendOrder order)
        : parts_(std::move(parts)), order_(std::move(order)) {}
    std::vector<GptDataset> parts_;
    BlendOrder order_;
};

/// Numbers of the samples of one process, micro-batch after micro-batch, from where training stopped: of each
/// micro_batch_size * data_parallel_size samples in a row it takes the slice of its rank. What is left at the end is
/// dropped. Megatron-LM's dataloader type `single`; `cyclic` is absent.
struct SequentialSampler {
    std::int64_t samples = 0;
    std::int64_t consumed_samples = 0;
    std::int64_t micro_batch_size = 1;
    std::int64_t data_parallel_rank = 0;
    std::int64_t data_parallel_size = 1;

    /// The next micro-batch as a range of sample numbers; empty at the end.
    SequenceRange next();
};

}  // namespace loadstar::megatron
