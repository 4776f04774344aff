#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "megatron/checkpoint_file.hpp"

namespace loadstar::megatron {

/// What the weights of a GPT tell about its form, under Megatron's argument names. One shard of a tensor-parallel model
/// tells its own share of heads, channels and vocabulary.
struct GptShape {
    int num_layers = 0;
    std::int64_t hidden_size = 0;
    std::int64_t ffn_hidden_size = 0;                       ///< of this shard
    std::int64_t qkv_rows = 0;                              ///< of this shard
    std::int64_t attention_channels = 0;                    ///< of all heads of this shard
    std::int64_t padded_vocab_size = 0;                     ///< of this shard
    std::optional<std::int64_t> max_position_embeddings{};  ///< absent: no learned positions
    bool swiglu = false;
    bool add_bias_linear = false;
    bool rms_norm = false;
    bool qk_layernorm = false;
    bool untie_embeddings_and_output_weights = false;
    std::int64_t parameters = 0;  ///< of this shard
    /// From the arguments in the file: shapes cannot tell how many heads share a row.
    std::optional<std::int64_t> num_attention_heads{};
    std::optional<std::int64_t> num_query_groups{};
};

/// The shapes of weights by their names in Megatron core, and what else is known of them.
struct CoreShapes {
    std::map<std::string, std::vector<std::int64_t>> shapes;
    std::map<std::string, std::string> arguments;  ///< of the training
    std::string where;                             ///< for messages
    Naming naming = Naming::core;                  ///< for messages
};

/// Errors: invalid_input (names the weight that is missing, or whose shape contradicts another).
Result<GptShape> gpt_shape(const CoreShapes& shapes);
Result<GptShape> gpt_shape(const CheckpointFile& file);

}  // namespace loadstar::megatron
