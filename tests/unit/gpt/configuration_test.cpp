#include "gpt/configuration.hpp"

#include <gmock/gmock.h>

namespace loadstar::gpt {
namespace {

using ::testing::HasSubstr;

GptConfiguration gpt2_345m() {
    return {.num_layers = 24,
            .hidden_size = 1024,
            .num_attention_heads = 16,
            .padded_vocab_size = 50304,
            .max_position_embeddings = 1024};
}

// 354,871,296: the number that Megatron-LM prints for its 345M.
TEST(GptConfiguration, CountsTheWeightsOf345M) { EXPECT_EQ(parameter_count(gpt2_345m()), 354'871'296); }

// Llama 3 8B: 8,030,261,248 weights as published with the model.
TEST(GptConfiguration, CountsTheWeightsOfLlama3) {
    EXPECT_EQ(parameter_count({.num_layers = 32,
                               .hidden_size = 4096,
                               .num_attention_heads = 32,
                               .num_query_groups = 8,
                               .ffn_hidden_size = 14336,
                               .padded_vocab_size = 128256,
                               .max_position_embeddings = 8192,
                               .position_embedding_type = PositionEmbedding::rope,
                               .normalization = Normalization::rms_norm,
                               .activation = Activation::swiglu,
                               .add_bias_linear = false,
                               .untie_embeddings_and_output_weights = true}),
              8'030'261'248);
}

TEST(GptConfiguration, NamesTheArgumentThatCannotBe) {
    auto heads = gpt2_345m();
    heads.num_attention_heads = 15;
    const auto found = check(heads);
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().code, ErrorCode::invalid_argument);
    EXPECT_THAT(found.error().message, HasSubstr("hidden_size is 1024, expected a multiple of the 15 heads"));

    EXPECT_TRUE(check(gpt2_345m(), 8));
    const auto ranks = check(gpt2_345m(), 3);
    ASSERT_FALSE(ranks);
    EXPECT_THAT(ranks.error().message,
                HasSubstr("num_attention_heads is 16, expected a multiple of the 3 tensor-parallel ranks"));

    auto groups = gpt2_345m();
    groups.num_query_groups = 5;
    EXPECT_THAT(check(groups).error().message, HasSubstr("num_query_groups is 5, expected a divisor of the 16 heads"));
    auto layers = gpt2_345m();
    layers.num_layers = 0;
    EXPECT_THAT(check(layers).error().message, HasSubstr("num_layers is 0, expected 1 or more"));
    auto dropout = gpt2_345m();
    dropout.hidden_dropout = 1;
    EXPECT_THAT(check(dropout).error().message, HasSubstr("hidden_dropout is 1, expected 0 or more and less than 1"));
}

}  // namespace
}  // namespace loadstar::gpt
