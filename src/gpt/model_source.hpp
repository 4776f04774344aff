#pragma once
#include <filesystem>
#include <string>

#include "gpt/configuration_arguments.hpp"
#include "megatron/core_weights.hpp"

namespace loadstar::gpt {

/// A checkpoint, and what it may not say of itself.
struct ModelSource {
    std::filesystem::path checkpoint;  ///< any place that megatron::find_checkpoint knows
    megatron::CoreWeightsOptions weights{};
    Arguments arguments{};  ///< by Megatron-LM's names; they win over those in the file
};

/// Type of weights and activations.
enum class Precision { fp32, bf16, fp16 };

/// Where a model computes.
struct Place {
    std::string device = "cpu";  ///< or "cuda", "cuda:1"
    Precision precision = Precision::fp32;
    int threads = 0;  ///< of the CPU; 0: as many as LibTorch takes by itself
};

}  // namespace loadstar::gpt
