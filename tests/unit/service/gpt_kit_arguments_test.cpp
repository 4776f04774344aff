#include "service/gpt_kit_arguments.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/tiny_gpt.hpp"

namespace loadstar::service {
namespace {

using testing::Contains;
using testing::Not;

/// Whether an option stands before its value.
bool has(const std::vector<std::string>& arguments, const std::string& option, const std::string& value) {
    const auto found = std::ranges::find(arguments, option);
    return found != arguments.end() && std::next(found) != arguments.end() && *std::next(found) == value;
}

TEST(GptKitArguments, TheVocabularyIsPaddedToTheRowsOfTheCheckpoint) {
    EXPECT_EQ(vocabulary_divisor(50257, 50304, 1).value(), 128);
    EXPECT_EQ(vocabulary_divisor(50257, 50688, 4).value(), 128);
    EXPECT_EQ(vocabulary_divisor(40, 40, 1).value(), 40);
    EXPECT_EQ(vocabulary_divisor(39, 40, 2).value(), 20);
    EXPECT_EQ(vocabulary_divisor(41, 40, 1).error().code, ErrorCode::invalid_input);
    EXPECT_EQ(vocabulary_divisor(41, 40, 1).error().message,
              "the vocabulary does not fit: 41 tokens, and the checkpoint has 40 rows");
    EXPECT_EQ(vocabulary_divisor(40, 40, 3).error().code, ErrorCode::invalid_argument);
}

TEST(GptKitArguments, TellTheFormOfTheCheckpoint) {
    const GptExportKitRequest request{.implementation = LayerImplementation::local};
    auto llama = test_support::tiny_gpt(test_support::tiny_llama());
    llama.arguments.emplace("rotary_base", "500000");
    const KitPlan plan{.request = request,
                       .weights = llama,
                       .heads = megatron::head_layout(llama.shape).value(),
                       .seq_length = 24,
                       .make_vocab_size_divisible_by = 40};
    const auto arguments = megatron_arguments(plan);
    EXPECT_TRUE(has(arguments, "--hidden-size", "32"));
    EXPECT_TRUE(has(arguments, "--ffn-hidden-size", "48"));
    EXPECT_TRUE(has(arguments, "--num-query-groups", "2"));
    EXPECT_TRUE(has(arguments, "--position-embedding-type", "rope"));
    EXPECT_TRUE(has(arguments, "--rotary-base", "500000"));
    EXPECT_TRUE(has(arguments, "--normalization", "RMSNorm"));
    EXPECT_TRUE(has(arguments, "--transformer-impl", "local"));
    for (const auto* flag : {"--swiglu", "--disable-bias-linear", "--untie-embeddings-and-output-weights",
                             "--group-query-attention", "--no-persist-layer-norm", "--bf16"})
        EXPECT_THAT(arguments, Contains(flag));
    for (const auto* flag : {"--kv-channels", "--add-qkv-bias", "--num-layers", "--vocab-size"})
        EXPECT_THAT(arguments, Not(Contains(flag)));
}

}  // namespace
}  // namespace loadstar::service
