#include "neural/backbone.hpp"

#include <ATen/CPUGeneratorImpl.h>
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "gpt/weights.hpp"

namespace loadstar::neural {
namespace {

constexpr const char* kind_table = "embedding.word_embeddings.weight";

bool is_norm(const std::string& name) { return name.find("layernorm") != std::string::npos; }
bool is_embedding(const std::string& name) { return name.starts_with("embedding."); }

/// A form of so many layers that all look along time.
NetworkForm with_layers(NetworkForm form, std::int64_t layers) {
    form.body.num_layers = std::min(form.body.num_layers, layers);
    form.variate_place = static_cast<int>(form.body.num_layers);
    form.variate_period = form.variate_place + 1;
    return form;
}

NetworkForm form_with(gpt::GptConfiguration body, const BackboneOptions& options) {
    body.padded_vocab_size = kinds;
    body.untie_embeddings_and_output_weights = false;
    body.hidden_dropout = body.attention_dropout = 0;
    body.init_method_std = 1 / std::sqrt(static_cast<double>(body.hidden_size));  // of the head and of what is new
    const NetworkForm form{.body = body,
                           .patch = options.patch,
                           .head_channels = static_cast<int>(body.hidden_size),
                           .longest_context = options.context,
                           .longest_horizon = options.horizon};
    return with_layers(form, options.layers);
}

Error refused(std::string message) { return {.code = ErrorCode::invalid_argument, .message = std::move(message)}; }

Result<void> check_lengths(const NetworkForm& form, int horizon) {
    LOADSTAR_CHECK(check(form));
    if (horizon < 1 || horizon % form.patch != 0)
        return refused(fmt::format("horizon is {}, expected a multiple of the patch of {}", horizon, form.patch));
    const auto tokens = (form.longest_context + horizon) / form.patch - 1;
    if (form.body.position_embedding_type != gpt::PositionEmbedding::learned_absolute ||
        tokens <= form.body.max_position_embeddings)
        return {};
    return refused(fmt::format("context and horizon take {} positions, the checkpoint has {}", tokens,
                               form.body.max_position_embeddings));
}

/// The weight of the checkpoint that stands for a parameter, in its shape.
Result<at::Tensor> text_weight(const megatron::CoreWeights& text, const gpt::Parameter& parameter) {
    const auto* found = text.find(parameter.name);
    if (found && found->shape == parameter.value.sizes().vec()) return gpt::tensor_of(*found);
    return Error{.code = ErrorCode::invalid_input,
                 .message = fmt::format("weight {} of the checkpoint: found {}, expected {}", parameter.name,
                                        found ? megatron::shape_text(found->shape) : "none",
                                        megatron::shape_text(parameter.value.sizes().vec()))};
}

/// Draws a matrix with the spread of the one in the checkpoint.
void draw_like(const at::Tensor& text, at::Generator& generator, at::Tensor value) {
    const auto spread = text.to(at::kFloat).std(/*unbiased=*/false).item<double>();
    value.copy_(at::empty(value.sizes(), at::kFloat).normal_(0, spread, generator));
}

}  // namespace

Result<Backbone> Backbone::open(const BackboneOptions& options) {
    LOADSTAR_TRY(const auto place, megatron::find_checkpoint(options.source.checkpoint));
    LOADSTAR_TRY(auto text, megatron::read_core_weights(place, options.source.weights));
    auto arguments = options.source.arguments;
    arguments.insert(text.arguments.begin(), text.arguments.end());
    LOADSTAR_TRY(const auto body, gpt::configuration_of(text.shape, arguments));
    const auto form = form_with(body, options);
    LOADSTAR_CHECK(check_lengths(form, options.horizon));
    return Backbone(form, std::move(text), options.device);
}

Result<PatchNetwork> Backbone::network(const BodyChoice& choice, std::uint64_t seed) const {
    LOADSTAR_TRY(auto network,
                 PatchNetwork::create({.form = with_layers(form_, choice.layers), .device = device_, .seed = seed}));
    const at::NoGradGuard no_gradients;
    auto generator = at::detail::createCPUGenerator(seed + 2);  // PatchNetwork draws from the two before
    for (const auto& parameter : network.body()) {
        if (parameter.name == kind_table) continue;
        LOADSTAR_TRY(const auto text, text_weight(text_, parameter));
        auto value = parameter.value;
        if (choice.weights == BodyWeights::of_checkpoint)
            value.copy_(text);
        else if (value.dim() > 1)
            draw_like(text, generator, value);
    }
    return network;
}

std::vector<gpt::Parameter> learning_parameters(const PatchNetwork& network, Learning learning) {
    std::vector<gpt::Parameter> learning_ones;
    for (const auto& parameter : network.body()) {
        const bool learns = learning == Learning::all || is_norm(parameter.name) || is_embedding(parameter.name);
        at::Tensor(parameter.value).set_requires_grad(learns);
        if (learns) learning_ones.push_back(parameter);
    }
    learning_ones.insert(learning_ones.end(), network.head().begin(), network.head().end());
    return learning_ones;
}

}  // namespace loadstar::neural
