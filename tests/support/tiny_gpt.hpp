#pragma once
// Small GPTs with weights drawn by lot, for tests that need a checkpoint of their own.

#include <cstring>
#include <random>

#include "megatron/core_weights.hpp"
#include "megatron/weight_names.hpp"

namespace loadstar::test_support {

/// The form of a small model.
struct TinyForm {
    std::int64_t heads = 4;
    std::int64_t groups = 4;
    std::int64_t ffn = 48;
    std::int64_t vocabulary = 40;
    std::int64_t channels = 8;  ///< of a head
    std::int64_t positions = 16;
    bool llama = false;  ///< SwiGLU, RMSNorm, no biases, no positions, an own head; else the block of GPT-2
    int layers = 2;
    unsigned seed = 1;
};

/// A weight of fp32 values drawn from N(0, 1).
inline megatron::CoreWeight random_weight(const std::string& name, std::vector<std::int64_t> shape,
                                          std::mt19937& random) {
    std::size_t elements = 1;
    for (const auto size : shape) elements *= static_cast<std::size_t>(size);
    std::vector<float> values(elements);
    std::normal_distribution<float> normal;
    for (auto& value : values) value = normal(random);
    std::vector<std::byte> bytes(elements * sizeof(float));
    std::memcpy(bytes.data(), values.data(), bytes.size());
    return megatron::own_weight(name, megatron::ScalarType::f32, std::move(shape), std::move(bytes));
}

/// A whole model in the form that read_core_weights gives.
inline megatron::CoreWeights tiny_gpt(const TinyForm& form = {}) {
    const auto hidden = form.heads * form.channels;
    const auto qkv = (form.heads + 2 * form.groups) * form.channels;
    const auto fc1 = form.llama ? 2 * form.ffn : form.ffn;
    std::mt19937 random(form.seed);
    megatron::CoreWeights gpt{.iteration = 10};
    const auto add = [&](const std::string& name, std::vector<std::int64_t> shape) {
        if (form.llama && name.ends_with(".bias")) return;
        gpt.weights.push_back(random_weight(name, std::move(shape), random));
    };
    add("embedding.word_embeddings.weight", {form.vocabulary, hidden});
    if (!form.llama) add("embedding.position_embeddings.weight", {form.positions, hidden});
    for (int layer = 0; layer < form.layers; ++layer) {
        const auto in_layer = [&](const char* name) { return "decoder.layers." + std::to_string(layer) + "." + name; };
        add(in_layer("input_layernorm.weight"), {hidden});
        add(in_layer("input_layernorm.bias"), {hidden});
        add(in_layer("self_attention.linear_proj.weight"), {hidden, hidden});
        add(in_layer("self_attention.linear_proj.bias"), {hidden});
        add(in_layer("self_attention.linear_qkv.weight"), {qkv, hidden});
        add(in_layer("self_attention.linear_qkv.bias"), {qkv});
        add(in_layer("pre_mlp_layernorm.weight"), {hidden});
        add(in_layer("pre_mlp_layernorm.bias"), {hidden});
        add(in_layer("mlp.linear_fc1.weight"), {fc1, hidden});
        add(in_layer("mlp.linear_fc1.bias"), {fc1});
        add(in_layer("mlp.linear_fc2.weight"), {hidden, form.ffn});
        add(in_layer("mlp.linear_fc2.bias"), {hidden});
    }
    add("decoder.final_layernorm.weight", {hidden});
    add("decoder.final_layernorm.bias", {hidden});
    if (form.llama) add("output_layer.weight", {form.vocabulary, hidden});
    megatron::CoreShapes shapes;
    for (const auto& weight : gpt.weights) shapes.shapes.emplace(weight.name, weight.tensor.shape);
    gpt.shape = megatron::gpt_shape(shapes).value();
    gpt.shape.num_attention_heads = form.heads;
    gpt.shape.num_query_groups = form.groups;
    return gpt;
}

/// The form of llama with two query groups.
inline TinyForm tiny_llama() { return {.heads = 4, .groups = 2, .llama = true}; }

}  // namespace loadstar::test_support
