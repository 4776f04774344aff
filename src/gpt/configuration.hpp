#pragma once
#include <cstdint>
#include <optional>

#include "base/result.hpp"

namespace loadstar::gpt {

enum class Normalization { layer_norm, rms_norm };
enum class PositionEmbedding { learned_absolute, rope };
enum class Activation {
    gelu_tanh,  ///< 0.5 x (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))): Megatron-LM with bias_gelu_fusion, and the 345M
    gelu_erf,   ///< x Phi(x): Megatron-LM without that fusion
    swiglu      ///< silu(gate) * up
};

/// How Llama 3 stretches the rotary angles to contexts longer than it was trained on.
/// Source: Megatron-LM, RotaryEmbedding._apply_scaling.
struct RopeScaling {
    double factor = 8;
    double low_frequency_factor = 1;
    double high_frequency_factor = 4;
    std::int64_t original_max_position_embeddings = 8192;
    bool operator==(const RopeScaling&) const = default;
};

/// The form of a GPT under Megatron-LM's argument names (TransformerConfig of core 0.16). What is absent has the value
/// that Megatron-LM derives from the rest.
struct GptConfiguration {
    std::int64_t num_layers = 0;
    std::int64_t hidden_size = 0;
    std::int64_t num_attention_heads = 0;
    std::optional<std::int64_t> num_query_groups{};  ///< as many as heads
    std::optional<std::int64_t> kv_channels{};       ///< channels of a head: hidden_size / num_attention_heads
    std::optional<std::int64_t> ffn_hidden_size{};   ///< 4 hidden_size
    std::int64_t padded_vocab_size = 0;
    std::int64_t max_position_embeddings = 0;  ///< rows of the learned table; with rope only a limit for generating

    PositionEmbedding position_embedding_type = PositionEmbedding::learned_absolute;
    double rotary_base = 10'000;
    double rotary_percent = 1;  ///< share of the channels that turn
    bool rotary_interleaved = false;
    std::optional<RopeScaling> rope_scaling{};

    Normalization normalization = Normalization::layer_norm;
    double layernorm_epsilon = 1e-5;
    bool apply_layernorm_1p = false;  ///< weights of norms are stored minus one
    bool qk_layernorm = false;
    Activation activation = Activation::gelu_tanh;
    bool add_bias_linear = true;
    bool add_qkv_bias = false;  ///< a bias on query, key and value even without add_bias_linear
    bool untie_embeddings_and_output_weights = false;

    double hidden_dropout = 0.1;
    double attention_dropout = 0.1;
    double init_method_std = 0.02;

    [[nodiscard]] bool has_qkv_bias() const { return add_bias_linear || add_qkv_bias; }
    [[nodiscard]] std::int64_t groups() const { return num_query_groups.value_or(num_attention_heads); }
    [[nodiscard]] std::int64_t head_channels() const { return kv_channels.value_or(hidden_size / num_attention_heads); }
    [[nodiscard]] std::int64_t ffn_channels() const { return ffn_hidden_size.value_or(4 * hidden_size); }
    /// Rows of linear_qkv: per group its queries, one key and one value.
    [[nodiscard]] std::int64_t qkv_rows() const { return (num_attention_heads + 2 * groups()) * head_channels(); }
    /// Channels of a head that rotary embeddings turn.
    [[nodiscard]] std::int64_t rotary_channels() const;
    bool operator==(const GptConfiguration&) const = default;
};

/// Says what of a configuration cannot be, also when its weights are to be split over `tensor_parallel` ranks.
/// Errors: invalid_argument (names the argument, the value found and what was expected).
Result<void> check(const GptConfiguration& configuration, std::int64_t tensor_parallel = 1);

/// Weights of the whole model. 345M form: 354,871,296.
std::int64_t parameter_count(const GptConfiguration& configuration);

}  // namespace loadstar::gpt
