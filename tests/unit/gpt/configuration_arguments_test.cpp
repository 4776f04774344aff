#include "gpt/configuration_arguments.hpp"

#include <gmock/gmock.h>

#include "megatron/form_arguments.hpp"

namespace loadstar::gpt {
namespace {

using ::testing::HasSubstr;

megatron::GptShape shape_of(const GptConfiguration& form) {
    megatron::GptShape shape{.num_layers = static_cast<int>(form.num_layers),
                             .hidden_size = form.hidden_size,
                             .ffn_hidden_size = form.ffn_channels(),
                             .qkv_rows = form.qkv_rows(),
                             .attention_channels = form.num_attention_heads * form.head_channels(),
                             .padded_vocab_size = form.padded_vocab_size,
                             .swiglu = form.activation == Activation::swiglu,
                             .add_bias_linear = form.add_bias_linear,
                             .rms_norm = form.normalization == Normalization::rms_norm,
                             .qk_layernorm = form.qk_layernorm,
                             .untie_embeddings_and_output_weights = form.untie_embeddings_and_output_weights,
                             .num_attention_heads = form.num_attention_heads};
    if (form.position_embedding_type == PositionEmbedding::learned_absolute)
        shape.max_position_embeddings = form.max_position_embeddings;
    return shape;
}

GptConfiguration gpt2_form() {
    return {.num_layers = 2,
            .hidden_size = 24,
            .num_attention_heads = 4,
            .num_query_groups = 4,
            .kv_channels = 6,
            .ffn_hidden_size = 96,
            .padded_vocab_size = 20,
            .max_position_embeddings = 12};
}

GptConfiguration modern_form() {
    return {.num_layers = 3,
            .hidden_size = 24,
            .num_attention_heads = 4,
            .num_query_groups = 2,
            .kv_channels = 8,
            .ffn_hidden_size = 30,
            .padded_vocab_size = 20,
            .max_position_embeddings = 4096,
            .position_embedding_type = PositionEmbedding::rope,
            .rotary_base = 500'000,
            .rotary_percent = 0.5,
            .rotary_interleaved = true,
            .rope_scaling = RopeScaling{.factor = 32},
            .normalization = Normalization::rms_norm,
            .layernorm_epsilon = 1e-6,
            .apply_layernorm_1p = true,
            .qk_layernorm = true,
            .activation = Activation::swiglu,
            .add_bias_linear = false,
            .add_qkv_bias = true,
            .untie_embeddings_and_output_weights = true,
            .hidden_dropout = 0,
            .attention_dropout = 0.25,
            .init_method_std = 0.01};
}

TEST(ConfigurationArguments, GiveTheFormBack) {
    auto erf = gpt2_form();
    erf.activation = Activation::gelu_erf;
    for (const auto& form : {gpt2_form(), erf, modern_form()}) {
        const auto found = configuration_of(shape_of(form), arguments_of(form));
        ASSERT_TRUE(found) << found.error().message;
        EXPECT_EQ(*found, form);
    }
}

// A conversion takes only those arguments along that make the model: none that is needed may stay behind.
TEST(ConfigurationArguments, GoWithTheWeightsIntoOtherFiles) {
    auto erf = gpt2_form();
    erf.activation = Activation::gelu_erf;
    erf.layernorm_epsilon = 1e-6;
    auto modern = modern_form();
    modern.rope_scaling = RopeScaling{
        .factor = 32, .low_frequency_factor = 2, .high_frequency_factor = 8, .original_max_position_embeddings = 4096};
    for (const auto& form : {erf, modern}) {
        const auto found = configuration_of(shape_of(form), megatron::form_arguments(arguments_of(form)));
        ASSERT_TRUE(found) << to_string(found.error());
        EXPECT_EQ(arguments_of(*found), arguments_of(form));
    }
}

// The released 345M has no arguments in its file: all but the number of heads follows from the weights.
TEST(ConfigurationArguments, AreNotNeededForTheReleased345M) {
    const auto found = configuration_of(shape_of(gpt2_form()), {});
    ASSERT_TRUE(found) << found.error().message;
    EXPECT_EQ(*found, gpt2_form());
}

TEST(ConfigurationArguments, ThatCannotBeAreNamed) {
    const auto message = [](const Arguments& arguments) {
        const auto found = configuration_of(shape_of(modern_form()), arguments);
        return found ? std::string("accepted") : found.error().message;
    };
    EXPECT_THAT(message({{"rotary_base", "many"}}), HasSubstr("rotary_base is many, expected a number"));
    EXPECT_THAT(message({{"rotary_interleaved", "1"}}), HasSubstr("rotary_interleaved is 1, expected True or False"));
    EXPECT_THAT(message({{"position_embedding_type", "mrope"}}),
                HasSubstr("position_embedding_type is mrope, expected learned_absolute or rope"));
    EXPECT_THAT(message({{"position_embedding_type", "learned_absolute"}}),
                HasSubstr("there are no position embeddings among the weights"));
    EXPECT_THAT(message({{"hidden_dropout", "1.5"}}), HasSubstr("hidden_dropout is 1.5"));
    EXPECT_EQ(message({{"hidden_dropout", "None"}, {"tensorboard_dir", "/logs"}}), "accepted");
}

}  // namespace
}  // namespace loadstar::gpt
