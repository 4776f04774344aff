#pragma once
#include <vector>

#include "gpt/training_step.hpp"
#include "megatron/gpt_dataset.hpp"

namespace loadstar::gpt {

/// For whom samples become tensors.
struct SampleTensorOptions {
    megatron::GptSampleRules rules{};  ///< by which the samples were made
    std::int64_t vocabulary = 0;       ///< tokens are below it
    at::Device device = at::kCPU;
};

/// Samples of one length as one micro-batch, without dropout. @param samples  at least one
/// Errors: invalid_input (a token that the vocabulary has not).
Result<MicroBatch> tensors_of(const std::vector<megatron::GptSample>& samples, const SampleTensorOptions& options);

}  // namespace loadstar::gpt
