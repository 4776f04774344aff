#include "neural/patch_network.hpp"

#include <algorithm>
#include <cmath>

#include "neural/forecast_network.hpp"

namespace loadstar::neural {
namespace {

constexpr double unseen_score = -10'000;  // Megatron-LM's fill
constexpr auto level_count = static_cast<std::int64_t>(levels.size());
constexpr auto median = level_count / 2;
static_assert(levels[median] == 0.5);
/// Quantiles of a network that has learnt nothing lie about 0.2 apart.
constexpr double first_gap = 1.5;

gpt::ParameterOrigin origin_of(const NetworkOptions& options, const std::shared_ptr<gpt::ProcessGroup>& group) {
    const auto& body = options.form.body;
    const auto layers = static_cast<double>(std::max<std::int64_t>(body.num_layers, 1));
    return {.options = at::TensorOptions(options.device).dtype(at::kFloat),
            .initial = options.initial_weights,
            .seed = options.seed,
            .std = body.init_method_std,
            .output_std = body.init_method_std / std::sqrt(2.0 * layers),
            .tensor_parallel = group};
}

ResidualMlp make_residual(gpt::ParameterMaker& maker, const std::string& name, std::int64_t in, std::int64_t channels,
                          std::int64_t out) {
    using gpt::Initial;
    return {.hidden = maker.make(name + ".hidden.weight", {channels, in}, Initial::normal),
            .out = maker.make(name + ".out.weight", {out, channels}, Initial::normal),
            .skip = maker.make(name + ".skip.weight", {out, in}, Initial::normal)};
}

/// [1, n, n]: a token sees those up to itself.
at::Tensor causal_mask(std::int64_t tokens, const at::TensorOptions& options) {
    return at::full({tokens, tokens}, unseen_score, options).triu(1).unsqueeze(0);
}

/// @param quantiles  [.., P, levels]
/// @param targets  [.., P], as weights
at::Tensor loss_of(const at::Tensor& quantiles, const at::Tensor& targets, const at::Tensor& weights) {
    const auto device = quantiles.device();
    const auto weight = weights.to(device).unsqueeze(-1);             // [.., P, 1]
    const auto error = targets.to(device).unsqueeze(-1) - quantiles;  // [.., P, levels]
    const auto level =
        at::tensor(at::ArrayRef<double>(levels.data(), levels.size()), quantiles.options().requires_grad(false));
    const auto loss = at::maximum(level * error, (level - 1) * error) * weight;  // [.., P, levels]
    return 2 * loss.sum() / (weight.sum().clamp_min(1) * static_cast<double>(level_count));
}

}  // namespace

at::Tensor ResidualMlp::forward(const at::Tensor& input) const {
    return gpt::apply_linear(at::silu(gpt::apply_linear(input, hidden)), out) + gpt::apply_linear(input, skip);
}

Result<PatchNetwork> PatchNetwork::create(const NetworkOptions& options) {
    LOADSTAR_CHECK(check(options.form));
    return PatchNetwork(options);
}

PatchNetwork::PatchNetwork(const NetworkOptions& options) : form_(options.form), device_(options.device) {
    const auto& body = form_.body;
    gpt::ParameterMaker maker(origin_of(options, alone_));
    kind_embeddings_ = maker.make("embedding.word_embeddings.weight", {body.padded_vocab_size, body.hidden_size},
                                  gpt::Initial::normal);
    if (body.position_embedding_type == gpt::PositionEmbedding::learned_absolute)
        position_embeddings_ = maker.make("embedding.position_embeddings.weight",
                                          {body.max_position_embeddings, body.hidden_size}, gpt::Initial::normal);
    else
        rotary_.emplace(body, kind_embeddings_.options().requires_grad(false));
    for (std::int64_t number = 0; number < body.num_layers; ++number) layers_.emplace_back(maker, number, body);
    final_layernorm_ = gpt::make_norm(maker, "decoder.final_layernorm", body.hidden_size, body);
    body_ = maker.take();

    auto head_options = options;
    ++head_options.seed;
    gpt::ParameterMaker head_maker(origin_of(head_options, alone_));
    patch_embedding_ = make_residual(head_maker, "patch_embedding", std::int64_t{point_channels} * form_.patch,
                                     form_.head_channels, body.hidden_size);
    quantile_head_ =
        make_residual(head_maker, "quantile_head", body.hidden_size, form_.head_channels, form_.patch * level_count);
    head_ = head_maker.take();
}

std::vector<gpt::Parameter> PatchNetwork::parameters() const {
    auto all = body_;
    all.insert(all.end(), head_.begin(), head_.end());
    return all;
}

at::Tensor PatchNetwork::forward(const PatchBatch& batch) const {
    return quantiles(decode(embed(batch), {}));  // [b, v, n, P, levels]
}

at::Tensor PatchNetwork::forward_target(const PatchBatch& batch, std::int64_t first) const {
    return quantiles(decode(embed(batch), {.target_only = true, .first = first}).select(1, 0));
}

at::Tensor PatchNetwork::embed(const PatchBatch& batch) const {
    auto hidden = patch_embedding_.forward(batch.inputs.to(device_)) +
                  at::embedding(kind_embeddings_, batch.kinds.to(device_));  // [b, v, n, h]
    if (position_embeddings_.defined())
        hidden = hidden + position_embeddings_.narrow(0, 0, hidden.size(2));  // [b, v, n, h]
    return hidden;
}

at::Tensor PatchNetwork::decode(at::Tensor hidden, const Wanted& wanted) const {
    const auto b = hidden.size(0), n = hidden.size(2), h = hidden.size(3);
    const auto options = kind_embeddings_.options().requires_grad(false);
    gpt::Pass along_time{.group = alone_.get(), .mask = causal_mask(n, options)};
    if (rotary_) along_time.turn = rotary_->turn(0, n);
    const gpt::Pass across{.group = alone_.get(), .mask = at::zeros({1, hidden.size(1), hidden.size(1)}, options)};
    const auto layers = static_cast<int>(layers_.size());
    for (int number = 0; number < layers; ++number) {
        const auto& layer = layers_[static_cast<std::size_t>(number)];
        if (wanted.target_only && !looks_across_from(number)) hidden = hidden.narrow(1, 0, 1);
        const auto v = hidden.size(1);
        if (form_.across_variates(number)) {
            const auto by_token = hidden.transpose(1, 2).reshape({b * n, v, h});  // [b*n, v, h]
            hidden = layer.forward(by_token, across, nullptr).view({b, n, v, h}).transpose(1, 2);
            continue;
        }
        if (number == layers - 1) {
            along_time.first_query = wanted.first;
            along_time.mask = along_time.mask.slice(1, wanted.first);  // [1, n - first, n]
        }
        hidden = layer.forward(hidden.reshape({b * v, n, h}), along_time, nullptr).unflatten(0, {b, v});
    }
    hidden =
        hidden.slice(2, hidden.size(2) - (n - wanted.first));  // where the last layer looked across, or there is none
    return final_layernorm_.forward(hidden.contiguous());
}

bool PatchNetwork::looks_across_from(int layer) const {
    for (int number = layer; number < static_cast<int>(layers_.size()); ++number)
        if (form_.across_variates(number)) return true;
    return false;
}

at::Tensor PatchNetwork::quantiles(const at::Tensor& hidden) const {
    const auto raw = quantile_head_.forward(hidden).unflatten(-1, {form_.patch, level_count});  // [.., P, levels]
    const auto middle = raw.narrow(-1, median, 1);                                              // [.., P, 1]
    const auto gaps = at::softplus(raw - first_gap);                                            // [.., P, levels]
    const auto above = gaps.narrow(-1, median + 1, median).cumsum(-1);                          // [.., P, levels / 2]
    const auto below = gaps.narrow(-1, 0, median).flip(-1).cumsum(-1).flip(-1);                 // [.., P, levels / 2]
    return at::cat({middle - below, middle, middle + above}, -1);
}

at::Tensor pinball_loss(const at::Tensor& quantiles, const PatchBatch& batch) {
    return loss_of(quantiles, batch.targets, batch.weights);
}

at::Tensor pinball_loss_of_target(const at::Tensor& quantiles, const PatchBatch& batch, std::int64_t first) {
    return loss_of(quantiles, batch.targets.select(1, 0).slice(1, first), batch.weights.select(1, 0).slice(1, first));
}

}  // namespace loadstar::neural
