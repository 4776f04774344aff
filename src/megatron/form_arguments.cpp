#include "megatron/form_arguments.hpp"

#include <array>
#include <string_view>

namespace loadstar::megatron {
namespace {

/// Arguments of Megatron-LM core 0.16 that shapes of weights do not tell, or not for sure.
constexpr std::array<std::string_view, 31> known{
    "num_attention_heads",
    "num_query_groups",
    "kv_channels",
    "group_query_attention",
    "max_position_embeddings",
    "seq_length",
    "vocab_size",
    "position_embedding_type",
    "rotary_base",
    "rotary_percent",
    "rotary_interleaved",
    "use_rope_scaling",
    "rope_scaling_factor",
    "rope_low_freq_factor",
    "rope_high_freq_factor",
    "rope_original_max_position_embeddings",
    "normalization",
    "layernorm_epsilon",
    "norm_epsilon",
    "apply_layernorm_1p",
    "qk_layernorm",
    "swiglu",
    "squared_relu",
    "bias_gelu_fusion",
    "openai_gelu",
    "add_bias_linear",
    "add_qkv_bias",
    "untie_embeddings_and_output_weights",
    "hidden_dropout",
    "attention_dropout",
    "init_method_std",
};

}  // namespace

std::map<std::string, std::string> form_arguments(const std::map<std::string, std::string>& arguments) {
    std::map<std::string, std::string> form;
    for (const auto name : known)
        if (const auto found = arguments.find(std::string(name)); found != arguments.end()) form.insert(*found);
    return form;
}

}  // namespace loadstar::megatron
