#pragma once
#include <ATen/ATen.h>

#include "gpt/configuration.hpp"

namespace loadstar::gpt {

/// Turns the channels of queries and keys by angles that grow with their position, so that scores depend on distances.
/// Source: Su et al. 2021 (RoFormer), sec. 3.4; Megatron-LM, RotaryEmbedding and _apply_rotary_pos_emb_bshd.
class RotaryEmbedding {
  public:
    RotaryEmbedding(const GptConfiguration& configuration, at::TensorOptions options);

    /// Angles of some positions in a row.
    struct Turn {
        at::Tensor cosine;  ///< [s, 1, 1, rotary channels]
        at::Tensor sine;    ///< [s, 1, 1, rotary channels]
        bool interleaved = false;
    };
    [[nodiscard]] Turn turn(std::int64_t first, std::int64_t length) const;

  private:
    bool interleaved_;
    at::TensorOptions options_;
    at::Tensor inverse_frequencies_;  ///< f32 [rotary channels / 2]
};

/// [b, s, groups, heads, d] -> the same shape; channels beyond the rotary ones pass through.
at::Tensor turned(const at::Tensor& heads, const RotaryEmbedding::Turn& turn);

}  // namespace loadstar::gpt
