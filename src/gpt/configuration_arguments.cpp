#include "gpt/configuration_arguments.hpp"

#include <charconv>

#include <fmt/format.h>

#include "megatron/core_weights.hpp"

namespace loadstar::gpt {
namespace {

/// Arguments by name, with errors that say which one could not be read.
class Reader {
  public:
    explicit Reader(const Arguments& arguments) : arguments_(arguments) {}

    /// Puts the argument into `value` when it is there; Python's None leaves it as it is.
    template <class Number>
    Result<void> number(const char* name, Number& value) const {
        const auto* text = find(name);
        if (!text) return {};
        const auto [end, problem] = std::from_chars(text->data(), text->data() + text->size(), value);
        if (problem != std::errc{} || end != text->data() + text->size()) return refused(name, *text, "a number");
        return {};
    }

    Result<void> truth(const char* name, bool& value) const {
        const auto* text = find(name);
        if (!text) return {};
        if (*text != "True" && *text != "False") return refused(name, *text, "True or False");
        value = *text == "True";
        return {};
    }

    /// Puts the value that stands beside the argument's text into `value`.
    template <class Value>
    Result<void> choice(const char* name, Value& value, const std::map<std::string, Value>& values) const {
        const auto* text = find(name);
        if (!text) return {};
        const auto found = values.find(*text);
        if (found != values.end()) {
            value = found->second;
            return {};
        }
        std::string expected;
        for (const auto& [known, meaning] : values) expected += (expected.empty() ? "" : " or ") + known;
        return refused(name, *text, expected);
    }

    [[nodiscard]] bool is(const char* name) const {
        const auto* text = find(name);
        return text && *text == "True";
    }

    static Error refused(const char* name, const std::string& found, const std::string& expected) {
        return {.code = ErrorCode::invalid_input,
                .message = fmt::format("{} is {}, expected {}", name, found, expected)};
    }

