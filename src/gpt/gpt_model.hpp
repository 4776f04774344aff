#pragma once
#include <ATen/ATen.h>
#include <memory>
#include <string>
#include <vector>

#include "gpt/configuration.hpp"
#include "gpt/parameters.hpp"
#include "gpt/transformer_layer.hpp"

namespace loadstar::gpt {

/// Which activations are computed again in the backward pass instead of being kept.
enum class RecomputeGranularity { none, full };

/// Where a model lives and what its weights are before they are loaded.
struct ModelOptions {
    GptConfiguration configuration;
    std::shared_ptr<ProcessGroup> tensor_parallel = single_process();
    at::Device device = at::kCPU;
    at::ScalarType params_dtype = at::kFloat;  ///< f32, bf16 or f16
    InitialWeights initial_weights = InitialWeights::drawn;
    std::uint64_t seed = 1234;  ///< of what is drawn
    RecomputeGranularity recompute_granularity = RecomputeGranularity::none;
};

/// What a model looks at in one pass.
struct GptInput {
    at::Tensor tokens;        ///< i64 [b, s]
    at::Tensor position_ids;  ///< i64 [b, s]; undefined: 0, 1, 2, ... or on from the cache
    at::Tensor block_starts;  ///< i64 [b, s], first position that each position sees; undefined: all up to itself
    DropoutSeed dropout{};
};

/// Keys and values of all layers.
struct KeyValueCache {
    std::vector<LayerCache> layers;
    std::int64_t length = 0;  ///< positions that are filled
};

/// Megatron-LM's GPT. Activations are [b, s, h] (Megatron core: [s, b, h]); the numbers are the same.
/// For use by one thread at a time.
/// Source: Megatron-LM core 0.16, GPTModel with the local layer spec.
class GptModel {
  public:
    /// Weights drawn by lot: N(0, init_method_std), linear_proj and linear_fc2 divided by sqrt(2 num_layers); biases 0,
    /// norms 1. Errors: those of check(configuration).
    static Result<GptModel> create(ModelOptions options);

    /// What each position expects next: this rank's run of the vocabulary, before softmax.
    /// @param cache  of new_cache(); the input follows on what is in it. nullptr: the input is all there is
    /// @return       [b, s, V/t]
    [[nodiscard]] at::Tensor logits(const GptInput& input, KeyValueCache* cache = nullptr) const;

    /// The same for the last position alone, as generating asks for it. [b, V/t]
    [[nodiscard]] at::Tensor last_logits(const GptInput& input, KeyValueCache* cache) const;

    /// Cross entropy of each token.
    /// @param labels  i64 [b, s]
    /// @return        f32 [b, s]
    [[nodiscard]] at::Tensor loss(const GptInput& input, const at::Tensor& labels) const;

    [[nodiscard]] KeyValueCache new_cache(std::int64_t batch, std::int64_t positions) const;

    /// Weights of this rank, each once: a tied head is the embedding.
    [[nodiscard]] const std::vector<Parameter>& parameters() const { return parameters_; }
    [[nodiscard]] const GptConfiguration& configuration() const { return options_.configuration; }
    [[nodiscard]] ProcessGroup& tensor_parallel() const { return *options_.tensor_parallel; }
    [[nodiscard]] at::Device device() const { return options_.device; }

  private:
    explicit GptModel(ModelOptions options);
    [[nodiscard]] at::Tensor hidden_states(const GptInput& input, KeyValueCache* cache) const;
    [[nodiscard]] at::Tensor head(const at::Tensor& hidden) const;
    [[nodiscard]] at::Tensor embed(const GptInput& input, const Pass& pass) const;
    [[nodiscard]] at::Tensor decode(at::Tensor hidden, const Pass& pass, KeyValueCache* cache) const;
    [[nodiscard]] Pass pass_over(const GptInput& input, const KeyValueCache* cache) const;

    ModelOptions options_;
    at::Tensor word_embeddings_;      ///< [V/t, h]
    at::Tensor position_embeddings_;  ///< [max positions, h]; undefined with rope
    std::optional<RotaryEmbedding> rotary_;
    std::vector<TransformerLayer> layers_;
    Norm final_layernorm_;
    at::Tensor output_layer_;  ///< [V/t, h]; the same tensor as word_embeddings_ when tied
    std::vector<Parameter> parameters_;
};

}  // namespace loadstar::gpt
