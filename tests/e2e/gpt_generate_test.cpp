// The verbs `gpt generate` and `gpt evaluate` of the built program, on small GPTs with weights drawn by lot.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "megatron/checkpoint_writer.hpp"
#include "megatron/indexed_dataset_writer.hpp"
#include "support/program.hpp"
#include "support/temporary_folder.hpp"
#include "support/tiny_gpt.hpp"

namespace loadstar {
namespace {

using testing::HasSubstr;

class GptGenerate : public testing::Test {
  protected:
    void SetUp() override {
        NoProgress silent;
        ASSERT_TRUE(megatron::write_checkpoint(test_support::tiny_gpt(), {.place = at("gpt2")}, silent));
        ASSERT_TRUE(megatron::write_checkpoint(test_support::tiny_gpt(test_support::tiny_llama()),
                                               {.place = at("llama")}, silent));
        ASSERT_TRUE(
            megatron::write_checkpoint(test_support::tiny_gpt(), {.place = at("two"), .tensor_parallel = 2}, silent));
    }
    [[nodiscard]] std::string at(const std::string& name) const { return (folder_.path() / name).string(); }
    static ProgramResult gpt(std::vector<std::string> arguments) {
        arguments.insert(arguments.begin(), "gpt");
        return run_loadstar(std::move(arguments));
    }
    static nlohmann::json json_of(std::vector<std::string> arguments) {
        arguments.push_back("--json");
        const auto result = gpt(std::move(arguments));
        EXPECT_EQ(result.exit_code, 0) << result.errors << result.output;
        return nlohmann::json::parse(result.output);
    }
    TemporaryFolder folder_;
};

TEST_F(GptGenerate, GivesTheSameTokensFromEveryFormWithACacheAndWithout) {
    const std::vector<std::string> rules{"--prompt", "3 1 4", "--max-new-tokens", "8", "--threads", "1"};
    const auto tokens = [&](const std::string& model, std::vector<std::string> more = {}) {
        std::vector<std::string> words{"generate", at(model)};
        words.insert(words.end(), rules.begin(), rules.end());
        words.insert(words.end(), more.begin(), more.end());
        const auto json = json_of(words);
        EXPECT_EQ(json["schema"], "loadstar.gpt_generate/1");
        EXPECT_EQ(json["prompt_tokens"], (std::vector<int>{3, 1, 4}));
        return json["tokens"].get<std::vector<int>>();
    };
    const auto expected = tokens("gpt2");
    EXPECT_EQ(expected.size(), 8U);
    EXPECT_EQ(tokens("two"), expected);
    EXPECT_EQ(tokens("gpt2", {"--no-cache"}), expected);
    EXPECT_EQ(tokens("llama"), tokens("llama", {"--no-cache"}));
    EXPECT_NE(tokens("gpt2", {"--temperature", "5", "--seed", "1"}),
              tokens("gpt2", {"--temperature", "5", "--seed", "2"}));
}

TEST_F(GptGenerate, SaysWhatCannotBe) {
    const auto message = [&](std::vector<std::string> words) {
        const auto result = gpt(std::move(words));
        EXPECT_NE(result.exit_code, 0);
        return result.errors;
    };
    EXPECT_THAT(message({"generate", at("gpt2"), "--prompt", "3 x"}),
                HasSubstr("the prompt has \"x\" at character 3, expected a token number"));
    EXPECT_THAT(message({"generate", at("gpt2"), "--prompt", "40"}),
                HasSubstr("the prompt has token 40, expected 0 to 39"));
    EXPECT_THAT(message({"generate", at("gpt2")}), HasSubstr("the prompt has no tokens"));
    EXPECT_THAT(message({"generate", at("gpt2"), "--prompt", "1", "--device", "cuda"}),
                HasSubstr("there is no device cuda here"));
    EXPECT_THAT(message({"generate", at("gpt2"), "--prompt", "1", "--argument", "rotary"}),
                HasSubstr("expected NAME=VALUE"));
    EXPECT_THAT(message({"generate", at("none"), "--prompt", "1"}), HasSubstr("none"));
}

TEST_F(GptGenerate, EvaluatesAModelOnADataset) {
    auto writer = megatron::IndexedDatasetWriter::create(at("text"), megatron::TokenType::uint16).value();
    std::vector<std::int64_t> text;
    for (std::int64_t token = 0; token < 33; ++token) text.push_back(token % 39);
    ASSERT_TRUE(writer.add_document(text));
    ASSERT_TRUE(writer.finish());
    const auto json = json_of({"evaluate", at("gpt2"), "--data-path", at("text"), "--threads", "1"});
    EXPECT_EQ(json["samples"], 2);
    EXPECT_EQ(json["tokens"], 32);
    EXPECT_NEAR(json["perplexity"].get<double>(), std::exp(json["loss"].get<double>()), 1e-6);
    const auto other =
        json_of({"evaluate", at("two"), "--data-path", at("text"), "--threads", "1", "--micro-batch-size", "1"});
    EXPECT_NEAR(other["loss"].get<double>(), json["loss"].get<double>(), 1e-5);
    const auto result = gpt({"evaluate", at("gpt2"), "--data-path", at("text"), "--seq-length", "64"});
    EXPECT_THAT(result.errors, HasSubstr("seq_length is 64, expected at most the 16 positions of the model"));
}

}  // namespace
}  // namespace loadstar
