// stories260K (Karpathy, tinyllamas): a Llama form of 260 thousand weights whose greedy text is published with it. The
// file has the weights one after the other as llama2.c reads them; they are given Megatron core's names here. The files
// are not part of the project.
#include <cstring>
#include <fstream>

#include <gtest/gtest.h>

#include "gpt/continuation.hpp"
#include "gpt/weights.hpp"
#include "support/shared.hpp"

namespace loadstar::gpt {
namespace {

constexpr const char* published =
    "Once upon a time, there was a little girl named Lily. She loved to play outside in the park. One day, she saw a "
    "big, red ball. She wanted to play with it, but it was too high.\n"
    "Lily's mom said, \"Lily, let's go to the park.\" Lily was sad and didn't know what to do. She said, \"I want to "
    "play with your ball, but I can't find it.\"\n"
    "Lily was sad and didn't know what to do. She said, \"I'm sorry, Lily. I didn't know what to do.\"\n"
    "Lily didn't want to help her mom, so she said, \"I'm sorry, mom. I didn't know what to do.\" Her mom said, "
    "\"Don't worry, Lily. We can help you.";

constexpr std::int64_t beginning = 1;          // the token before every text
constexpr std::int64_t published_steps = 256;  // after which the published run ended

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

GptConfiguration form_in(Numbers& file) {
    GptConfiguration form{.position_embedding_type = PositionEmbedding::rope,
                          .rotary_interleaved = true,
                          .normalization = Normalization::rms_norm,
                          .activation = Activation::swiglu,
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
at::Tensor by_group(const at::Tensor& query, const at::Tensor& key, const at::Tensor& value,
                    const GptConfiguration& form) {
    const auto split = [&form](const at::Tensor& rows) {
        return rows.unflatten(0, {form.groups(), rows.size(0) / form.groups()});  // [groups, rows, h]
    };
    return at::cat({split(query), split(key), split(value)}, 1).flatten(0, 1);
}

/// Weights of all layers, kind after kind, under Megatron core's names.
std::map<std::string, at::Tensor> weights_in(Numbers& file, const GptConfiguration& form) {
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

GptModel stories_model(const std::filesystem::path& path) {
    Numbers file(path);
    const auto form = form_in(file);
    auto weights = weights_in(file, form);
    auto model = GptModel::create({.configuration = form}).value();
    std::vector<megatron::NamedTensor> named;
    for (auto& [name, tensor] : weights) named.push_back({name, view_of(tensor = tensor.contiguous())});
    if (const auto loaded = load_weights(model, named); !loaded) throw std::runtime_error(loaded.error().message);
    return model;
}

/// Texts of the tokens, as tok512.bin has them: longest length, then per token a score, a length and its bytes.
std::vector<std::string> token_texts(const std::filesystem::path& path, std::int64_t count) {
    Numbers file(path);
    file.next<std::int32_t>();
    std::vector<std::string> texts;
    for (std::int64_t token = 0; token < count; ++token) {
        file.next<float>();
        const auto length = file.next<std::int32_t>();
        texts.push_back(file.text(length));
    }
    return texts;
}

std::string text_of(const std::vector<std::int64_t>& tokens, const std::vector<std::string>& texts) {
    std::string text;
    for (const auto token : tokens) {
        const auto& piece = texts[static_cast<std::size_t>(token)];
        const bool is_byte = piece.size() == 6 && piece.starts_with("<0x");
        text += is_byte ? std::string(1, static_cast<char>(std::stoi(piece.substr(3, 2), nullptr, 16))) : piece;
    }
    return text.starts_with(' ') ? text.substr(1) : text;  // no space behind the beginning
}

TEST(Stories260K, TellsThePublishedStoryWithACacheAndWithout) {
    const auto shared = test_support::shared_folder();
    if (!shared) GTEST_SKIP() << "the folder of published data is not there";
    const auto folder = *shared / "data/stories260k";
    const auto model = stories_model(folder / "stories260K.bin");
    const auto texts = token_texts(folder / "tok512.bin", model.configuration().padded_vocab_size);
    std::vector<std::vector<std::int64_t>> stories;
    for (const auto caching : {Caching::keys_and_values, Caching::none}) {
        const auto tokens =
            continue_text(model, {beginning}, {.max_new_tokens = published_steps, .end = beginning, .caching = caching},
                          [](std::int64_t) { return true; });
        ASSERT_TRUE(tokens) << tokens.error().message;
        EXPECT_EQ(text_of(*tokens, texts), published);
        stories.push_back(*tokens);
    }
    EXPECT_EQ(stories[0], stories[1]);
}

}  // namespace
}  // namespace loadstar::gpt
