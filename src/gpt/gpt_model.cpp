#include "gpt/gpt_model.hpp"

#include <cmath>

#include "gpt/mappings.hpp"
#include "gpt/recompute.hpp"

namespace loadstar::gpt {
namespace {

constexpr double masked_score = -10'000;  // Megatron-LM's fill

ParameterOrigin origin_of(const ModelOptions& options) {
    const auto std = options.configuration.init_method_std;
    return {.options = at::TensorOptions(options.device).dtype(options.params_dtype),
            .initial = options.initial_weights,
            .seed = options.seed,
            .std = std,
            .output_std = std / std::sqrt(2.0 * static_cast<double>(options.configuration.num_layers)),
            .tensor_parallel = options.tensor_parallel};
}

/// [1 or b, s, t]: position i of the input is position first + i and sees those from its block's start up to itself.
at::Tensor mask_of(const GptInput& input, std::int64_t first, const at::TensorOptions& options) {
    const auto length = input.tokens.size(1);
    const auto seen = at::arange(first + length, input.tokens.options());                        // [t]
    const auto itself = at::arange(first, first + length, input.tokens.options()).unsqueeze(1);  // [s, 1]
    auto masked = seen.gt(itself).unsqueeze(0);                                                  // [1, s, t]
    if (input.block_starts.defined())
        masked = masked.logical_or(seen.lt(input.block_starts.unsqueeze(-1)));  // [b, s, t]
    return at::zeros(masked.sizes(), options).masked_fill_(masked, masked_score);
}

}  // namespace

Result<GptModel> GptModel::create(ModelOptions options) {
    LOADSTAR_CHECK(check(options.configuration, options.tensor_parallel->size()));
    return GptModel(std::move(options));
}

GptModel::GptModel(ModelOptions options) : options_(std::move(options)) {
    const auto& form = options_.configuration;
    ParameterMaker maker(origin_of(options_));
    word_embeddings_ = maker.make("embedding.word_embeddings.weight", {form.padded_vocab_size, form.hidden_size},
                                  Initial::normal, Partition::rows);
    if (form.position_embedding_type == PositionEmbedding::learned_absolute)
        position_embeddings_ = maker.make("embedding.position_embeddings.weight",
                                          {form.max_position_embeddings, form.hidden_size}, Initial::normal);
    else
        rotary_.emplace(form, word_embeddings_.options().requires_grad(false));
    layers_.reserve(static_cast<std::size_t>(form.num_layers));
    for (std::int64_t number = 0; number < form.num_layers; ++number) layers_.emplace_back(maker, number, form);
    final_layernorm_ = make_norm(maker, "decoder.final_layernorm", form.hidden_size, form);
    output_layer_ = form.untie_embeddings_and_output_weights
                        ? maker.make("output_layer.weight", {form.padded_vocab_size, form.hidden_size}, Initial::normal,
                                     Partition::rows)
                        : word_embeddings_;
    parameters_ = maker.take();
}

at::Tensor GptModel::logits(const GptInput& input, KeyValueCache* cache) const {
    return head(hidden_states(input, cache));  // [b, s, V/t]
}

at::Tensor GptModel::last_logits(const GptInput& input, KeyValueCache* cache) const {
    return head(hidden_states(input, cache).select(1, -1));  // [b, V/t]
}

at::Tensor GptModel::hidden_states(const GptInput& input, KeyValueCache* cache) const {
    const auto pass = pass_over(input, cache);
    const auto hidden = decode(embed(input, pass), pass, cache);  // [b, s, h]
    if (cache) cache->length += input.tokens.size(1);
    return hidden;
}

at::Tensor GptModel::head(const at::Tensor& hidden) const {
    return apply_linear(copy_to_tensor_parallel_region(hidden, *options_.tensor_parallel), output_layer_);
}

at::Tensor GptModel::loss(const GptInput& input, const at::Tensor& labels) const {
    return vocab_parallel_cross_entropy(logits(input), labels, *options_.tensor_parallel);  // [b, s]
}

KeyValueCache GptModel::new_cache(std::int64_t batch, std::int64_t positions) const {
    const auto& form = options_.configuration;
    const auto groups = form.groups() / options_.tensor_parallel->size();
    const auto options = word_embeddings_.options().requires_grad(false);
    KeyValueCache cache;
    for (std::int64_t layer = 0; layer < form.num_layers; ++layer)
        cache.layers.push_back({.keys = at::empty({batch, groups, positions, form.head_channels()}, options),
                                .values = at::empty({batch, groups, positions, form.head_channels()}, options)});
    return cache;
}

Pass GptModel::pass_over(const GptInput& input, const KeyValueCache* cache) const {
    const auto first = cache ? cache->length : 0;
    Pass pass{.group = options_.tensor_parallel.get(),
              .mask = mask_of(input, first, word_embeddings_.options().requires_grad(false)),
              .first_position = first,
              .dropout = input.dropout};
    if (rotary_) pass.turn = rotary_->turn(first, input.tokens.size(1));
    return pass;
}

at::Tensor GptModel::embed(const GptInput& input, const Pass& pass) const {
    auto hidden = vocab_parallel_embedding(input.tokens, word_embeddings_, *pass.group);  // [b, s, h]
    if (position_embeddings_.defined()) {
        const auto positions = input.position_ids.defined()
                                   ? input.position_ids  // [b, s]
                                   : at::arange(pass.first_position, pass.first_position + input.tokens.size(1),
                                                input.tokens.options());   // [s]
        hidden = hidden + at::embedding(position_embeddings_, positions);  // [b, s, h]
    }
    const auto place = static_cast<std::uint64_t>(options_.configuration.num_layers);  // behind those of the layers
    return dropout(hidden, options_.configuration.hidden_dropout, seed_of_place(pass.dropout, place));
}

at::Tensor GptModel::decode(at::Tensor hidden, const Pass& pass, KeyValueCache* cache) const {
    for (std::size_t number = 0; number < layers_.size(); ++number) {
        const auto& layer = layers_[number];
        if (options_.recompute_granularity == RecomputeGranularity::full && !cache)
            hidden =
                recomputed([&layer, pass](const at::Tensor& in) { return layer.forward(in, pass, nullptr); }, hidden);
        else
            hidden = layer.forward(hidden, pass, cache ? &cache->layers[number] : nullptr);  // [b, s, h]
    }
    return final_layernorm_.forward(hidden);  // [b, s, h]
}

}  // namespace loadstar::gpt
