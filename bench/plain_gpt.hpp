#pragma once
#include <cmath>
#include <torch/torch.h>

#include "gpt/configuration.hpp"

namespace loadstar::bench {

// The same GPT as somebody writes it who knows PyTorch: torch::nn modules and tensor operations one after the other,
// without a line of src/gpt. The baseline of gpt_speed.

using gpt::GptConfiguration;

struct PlainRmsNormImpl : torch::nn::Module {
    PlainRmsNormImpl(std::int64_t channels, double eps)
        : weight(register_parameter("weight", torch::ones({channels}))), epsilon(eps) {}
    torch::Tensor forward(const torch::Tensor& x) {
        return x * torch::rsqrt(x.pow(2).mean(-1, true) + epsilon) * weight;
    }
    torch::Tensor weight;
    double epsilon;
};
TORCH_MODULE(PlainRmsNorm);

inline torch::nn::AnyModule plain_norm(const GptConfiguration& form) {
    if (form.normalization == gpt::Normalization::rms_norm)
        return torch::nn::AnyModule(PlainRmsNorm(form.hidden_size, form.layernorm_epsilon));
    return torch::nn::AnyModule(
        torch::nn::LayerNorm(torch::nn::LayerNormOptions({form.hidden_size}).eps(form.layernorm_epsilon)));
}

inline torch::nn::Linear plain_linear(std::int64_t in, std::int64_t out, bool bias) {
    return torch::nn::Linear(torch::nn::LinearOptions(in, out).bias(bias));
}

/// Keys and values so far, of one layer.
struct PlainCache {
    torch::Tensor key, value;
};

struct PlainBlockImpl : torch::nn::Module {
    explicit PlainBlockImpl(const GptConfiguration& f)
        : form(f),
          norm1(plain_norm(f)),
          norm2(plain_norm(f)),
          query(register_module(
              "query", plain_linear(f.hidden_size, f.num_attention_heads * f.head_channels(), f.add_bias_linear))),
          key(register_module("key", plain_linear(f.hidden_size, f.groups() * f.head_channels(), f.add_bias_linear))),
          value(
              register_module("value", plain_linear(f.hidden_size, f.groups() * f.head_channels(), f.add_bias_linear))),
          projection(register_module(
              "projection", plain_linear(f.num_attention_heads * f.head_channels(), f.hidden_size, f.add_bias_linear))),
          up(register_module("up", plain_linear(f.hidden_size, f.ffn_channels(), f.add_bias_linear))),
          down(register_module("down", plain_linear(f.ffn_channels(), f.hidden_size, f.add_bias_linear))) {
        register_module("norm1", norm1.ptr());
        register_module("norm2", norm2.ptr());
        if (f.activation == gpt::Activation::swiglu)
            gate = register_module("gate", plain_linear(f.hidden_size, f.ffn_channels(), f.add_bias_linear));
    }

    torch::Tensor rotate(const torch::Tensor& x, std::int64_t first) const {
        if (form.position_embedding_type != gpt::PositionEmbedding::rope) return x;
        const auto half = form.head_channels() / 2;
        const auto frequency = torch::pow(form.rotary_base, -torch::arange(0, half) / static_cast<double>(half));
        const auto angle = torch::outer(torch::arange(first, first + x.size(2)).to(torch::kFloat), frequency);
        const auto cosine = torch::cat({angle, angle}, -1).cos(), sine = torch::cat({angle, angle}, -1).sin();
        const auto parts = x.chunk(2, -1);
        return x * cosine + torch::cat({-parts[1], parts[0]}, -1) * sine;
    }

    torch::Tensor attention(const torch::Tensor& x, PlainCache* cache) {
        const auto batch = x.size(0), length = x.size(1), channels = form.head_channels();
        const auto heads = [&](torch::nn::Linear& linear) {
            return linear(x).view({batch, length, -1, channels}).transpose(1, 2);
        };
        const auto first = cache && cache->key.defined() ? cache->key.size(2) : 0;
        auto q = rotate(heads(query), first), k = rotate(heads(key), first), v = heads(value);
        if (cache) {
            if (first > 0) k = torch::cat({cache->key, k}, 2), v = torch::cat({cache->value, v}, 2);
            cache->key = k, cache->value = v;
        }
        const auto repeats = form.num_attention_heads / form.groups();
        if (repeats > 1) k = k.repeat_interleave(repeats, 1), v = v.repeat_interleave(repeats, 1);
        auto scores = torch::matmul(q, k.transpose(-2, -1)) / std::sqrt(static_cast<double>(channels));
        const auto seen = torch::ones({length, k.size(2)}, torch::kBool).tril(first);
        scores = scores.masked_fill(seen.logical_not(), -1e4);
        const auto mixed = torch::matmul(torch::softmax(scores, -1), v);
        return projection(mixed.transpose(1, 2).reshape({batch, length, -1}));
    }

    torch::Tensor forward(torch::Tensor x, PlainCache* cache) {
        x = x + attention(norm1.forward(x), cache);
        const auto y = norm2.forward(x);
        const auto inner = gate.is_empty() ? torch::gelu(up(y), "tanh") : torch::silu(gate(y)) * up(y);
        return x + down(inner);
    }

    GptConfiguration form;
    torch::nn::AnyModule norm1, norm2;
    torch::nn::Linear query, key, value, projection, up, down, gate{nullptr};
};
TORCH_MODULE(PlainBlock);

struct PlainGptImpl : torch::nn::Module {
    explicit PlainGptImpl(const GptConfiguration& f) : form(f), norm(plain_norm(f)) {
        words = register_module("words", torch::nn::Embedding(f.padded_vocab_size, f.hidden_size));
        if (f.position_embedding_type == gpt::PositionEmbedding::learned_absolute)
            positions = register_module("positions", torch::nn::Embedding(f.max_position_embeddings, f.hidden_size));
        for (std::int64_t layer = 0; layer < f.num_layers; ++layer) blocks->push_back(PlainBlock(f));
        register_module("blocks", blocks);
        register_module("norm", norm.ptr());
        if (f.untie_embeddings_and_output_weights)
            head = register_module("head", plain_linear(f.hidden_size, f.padded_vocab_size, false));
    }

    torch::Tensor hidden(const torch::Tensor& tokens, std::vector<PlainCache>* caches) {
        auto x = words(tokens);
        const auto first = caches && caches->front().key.defined() ? caches->front().key.size(2) : 0;
        if (!positions.is_empty()) x = x + positions(torch::arange(first, first + tokens.size(1)));
        std::size_t layer = 0;
        for (const auto& block : *blocks)
            x = block->as<PlainBlock>()->forward(x, caches ? &(*caches)[layer++] : nullptr);
        return norm.forward(x);
    }
    torch::Tensor logits_of(const torch::Tensor& x) {
        return head.is_empty() ? torch::matmul(x, words->weight.t()) : head(x);
    }
    torch::Tensor loss(const torch::Tensor& tokens, const torch::Tensor& labels) {
        const auto logits = logits_of(hidden(tokens, nullptr));
        return torch::nn::functional::cross_entropy(logits.view({-1, logits.size(-1)}), labels.view(-1));
    }

    GptConfiguration form;
    torch::nn::Embedding words{nullptr}, positions{nullptr};
    torch::nn::ModuleList blocks;
    torch::nn::AnyModule norm;
    torch::nn::Linear head{nullptr};
};
TORCH_MODULE(PlainGpt);

}  // namespace loadstar::bench
