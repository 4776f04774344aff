#pragma once
#include <vector>

#include "gpt/model_source.hpp"
#include "megatron/core_weights.hpp"
#include "neural/patch_network.hpp"

namespace loadstar::neural {

/// What a text model brings to forecasting networks.
struct BackboneOptions {
    gpt::ModelSource source;
    int layers = 6;     ///< the first ones, or all where it has fewer
    int patch = 32;     ///< points of a token
    int context = 512;  ///< points, a multiple of the patch, as is the horizon
    int horizon = 96;
    at::Device device = at::kCPU;
};

/// Where the weights of a body come from.
enum class BodyWeights {
    of_checkpoint,  ///< all but those of the kinds of tokens, which text has not
    random          ///< matrices drawn with the spread that each has in the checkpoint; norms and biases of a new model
};

struct BodyChoice {
    BodyWeights weights = BodyWeights::of_checkpoint;
    int layers = 6;  ///< 0: patches go straight to the final norm and the head
};

/// A Megatron GPT that was trained on text, as the body of forecasting networks: its first layers, its final norm and
/// its positions. The embedding of its words gives way to that of the kinds of tokens, and all layers look along time.
/// Source: GPT4TS, Zhou et al. 2023 (arXiv 2302.11939), sec. 3.
class Backbone {
  public:
    /// Errors: those of megatron::find_checkpoint, read_core_weights and gpt::configuration_of; invalid_argument (a
    /// context or a horizon that is no multiple of the patch, or both longer than the positions of the checkpoint).
    static Result<Backbone> open(const BackboneOptions& options);

    /// Of a network with all layers that were asked for and are there.
    [[nodiscard]] const NetworkForm& form() const { return form_; }
    /// A new network. Its head and its kinds are drawn by lot: the same for one seed whatever the weights of the body.
    /// Errors: invalid_input (a weight that is missing or has another shape).
    [[nodiscard]] Result<PatchNetwork> network(const BodyChoice& choice, std::uint64_t seed) const;

  private:
    Backbone(NetworkForm form, megatron::CoreWeights text, at::Device device)
        : form_(std::move(form)), text_(std::move(text)), device_(device) {}

    NetworkForm form_;
    megatron::CoreWeights text_;
    at::Device device_;
};

/// Which weights of a network learn.
enum class Learning {
    all,
    norms_and_positions  ///< norms, embeddings of positions and kinds, and the head; the blocks stay frozen
};

/// Freezes the other weights and gives those that learn, in the order of parameters().
std::vector<gpt::Parameter> learning_parameters(const PatchNetwork& network, Learning learning);

}  // namespace loadstar::neural
