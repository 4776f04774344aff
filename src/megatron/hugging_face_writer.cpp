#include "megatron/hugging_face_writer.hpp"

#include <charconv>

#include <nlohmann/json.hpp>

#include "base/new_file.hpp"
#include "megatron/query_key_value.hpp"
#include "megatron/safetensors_writer.hpp"
#include "megatron/tensor_layout.hpp"
#include "megatron/weight_names.hpp"

namespace loadstar::megatron {
namespace {

Error no_gpt2(const std::string& what) {
    return {.code = ErrorCode::invalid_argument,
            .message = fmt::format("GPT-2 of Hugging Face has no {}", what),
            .hint = "choose another form; safetensors holds any model"};
}

Result<void> check_is_gpt2(const GptShape& shape, const HeadLayout& layout) {
    if (shape.swiglu) return no_gpt2("SwiGLU");
    if (shape.rms_norm) return no_gpt2("RMSNorm");
    if (!shape.max_position_embeddings) return no_gpt2("rotary positions");
    if (!shape.add_bias_linear) return no_gpt2("linear layers without bias");
    if (shape.qk_layernorm) return no_gpt2("norms of query and key");
    if (layout.groups != layout.heads) return no_gpt2("grouped queries");
    if (layout.heads * layout.channels != shape.hidden_size) return no_gpt2("heads of this width");
    return {};
}

/// The value of an argument, or what Megatron-LM takes without it.
std::string argument(const CoreWeights& weights, const std::string& name, const char* otherwise) {
    const auto found = weights.arguments.find(name);
    return found == weights.arguments.end() ? otherwise : found->second;
}

double number(const std::string& text, double otherwise) {
    double value = otherwise;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

std::string config(const CoreWeights& whole, const HeadLayout& layout) {
    const auto& shape = whole.shape;
    const bool tanh = argument(whole, "bias_gelu_fusion", "True") == "True";  // the form of the fused kernel
    const auto epsilon = argument(whole, "norm_epsilon", argument(whole, "layernorm_epsilon", "1e-5").c_str());
    const nlohmann::ordered_json json{{"architectures", {"GPT2LMHeadModel"}},
                                      {"model_type", "gpt2"},
                                      {"activation_function", tanh ? "gelu_new" : "gelu"},
                                      {"vocab_size", shape.padded_vocab_size},
                                      {"n_positions", *shape.max_position_embeddings},
                                      {"n_embd", shape.hidden_size},
                                      {"n_layer", shape.num_layers},
                                      {"n_head", layout.heads},
                                      {"n_inner", shape.ffn_hidden_size},
                                      {"layer_norm_epsilon", number(epsilon, 1e-5)},
                                      {"tie_word_embeddings", !shape.untie_embeddings_and_output_weights}};
    return json.dump(1) + "\n";
}

}  // namespace

Result<void> write_hugging_face(const CoreWeights& whole, const std::filesystem::path& folder, Progress& progress) {
    LOADSTAR_TRY(const auto layout, head_layout(whole.shape));
    LOADSTAR_CHECK(check_is_gpt2(whole.shape, layout));
    if (argument(whole, "apply_layernorm_1p", "False") == "True") return no_gpt2("norms stored minus one");
    std::vector<NamedTensor> tensors;
    std::vector<CoreWeight> reordered;  // keeps the bytes until they are written
    for (const auto& weight : whole.weights) {
        auto tensor = weight.tensor;
        if (weight.name.find(".linear_qkv.") != std::string::npos) {
            LOADSTAR_TRY(auto bytes, rows_from_head(tensor, QkvOrder::by_kind, layout.heads));
            reordered.push_back(own_weight(weight.name, tensor.type, tensor.shape, std::move(bytes)));
            tensor = reordered.back().tensor;
        }
        if (tensor.shape.size() == 2 && layer_of(weight.name)) tensor = permuted(tensor, {1, 0});
        tensors.push_back({name_in(Naming::hugging_face, weight.name), std::move(tensor)});
    }
    LOADSTAR_CHECK(write_safetensors(folder / "model.safetensors", tensors, {{"format", "pt"}}, progress));
    LOADSTAR_TRY(auto file, NewFile::create(folder / "config.json"));
    LOADSTAR_CHECK(file.write(config(whole, layout)));
    return file.publish();
}

}  // namespace loadstar::megatron
