#include "gpt/transformer_layer.hpp"

#include <cmath>

#include <fmt/format.h>

namespace loadstar::gpt {
namespace {

// Places within a layer where elements are dropped.
enum Place : std::uint64_t { attention_scores, attention_output, mlp_output, places };

std::string layer_name(std::int64_t number) { return fmt::format("decoder.layers.{}", number); }

Bias bias_of(bool present) { return present ? Bias::with : Bias::without; }

/// Appends keys or values [b, s, g, d] to those of the cache and gives all of them [b, g, t, d].
at::Tensor appended(at::Tensor& cached, const at::Tensor& added, std::int64_t first_position) {
    const auto by_group = added.transpose(1, 2);  // [b, g, s, d]
    cached.narrow(2, first_position, by_group.size(2)).copy_(by_group);
    return cached.narrow(2, 0, first_position + by_group.size(2));
}

}  // namespace

SelfAttention::SelfAttention(ParameterMaker& maker, const std::string& name, const GptConfiguration& configuration)
    : groups_(configuration.groups() / maker.tensor_parallel()->size()),
      queries_(configuration.num_attention_heads / configuration.groups()),
      channels_(configuration.head_channels()),
      dropout_(configuration.attention_dropout) {
    // In Megatron-LM's order, which is that of the states of its optimiser.
    linear_proj = make_row_parallel(maker, name + ".linear_proj",
                                    {.in = configuration.num_attention_heads * channels_,
                                     .out = configuration.hidden_size,
                                     .bias = bias_of(configuration.add_bias_linear)});
    linear_qkv = make_column_parallel(maker, name + ".linear_qkv",
                                      {.in = configuration.hidden_size,
                                       .out = configuration.qkv_rows(),
                                       .bias = bias_of(configuration.has_qkv_bias())});
    if (!configuration.qk_layernorm) return;
    q_layernorm = make_norm(maker, name + ".q_layernorm", channels_, configuration);
    k_layernorm = make_norm(maker, name + ".k_layernorm", channels_, configuration);
}

at::Tensor SelfAttention::forward(const at::Tensor& hidden, const Pass& pass, LayerCache* cache) const {
    auto heads = heads_of(hidden, pass);
    heads.query = heads.query.slice(1, pass.first_query);     // [b, s - first, g, q, d]
    const auto context = core_attention(heads, pass, cache);  // [b, s - first, n*d/t]
    return linear_proj.forward(context, *pass.group);         // [b, s - first, h]
}

SelfAttention::Heads SelfAttention::heads_of(const at::Tensor& hidden, const Pass& pass) const {
    const auto rows = linear_qkv.forward(hidden, *pass.group);                  // [b, s, g*(q+2)*d]
    const auto mixed = rows.unflatten(-1, {groups_, queries_ + 2, channels_});  // [b, s, g, q+2, d]
    auto turning = mixed.narrow(3, 0, queries_ + 1);                            // [b, s, g, q+1, d]
    if (q_layernorm)
        turning = at::cat({q_layernorm->within(*pass.group).forward(turning.narrow(3, 0, queries_)),
                           k_layernorm->within(*pass.group).forward(turning.narrow(3, queries_, 1))},
                          3);  // [b, s, g, q+1, d]
    // Queries and keys turn by the same angles, so they turn together.
    if (pass.turn) turning = turned(turning, *pass.turn);  // [b, s, g, q+1, d]
    return {.query = turning.narrow(3, 0, queries_),
            .key = turning.select(3, queries_),
            .value = mixed.select(3, queries_ + 1)};
}

at::Tensor SelfAttention::core_attention(const Heads& heads, const Pass& pass, LayerCache* cache) const {
    const auto batch = heads.query.size(0), length = heads.query.size(1);
    const auto key = cache ? appended(cache->keys, heads.key, pass.first_position) : heads.key.transpose(1, 2);
    const auto value = cache ? appended(cache->values, heads.value, pass.first_position) : heads.value.transpose(1, 2);
    const auto seen = key.size(2);  // t

    const auto queries = heads.query
                             .permute({0, 2, 3, 1, 4})                                   // [b, g, q, s, d]
                             .reshape({batch * groups_, queries_ * length, channels_});  // [b*g, q*s, d]
    const auto keys = key.reshape({batch * groups_, seen, channels_});                   // [b*g, t, d]
    const auto values = value.reshape({batch * groups_, seen, channels_});               // [b*g, t, d]
    auto mask = queries_ == 1 ? pass.mask : pass.mask.repeat({1, queries_, 1});          // [1 or b, q*s, t]
    if (mask.size(0) > 1) mask = mask.repeat_interleave(groups_, 0);                     // [1 or b*g, q*s, t]
    const auto scores = at::baddbmm(mask, queries, keys.transpose(1, 2), /*beta=*/1,
                                    /*alpha=*/1 / std::sqrt(static_cast<double>(channels_)));  // [b*g, q*s, t]
    auto shares = scores.softmax(-1, at::kFloat).to(values.scalar_type());                     // [b*g, q*s, t]
    shares = dropout(shares, dropout_, seed_of_place(pass.dropout, attention_scores + places * pass.group->rank()));
    return at::bmm(shares, values)  // [b*g, q*s, d]
        .view({batch, groups_, queries_, length, channels_})
        .permute({0, 3, 1, 2, 4})
        .reshape({batch, length, groups_ * queries_ * channels_});  // [b, s, n*d/t]
}

Mlp::Mlp(ParameterMaker& maker, const std::string& name, const GptConfiguration& configuration)
    : activation_(configuration.activation) {
    const auto gated = activation_ == Activation::swiglu;
    linear_fc1 = make_column_parallel(maker, name + ".linear_fc1",
                                      {.in = configuration.hidden_size,
                                       .out = configuration.ffn_channels() * (gated ? 2 : 1),
                                       .bias = bias_of(configuration.add_bias_linear)},
                                      gated ? Partition::gated_rows : Partition::rows);
    linear_fc2 = make_row_parallel(maker, name + ".linear_fc2",
                                   {.in = configuration.ffn_channels(),
                                    .out = configuration.hidden_size,
                                    .bias = bias_of(configuration.add_bias_linear)});
}

at::Tensor Mlp::forward(const at::Tensor& hidden, ProcessGroup& group) const {
    const auto inner = linear_fc1.forward(hidden, group);  // [b, s, f/t] or [b, s, 2f/t]
    if (activation_ == Activation::gelu_tanh) return linear_fc2.forward(at::gelu(inner, "tanh"), group);
    if (activation_ == Activation::gelu_erf) return linear_fc2.forward(at::gelu(inner), group);
    const auto halves = inner.chunk(2, -1);                             // gate, up [b, s, f/t]
    return linear_fc2.forward(at::silu(halves[0]) * halves[1], group);  // [b, s, h]
}

TransformerLayer::TransformerLayer(ParameterMaker& maker, std::int64_t number, const GptConfiguration& configuration)
    : input_layernorm(
          make_norm(maker, layer_name(number) + ".input_layernorm", configuration.hidden_size, configuration)),
      self_attention(maker, layer_name(number) + ".self_attention", configuration),
      pre_mlp_layernorm(
          make_norm(maker, layer_name(number) + ".pre_mlp_layernorm", configuration.hidden_size, configuration)),
      mlp(maker, layer_name(number) + ".mlp", configuration),
      number_(static_cast<std::uint64_t>(number)),
      dropout_(configuration.hidden_dropout) {}

at::Tensor TransformerLayer::forward(const at::Tensor& hidden, Pass pass, LayerCache* cache) const {
    pass.dropout = seed_of_place(pass.dropout, number_);
    const auto attended = self_attention.forward(input_layernorm.forward(hidden), pass, cache);  // [b, s - first, h]
    const auto middle =
        hidden.slice(1, pass.first_query) +
        dropout(attended, dropout_, seed_of_place(pass.dropout, attention_output));       // [b, s - first, h]
    const auto changed = mlp.forward(pre_mlp_layernorm.forward(middle), *pass.group);     // [b, s - first, h]
    return middle + dropout(changed, dropout_, seed_of_place(pass.dropout, mlp_output));  // [b, s - first, h]
}

}  // namespace loadstar::gpt
