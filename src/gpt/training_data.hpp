#pragma once
#include "gpt/training.hpp"
#include "gpt/training_step.hpp"

namespace loadstar::gpt {

/// Samples of one split as tensors.
class TrainingData {
  public:
    struct Options {
        megatron::Split split = megatron::Split::train;
        std::int64_t samples = 0;     ///< that the run takes in all: they decide the order
        std::int64_t vocabulary = 0;  ///< tokens are below it
        at::Device device = at::kCPU;
    };

    /// Errors: those of BlendedDataset::build.
    static Result<TrainingData> open(const TrainingOptions& training, const Options& options);

    [[nodiscard]] std::int64_t size() const { return dataset_.size(); }
    /// Weight and tokens of each dataset, as a text that tells one from another.
    [[nodiscard]] std::string identity() const;
    /// Samples of a range, for one forward pass; `dropout` is drawn from the seed of the run and the number of the
    /// first sample. Errors: invalid_input (a token that the vocabulary has not).
    [[nodiscard]] Result<MicroBatch> batch(const megatron::SequenceRange& samples) const;

  private:
    TrainingData(megatron::BlendedDataset dataset, const TrainingOptions& training, const Options& options)
        : dataset_(std::move(dataset)), text_(training.text), seed_(training.seed), options_(options) {}
    [[nodiscard]] Error named(Error error) const;

    megatron::BlendedDataset dataset_;
    TrainingText text_;
    std::uint32_t seed_;
    Options options_;
};

}  // namespace loadstar::gpt
