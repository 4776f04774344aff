#pragma once
#include <cstdint>

#include "gpt/configuration.hpp"

namespace loadstar::test_support {

/// 2 layers of 32 channels over 64 tokens, without dropout.
inline gpt::GptConfiguration small_gpt() {
    return {.num_layers = 2,
            .hidden_size = 32,
            .num_attention_heads = 4,
            .padded_vocab_size = 64,
            .max_position_embeddings = 16,
            .hidden_dropout = 0,
            .attention_dropout = 0};
}

}  // namespace loadstar::test_support
