#pragma once
#include <ATen/ATen.h>
#include <vector>

#include "gpt/parameters.hpp"
#include "gpt/rotary_embedding.hpp"
#include "gpt/transformer_layer.hpp"
#include "neural/network_form.hpp"
#include "neural/patch_batch.hpp"

namespace loadstar::neural {

/// in -> silu(in * hidden^T) * out^T + in * skip^T: how patches come in and quantiles go out.
struct ResidualMlp {
    at::Tensor hidden;  ///< [channels, in]
    at::Tensor out;     ///< [out, channels]
    at::Tensor skip;    ///< [out, in]

    /// [.., in] -> [.., out]
    [[nodiscard]] at::Tensor forward(const at::Tensor& input) const;
};

struct NetworkOptions {
    NetworkForm form;
    at::Device device = at::kCPU;
    gpt::InitialWeights initial_weights = gpt::InitialWeights::drawn;
    std::uint64_t seed = 1;
};

/// Predicts the next patch of each token as quantiles. The body is a GPT of Megatron-LM whose vocabulary are kinds of
/// tokens, under Megatron core's names: patches are embedded and added to the embedding of their kind; most layers look
/// along time, to tokens up to themselves, some across the series of a window at the same token. Hidden tokens have no
/// values, so a whole horizon comes in one pass.
/// May be asked by several threads at a time while no weight changes.
class PatchNetwork {
  public:
    /// Errors: those of check(form).
    static Result<PatchNetwork> create(const NetworkOptions& options);

    /// Quantiles of patch i + 1 at `levels`, never falling, in the scale of token i, asinh. f32 [b, v, n, P, levels]
    [[nodiscard]] at::Tensor forward(const PatchBatch& batch) const;
    /// The same of the first series alone, from a token on. f32 [b, n - first, P, levels]
    [[nodiscard]] at::Tensor forward_target(const PatchBatch& batch, std::int64_t first) const;

    /// Under Megatron core's names. All are leaves that require gradients.
    [[nodiscard]] const std::vector<gpt::Parameter>& body() const { return body_; }
    [[nodiscard]] const std::vector<gpt::Parameter>& head() const { return head_; }
    /// Both, the body first.
    [[nodiscard]] std::vector<gpt::Parameter> parameters() const;
    [[nodiscard]] const NetworkForm& form() const { return form_; }
    [[nodiscard]] at::Device device() const { return device_; }

  private:
    explicit PatchNetwork(const NetworkOptions& options);
    [[nodiscard]] at::Tensor embed(const PatchBatch& batch) const;
    /// Which outputs of the body are wanted: what nobody looks at is not computed.
    struct Wanted {
        bool target_only = false;
        std::int64_t first = 0;  ///< token
    };
    /// [b, v, n, h] -> [b, v or 1, n - first, h]
    [[nodiscard]] at::Tensor decode(at::Tensor hidden, const Wanted& wanted) const;
    /// Does a layer from this one on?
    [[nodiscard]] bool looks_across_from(int layer) const;
    [[nodiscard]] at::Tensor quantiles(const at::Tensor& hidden) const;

    NetworkForm form_;
    at::Device device_;
    std::shared_ptr<gpt::ProcessGroup> alone_ = gpt::single_process();
    at::Tensor kind_embeddings_;      ///< [kinds, h]
    at::Tensor position_embeddings_;  ///< [positions, h]; undefined with rope
    std::optional<gpt::RotaryEmbedding> rotary_;
    std::vector<gpt::TransformerLayer> layers_;
    gpt::Norm final_layernorm_;
    ResidualMlp patch_embedding_;  ///< 5P -> h
    ResidualMlp quantile_head_;    ///< h -> P * levels
    std::vector<gpt::Parameter> body_;
    std::vector<gpt::Parameter> head_;
};

/// Mean over what is to be predicted, and over levels, of twice the pinball loss. Scalar.
/// @param quantiles  of PatchNetwork::forward
/// Source: Koenker & Bassett 1978.
at::Tensor pinball_loss(const at::Tensor& quantiles, const PatchBatch& batch);

/// The same for the first series alone, of what tokens from `first` on expect.
/// @param quantiles  of PatchNetwork::forward_target
at::Tensor pinball_loss_of_target(const at::Tensor& quantiles, const PatchBatch& batch, std::int64_t first);

}  // namespace loadstar::neural
