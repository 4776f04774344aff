#pragma once
#include <ATen/ATen.h>
#include <filesystem>
#include <string>
#include <vector>

#include "gpt/gpt_model.hpp"
#include "gpt/weights.hpp"
#include "megatron/safetensors.hpp"

namespace loadstar::test_support {

/// The forms of the two models of the reference set that the real Megatron-LM made. [its README]
inline gpt::GptConfiguration gpt2_tanh() {
    return {.num_layers = 2,
            .hidden_size = 64,
            .num_attention_heads = 4,
            .padded_vocab_size = 256,
            .max_position_embeddings = 32,
            .hidden_dropout = 0,
            .attention_dropout = 0};
}

inline gpt::GptConfiguration llama_silu() {
    return {.num_layers = 2,
            .hidden_size = 64,
            .num_attention_heads = 8,
            .num_query_groups = 2,
            .ffn_hidden_size = 176,
            .padded_vocab_size = 256,
            .max_position_embeddings = 32,
            .position_embedding_type = gpt::PositionEmbedding::rope,
            .normalization = gpt::Normalization::rms_norm,
            .activation = gpt::Activation::swiglu,
            .add_bias_linear = false,
            .untie_embeddings_and_output_weights = true,
            .hidden_dropout = 0,
            .attention_dropout = 0};
}

/// A tensor of a safetensors file.
inline at::Tensor tensor_in(const megatron::SafetensorsFile& file, const std::string& name) {
    return gpt::tensor_of(*file.find(name));
}

/// Largest absolute difference.
inline double distance(const at::Tensor& left, const at::Tensor& right) {
    return (left.to(at::kDouble) - right.to(at::kDouble)).abs().max().item<double>();
}

}  // namespace loadstar::test_support
