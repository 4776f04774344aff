#pragma once
// Models of the tinyllamas (Karpathy) from the files that llama2.c reads: weights one after the other, in its order.
// They are given Megatron core's names here.

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <stdexcept>
#include <string>

#include "gpt/gpt_model.hpp"
#include "gpt/weights.hpp"

namespace loadstar::test_support {

/// Reads numbers of a file one after the other.
class Numbers {
  public:
    explicit Numbers(const std::filesystem::path& file) : file_(file, std::ios::binary) {}
    template <class Number>
    Number next() {
        Number number{};
        file_.read(reinterpret_cast<char*>(&number), sizeof number);
        if (!file_) throw std::runtime_error("the file ends too early");
        return number;
    }
    at::Tensor floats(at::IntArrayRef shape) {
        auto tensor = at::empty(shape, at::kFloat);
        file_.read(static_cast<char*>(tensor.data_ptr()), static_cast<std::streamsize>(tensor.nbytes()));
        if (!file_) throw std::runtime_error("the file ends too early");
        return tensor;
    }
    std::string text(int length) {
        std::string text(static_cast<std::size_t>(length), ' ');
        file_.read(text.data(), length);
        return text;
    }

  private:
    std::ifstream file_;
};

inline gpt::GptConfiguration stories_form(Numbers& file) {
    gpt::GptConfiguration form{.position_embedding_type = gpt::PositionEmbedding::rope,
                               .rotary_interleaved = true,
                               .normalization = gpt::Normalization::rms_norm,
                               .activation = gpt::Activation::swiglu,
                               .add_bias_linear = false,
                               .hidden_dropout = 0,
                               .attention_dropout = 0};
    form.hidden_size = file.next<std::int32_t>();
    form.ffn_hidden_size = file.next<std::int32_t>();
    form.num_layers = file.next<std::int32_t>();
    form.num_attention_heads = file.next<std::int32_t>();
    form.num_query_groups = file.next<std::int32_t>();
    form.padded_vocab_size = file.next<std::int32_t>();  // positive: the head is the embedding
    form.max_position_embeddings = file.next<std::int32_t>();
    return form;
}

/// Rows of query, key and value apart [groups * q * d, h], [groups * d, h] x 2 -> by group.
inline at::Tensor by_group(const at::Tensor& query, const at::Tensor& key, const at::Tensor& value,
                           const gpt::GptConfiguration& form) {
    const auto split = [&form](const at::Tensor& rows) {
        return rows.unflatten(0, {form.groups(), rows.size(0) / form.groups()});  // [groups, rows, h]
    };
    return at::cat({split(query), split(key), split(value)}, 1).flatten(0, 1);
}

/// Weights of all layers, kind after kind, under Megatron core's names.
inline std::map<std::string, at::Tensor> stories_weights(Numbers& file, const gpt::GptConfiguration& form) {
    const auto layers = form.num_layers, hidden = form.hidden_size, ffn = form.ffn_channels();
    const auto groups = form.groups() * form.head_channels();
    std::map<std::string, at::Tensor> weights;
    weights["embedding.word_embeddings.weight"] = file.floats({form.padded_vocab_size, hidden});
    const auto attention_norm = file.floats({layers, hidden});
    const auto query = file.floats({layers, hidden, hidden}), key = file.floats({layers, groups, hidden});
    const auto value = file.floats({layers, groups, hidden}), projection = file.floats({layers, hidden, hidden});
    const auto mlp_norm = file.floats({layers, hidden});
    const auto gate = file.floats({layers, ffn, hidden}), down = file.floats({layers, hidden, ffn});
    const auto up = file.floats({layers, ffn, hidden});
    weights["decoder.final_layernorm.weight"] = file.floats({hidden});
    for (std::int64_t layer = 0; layer < layers; ++layer) {
        const auto name = "decoder.layers." + std::to_string(layer) + ".";
        weights[name + "input_layernorm.weight"] = attention_norm[layer];
        weights[name + "self_attention.linear_qkv.weight"] = by_group(query[layer], key[layer], value[layer], form);
        weights[name + "self_attention.linear_proj.weight"] = projection[layer];
        weights[name + "pre_mlp_layernorm.weight"] = mlp_norm[layer];
        weights[name + "mlp.linear_fc1.weight"] = at::cat({gate[layer], up[layer]});
        weights[name + "mlp.linear_fc2.weight"] = down[layer];
    }
    return weights;
}

/// The model of a stories*.bin.
inline gpt::GptModel stories_model(const std::filesystem::path& path) {
    Numbers file(path);
    const auto form = stories_form(file);
    auto weights = stories_weights(file, form);
    auto model = gpt::GptModel::create({.configuration = form}).value();
    std::vector<megatron::NamedTensor> named;
    for (auto& [name, tensor] : weights) named.push_back({name, gpt::view_of(tensor = tensor.contiguous())});
    if (const auto loaded = gpt::load_weights(model, named); !loaded) throw std::runtime_error(loaded.error().message);
    return model;
}

}  // namespace loadstar::test_support