  private:
    [[nodiscard]] const std::string* find(const char* name) const {
        const auto found = arguments_.find(name);
        return found == arguments_.end() || found->second == "None" ? nullptr : &found->second;
    }
    const Arguments& arguments_;
};

/// What the weights themselves tell.
Result<GptConfiguration> form_of(const megatron::GptShape& shape) {
    LOADSTAR_TRY(const auto heads, megatron::head_layout(shape));
    const bool learned = shape.max_position_embeddings.has_value();
    return GptConfiguration{
        .num_layers = shape.num_layers,
        .hidden_size = shape.hidden_size,
        .num_attention_heads = heads.heads,
        .num_query_groups = heads.groups,
        .kv_channels = heads.channels,
        .ffn_hidden_size = shape.ffn_hidden_size,
        .padded_vocab_size = shape.padded_vocab_size,
        .max_position_embeddings = shape.max_position_embeddings.value_or(2048),
        .position_embedding_type = learned ? PositionEmbedding::learned_absolute : PositionEmbedding::rope,
        .normalization = shape.rms_norm ? Normalization::rms_norm : Normalization::layer_norm,
        .qk_layernorm = shape.qk_layernorm,
        .activation = shape.swiglu ? Activation::swiglu : Activation::gelu_tanh,
        .add_bias_linear = shape.add_bias_linear,
        .untie_embeddings_and_output_weights = shape.untie_embeddings_and_output_weights,
    };
}

Result<void> read_rotary(const Reader& arguments, GptConfiguration& form) {
    if (form.position_embedding_type != PositionEmbedding::rope) return {};
    LOADSTAR_CHECK(arguments.number("max_position_embeddings", form.max_position_embeddings));
    LOADSTAR_CHECK(arguments.number("rotary_base", form.rotary_base));
    LOADSTAR_CHECK(arguments.number("rotary_percent", form.rotary_percent));
    LOADSTAR_CHECK(arguments.truth("rotary_interleaved", form.rotary_interleaved));
    if (!arguments.is("use_rope_scaling")) return {};
    RopeScaling scaling;
    LOADSTAR_CHECK(arguments.number("rope_scaling_factor", scaling.factor));
    LOADSTAR_CHECK(arguments.number("rope_low_freq_factor", scaling.low_frequency_factor));
    LOADSTAR_CHECK(arguments.number("rope_high_freq_factor", scaling.high_frequency_factor));
    LOADSTAR_CHECK(arguments.number("rope_original_max_position_embeddings", scaling.original_max_position_embeddings));
    form.rope_scaling = scaling;
    return {};
}

/// Megatron-LM has no argument for the form of GELU: the tanh form comes with its fused kernel (--no-bias-gelu-fusion
/// turns it off).
Result<void> read_activation(const Reader& arguments, GptConfiguration& form) {
    if (form.activation == Activation::swiglu) return {};
    if (arguments.is("squared_relu"))
        return Reader::refused("squared_relu", "True", "False: only GELU and SwiGLU are here");
    bool fused = true;
    LOADSTAR_CHECK(arguments.truth("bias_gelu_fusion", fused));
    form.activation = fused ? Activation::gelu_tanh : Activation::gelu_erf;
    return {};
}

Result<void> read_numbers(const Reader& arguments, GptConfiguration& form) {
    LOADSTAR_CHECK(arguments.number("layernorm_epsilon", form.layernorm_epsilon));
    LOADSTAR_CHECK(arguments.number("norm_epsilon", form.layernorm_epsilon));  // its name since core 0.6
    LOADSTAR_CHECK(arguments.truth("apply_layernorm_1p", form.apply_layernorm_1p));
    LOADSTAR_CHECK(arguments.truth("add_qkv_bias", form.add_qkv_bias));
    LOADSTAR_CHECK(arguments.number("hidden_dropout", form.hidden_dropout));
    LOADSTAR_CHECK(arguments.number("attention_dropout", form.attention_dropout));
    return arguments.number("init_method_std", form.init_method_std);
}

std::string python(bool truth) { return truth ? "True" : "False"; }

}  // namespace

Result<GptConfiguration> configuration_of(const megatron::GptShape& shape, const Arguments& arguments) {
    LOADSTAR_TRY(auto form, form_of(shape));
    const Reader reader(arguments);
    auto positions = form.position_embedding_type;
    LOADSTAR_CHECK(
        reader.choice("position_embedding_type", positions,
                      {{"learned_absolute", PositionEmbedding::learned_absolute}, {"rope", PositionEmbedding::rope}}));
    if (positions != form.position_embedding_type)
        return Reader::refused(
            "position_embedding_type", positions == PositionEmbedding::rope ? "rope" : "learned_absolute",
            positions == PositionEmbedding::rope ? "learned_absolute: position embeddings are among the weights"
                                                 : "rope: there are no position embeddings among the weights");
    LOADSTAR_CHECK(read_rotary(reader, form));
    LOADSTAR_CHECK(read_activation(reader, form));
    LOADSTAR_CHECK(read_numbers(reader, form));
    LOADSTAR_CHECK(check(form));
    return form;
}

Arguments arguments_of(const GptConfiguration& form) {
    const bool rope = form.position_embedding_type == PositionEmbedding::rope;
    Arguments arguments{
        {"num_layers", std::to_string(form.num_layers)},
        {"hidden_size", std::to_string(form.hidden_size)},
        {"num_attention_heads", std::to_string(form.num_attention_heads)},
        {"num_query_groups", std::to_string(form.groups())},
        {"kv_channels", std::to_string(form.head_channels())},
        {"ffn_hidden_size", std::to_string(form.ffn_channels())},
        {"padded_vocab_size", std::to_string(form.padded_vocab_size)},
        {"max_position_embeddings", std::to_string(form.max_position_embeddings)},
        {"position_embedding_type", rope ? "rope" : "learned_absolute"},
        {"normalization", form.normalization == Normalization::rms_norm ? "RMSNorm" : "LayerNorm"},
        {"norm_epsilon", fmt::format("{}", form.layernorm_epsilon)},
        {"apply_layernorm_1p", python(form.apply_layernorm_1p)},
        {"qk_layernorm", python(form.qk_layernorm)},
        {"swiglu", python(form.activation == Activation::swiglu)},
        {"bias_gelu_fusion", python(form.activation == Activation::gelu_tanh)},
        {"add_bias_linear", python(form.add_bias_linear)},
        {"add_qkv_bias", python(form.add_qkv_bias)},
        {"untie_embeddings_and_output_weights", python(form.untie_embeddings_and_output_weights)},
        {"hidden_dropout", fmt::format("{}", form.hidden_dropout)},
        {"attention_dropout", fmt::format("{}", form.attention_dropout)},
        {"init_method_std", fmt::format("{}", form.init_method_std)},
    };
    if (!rope) return arguments;
    arguments["rotary_base"] = fmt::format("{}", form.rotary_base);
    arguments["rotary_percent"] = fmt::format("{}", form.rotary_percent);
    arguments["rotary_interleaved"] = python(form.rotary_interleaved);
    arguments["use_rope_scaling"] = python(form.rope_scaling.has_value());
    if (!form.rope_scaling) return arguments;
    arguments["rope_scaling_factor"] = fmt::format("{}", form.rope_scaling->factor);
    arguments["rope_low_freq_factor"] = fmt::format("{}", form.rope_scaling->low_frequency_factor);
    arguments["rope_high_freq_factor"] = fmt::format("{}", form.rope_scaling->high_frequency_factor);
    arguments["rope_original_max_position_embeddings"] =
        std::to_string(form.rope_scaling->original_max_position_embeddings);
    return arguments;
}

}  // namespace loadstar::gpt
