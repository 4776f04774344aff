#include "service/gpt_shape_json.hpp"

#include <nlohmann/json.hpp>

namespace loadstar::service {
namespace {

using nlohmann::json;

json optional_json(const std::optional<std::int64_t>& value) { return value ? json(*value) : json(); }

}  // namespace

json to_json(const megatron::GptShape& shape) {
    return {{"num_layers", shape.num_layers},
            {"hidden_size", shape.hidden_size},
            {"ffn_hidden_size", shape.ffn_hidden_size},
            {"qkv_rows", shape.qkv_rows},
            {"padded_vocab_size", shape.padded_vocab_size},
            {"max_position_embeddings", optional_json(shape.max_position_embeddings)},
            {"swiglu", shape.swiglu},
            {"add_bias_linear", shape.add_bias_linear},
            {"normalization", shape.rms_norm ? "RMSNorm" : "LayerNorm"},
            {"qk_layernorm", shape.qk_layernorm},
            {"untie_embeddings_and_output_weights", shape.untie_embeddings_and_output_weights},
            {"num_attention_heads", optional_json(shape.num_attention_heads)},
            {"num_query_groups", optional_json(shape.num_query_groups)},
            {"parameters", shape.parameters}};
}

}  // namespace loadstar::service
