#pragma once
#include <ATen/ATen.h>
#include <optional>
#include <string>

#include "gpt/configuration.hpp"
#include "gpt/dropout.hpp"
#include "gpt/layers.hpp"
#include "gpt/rotary_embedding.hpp"

namespace loadstar::gpt {

/// Keys and values of the positions that one layer has seen, for generating token by token.
struct LayerCache {
    at::Tensor keys;    ///< [b, groups/t, positions, d]
    at::Tensor values;  ///< [b, groups/t, positions, d]
};

/// What all layers of one forward pass share.
struct Pass {
    ProcessGroup* group = nullptr;
    /// Added to scores: 0 where a position is seen, -10000 where it is masked (Megatron-LM's fill).  [1 or b, s -
    /// first_query, t]
    at::Tensor mask;
    std::optional<RotaryEmbedding::Turn> turn{};
    std::int64_t first_position = 0;  ///< of the input: as many are in the cache already
    DropoutSeed dropout{};
    std::int64_t first_query = 0;  ///< earlier positions of the input are only looked at: there is no output for them
};

/// Source: Megatron-LM core 0.16, SelfAttention; grouped queries: Ainslie et al. 2023.
class SelfAttention {
  public:
    SelfAttention(ParameterMaker& maker, const std::string& name, const GptConfiguration& configuration);

    /// [b, s, h] -> [b, s - first_query, h], without dropout and residual.
    [[nodiscard]] at::Tensor forward(const at::Tensor& hidden, const Pass& pass, LayerCache* cache) const;

    ColumnParallelLinear linear_qkv;  ///< rows by group: its queries, one key, one value
    RowParallelLinear linear_proj;
    std::optional<Norm> q_layernorm;  ///< over the channels of a head
    std::optional<Norm> k_layernorm;

  private:
    struct Heads {
        at::Tensor query;  ///< [b, s, g, q, d]; g: groups of this rank, q: queries of a group
        at::Tensor key;    ///< [b, s, g, d]
        at::Tensor value;  ///< [b, s, g, d]
    };
    [[nodiscard]] Heads heads_of(const at::Tensor& hidden, const Pass& pass) const;
    [[nodiscard]] at::Tensor core_attention(const Heads& heads, const Pass& pass, LayerCache* cache) const;

    std::int64_t groups_;   ///< of this rank
    std::int64_t queries_;  ///< of a group
    std::int64_t channels_;
    double dropout_;
};

/// Source: Megatron-LM core 0.16, MLP; SwiGLU: Shazeer 2020.
class Mlp {
  public:
    Mlp(ParameterMaker& maker, const std::string& name, const GptConfiguration& configuration);
    /// [b, s, h] -> [b, s, h], without dropout and residual.
    [[nodiscard]] at::Tensor forward(const at::Tensor& hidden, ProcessGroup& group) const;

    ColumnParallelLinear linear_fc1;  ///< SwiGLU: gate and up, one below the other
    RowParallelLinear linear_fc2;

  private:
    Activation activation_;
};

/// x += dropout(attention(norm(x))); x += dropout(mlp(norm(x))).
/// Source: Megatron-LM core 0.16, TransformerLayer.
class TransformerLayer {
  public:
    /// @param number  from 0
    TransformerLayer(ParameterMaker& maker, std::int64_t number, const GptConfiguration& configuration);
    /// [b, s, h] -> [b, s - first_query, h]
    [[nodiscard]] at::Tensor forward(const at::Tensor& hidden, Pass pass, LayerCache* cache) const;

    Norm input_layernorm;
    SelfAttention self_attention;
    Norm pre_mlp_layernorm;
    Mlp mlp;

  private:
    std::uint64_t number_;
    double dropout_;
};

}  // namespace loadstar::gpt
