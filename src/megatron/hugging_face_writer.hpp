#pragma once
#include <filesystem>

#include "base/progress.hpp"
#include "megatron/core_weights.hpp"

namespace loadstar::megatron {

/// Writes model.safetensors and config.json of a GPT2LMHeadModel into a folder that exists.
/// Errors: invalid_argument (a block that GPT-2 has not, or heads unknown); those of write_safetensors.
Result<void> write_hugging_face(const CoreWeights& whole, const std::filesystem::path& folder, Progress& progress);

}  // namespace loadstar::megatron
