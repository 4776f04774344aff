#pragma once
#include <cstdint>
#include <optional>

#include "base/result.hpp"

namespace loadstar::gpt {

/// A batch that grows while training (--rampup-batch-size start increment samples).
struct BatchRampUp {
    std::int64_t start = 0;      ///< global batch at the beginning
    std::int64_t increment = 0;  ///< samples by which it grows at a time
    std::int64_t samples = 0;    ///< over so many consumed samples, in equal parts
};

/// Under Megatron-LM's names.
struct BatchOptions {
    std::int64_t micro_batch_size = 1;  ///< samples of one forward pass of one process
    std::int64_t global_batch_size = 1;
    std::int64_t data_parallel_size = 1;
    std::optional<BatchRampUp> rampup_batch_size{};
};

/// How many samples a step takes: global batch = micro_batch_size * data_parallel_size * micro-batches.
/// Source: num_microbatches_calculator of Megatron-LM core 0.16.
class BatchSizes {
  public:
    /// Errors: invalid_argument (sizes below 1, or that do not divide one another).
    static Result<BatchSizes> create(const BatchOptions& options);

    /// Samples of the step that begins after `consumed_samples`.
    [[nodiscard]] std::int64_t global_batch(std::int64_t consumed_samples) const;
    /// Micro-batches of each process in that step.
    [[nodiscard]] std::int64_t micro_batches(std::int64_t consumed_samples) const;
    /// Samples that so many steps take from the first on.
    [[nodiscard]] std::int64_t samples_of(std::int64_t steps) const;
    [[nodiscard]] const BatchOptions& options() const { return options_; }

  private:
    explicit BatchSizes(const BatchOptions& options) : options_(options) {}
    [[nodiscard]] std::int64_t together() const { return options_.micro_batch_size * options_.data_parallel_size; }
    BatchOptions options_;
};

}  // namespace loadstar::gpt
