#include "gpt/configuration.hpp"

#include <string_view>

#include <fmt/format.h>

namespace loadstar::gpt {
namespace {

Error impossible(std::string_view argument, const auto& found, std::string_view expected) {
    return {.code = ErrorCode::invalid_argument,
            .message = fmt::format("{} is {}, expected {}", argument, found, expected)};
}

Result<void> check_positive(std::string_view argument, std::int64_t value) {
    if (value < 1) return impossible(argument, value, "1 or more");
    return {};
}

Result<void> check_sizes(const GptConfiguration& configuration) {
    LOADSTAR_CHECK(check_positive("num_layers", configuration.num_layers));
    LOADSTAR_CHECK(check_positive("hidden_size", configuration.hidden_size));
    LOADSTAR_CHECK(check_positive("num_attention_heads", configuration.num_attention_heads));
    LOADSTAR_CHECK(check_positive("num_query_groups", configuration.groups()));
    LOADSTAR_CHECK(check_positive("ffn_hidden_size", configuration.ffn_channels()));
    LOADSTAR_CHECK(check_positive("padded_vocab_size", configuration.padded_vocab_size));
    LOADSTAR_CHECK(check_positive("max_position_embeddings", configuration.max_position_embeddings));
    if (!configuration.kv_channels && configuration.hidden_size % configuration.num_attention_heads != 0)
        return impossible("hidden_size", configuration.hidden_size,
                          fmt::format("a multiple of the {} heads, or kv_channels", configuration.num_attention_heads));
    LOADSTAR_CHECK(check_positive("kv_channels", configuration.head_channels()));
    if (configuration.num_attention_heads % configuration.groups() != 0)
        return impossible("num_query_groups", configuration.groups(),
                          fmt::format("a divisor of the {} heads", configuration.num_attention_heads));
    return {};
}

Result<void> check_numbers(const GptConfiguration& configuration) {
    for (const auto& [name, value] : {std::pair{"hidden_dropout", configuration.hidden_dropout},
                                      std::pair{"attention_dropout", configuration.attention_dropout}})
        if (!(value >= 0 && value < 1)) return impossible(name, value, "0 or more and less than 1");
    if (!(configuration.layernorm_epsilon > 0))
        return impossible("layernorm_epsilon", configuration.layernorm_epsilon, "more than 0");
    if (!(configuration.init_method_std > 0))
        return impossible("init_method_std", configuration.init_method_std, "more than 0");
    if (configuration.position_embedding_type != PositionEmbedding::rope) return {};
    if (!(configuration.rotary_base > 1)) return impossible("rotary_base", configuration.rotary_base, "more than 1");
    if (configuration.rotary_channels() < 2 || configuration.rotary_channels() % 2 != 0)
        return impossible("rotary_percent", configuration.rotary_percent,
                          fmt::format("an even number of the {} channels", configuration.head_channels()));
    return {};
}

}  // namespace

std::int64_t GptConfiguration::rotary_channels() const {
    return static_cast<std::int64_t>(static_cast<double>(head_channels()) * rotary_percent);
}

Result<void> check(const GptConfiguration& configuration, std::int64_t tensor_parallel) {
    LOADSTAR_CHECK(check_sizes(configuration));
    LOADSTAR_CHECK(check_numbers(configuration));
    const auto parts = fmt::format("a multiple of the {} tensor-parallel ranks", tensor_parallel);
    for (const auto& [name, value] : {std::pair{"num_attention_heads", configuration.num_attention_heads},
                                      std::pair{"num_query_groups", configuration.groups()},
                                      std::pair{"ffn_hidden_size", configuration.ffn_channels()},
                                      std::pair{"padded_vocab_size", configuration.padded_vocab_size}})
        if (value % tensor_parallel != 0) return impossible(name, value, parts);
    return {};
}

std::int64_t parameter_count(const GptConfiguration& configuration) {
    const auto hidden = configuration.hidden_size;
    const auto ffn = configuration.ffn_channels();
    const auto context = configuration.num_attention_heads * configuration.head_channels();
    const auto ffn_rows = configuration.activation == Activation::swiglu ? 2 * ffn : ffn;
    const auto norm = configuration.normalization == Normalization::rms_norm ? 1 : 2;

    auto layer = hidden * (configuration.qkv_rows() + context + ffn_rows + ffn) + 2 * norm * hidden;
    if (configuration.has_qkv_bias()) layer += configuration.qkv_rows();
    if (configuration.add_bias_linear) layer += hidden + ffn_rows + hidden;
    if (configuration.qk_layernorm) layer += 2 * norm * configuration.head_channels();

    auto total = configuration.num_layers * layer + norm * hidden + configuration.padded_vocab_size * hidden;
    if (configuration.untie_embeddings_and_output_weights) total += configuration.padded_vocab_size * hidden;
    if (configuration.position_embedding_type == PositionEmbedding::learned_absolute)
        total += configuration.max_position_embeddings * hidden;
    return total;
}

}  // namespace loadstar::gpt
