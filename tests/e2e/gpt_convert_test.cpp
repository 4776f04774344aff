// The verbs `gpt convert`, `split`, `merge` and `diff` of the built program, on a small GPT with weights drawn by lot.
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "megatron/checkpoint_writer.hpp"
#include "support/program.hpp"
#include "support/temporary_folder.hpp"
#include "support/tiny_gpt.hpp"

namespace loadstar {
namespace {

using testing::HasSubstr;

class GptConvert : public testing::Test {
  protected:
    void SetUp() override { write(test_support::tiny_gpt(), "source"); }
    void write(const megatron::CoreWeights& gpt, const std::string& name) {
        NoProgress silent;
        ASSERT_TRUE(megatron::write_checkpoint(gpt, {.place = at(name)}, silent));
    }
    [[nodiscard]] std::string at(const std::string& name) const { return (folder_.path() / name).string(); }
    /// Runs a verb of the group; the first words may be names in the folder.
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
    static std::string bytes_of(const std::filesystem::path& file) {
        std::ifstream stream(file, std::ios::binary);
        return {std::istreambuf_iterator<char>(stream), {}};
    }
    TemporaryFolder folder_;
};

TEST_F(GptConvert, GoesThroughEveryFormWithoutLosingABit) {
    std::string from = "source";
    for (const std::string form : {"transformer-engine", "hugging-face", "safetensors", "core"}) {
        const auto to = form + ".safetensors";
        const auto json = json_of({"convert", at(from), "--to", form, "--output", at(to)});
        EXPECT_EQ(json["schema"], "loadstar.gpt_convert/1");
        EXPECT_EQ(json["form"], form);
        EXPECT_EQ(json["shape"]["num_attention_heads"], 4);
        EXPECT_TRUE(json_of({"diff", at("source"), at(to)})["same"]) << form;
        from = to;
    }
}

TEST_F(GptConvert, SplitAndMergedGivesTheSameFile) {
    const auto split = json_of({"split", at("source"), "--tensor-parallel", "4", "--output", at("four")});
    EXPECT_EQ(split["tensor_parallel"], 4);
    EXPECT_EQ(split["files"].size(), 4U);
    const auto merged = json_of({"merge", at("four"), "--output", at("one")});
    EXPECT_EQ(merged["source_tensor_parallel"], 4);
    const std::filesystem::path file = "iter_0000010/mp_rank_00/model_optim_rng.pt";
    EXPECT_EQ(bytes_of(at("source") / file), bytes_of(at("one") / file));
}

TEST_F(GptConvert, PadsTheVocabularyForMoreRanks) {
    const auto refused = gpt({"split", at("source"), "--tensor-parallel", "3", "--output", at("three")});
    EXPECT_EQ(refused.exit_code, 2);
    EXPECT_THAT(refused.errors, HasSubstr("3 tensor-parallel ranks do not divide the attention heads"));
    const auto json = json_of({"convert", at("source"), "--padded-vocab-size", "128", "--output", at("padded")});
    EXPECT_EQ(json["shape"]["padded_vocab_size"], 128);
}

TEST_F(GptConvert, DiffTellsWhichWeightsDifferAndByHowMuch) {
    auto other = test_support::tiny_gpt();
    std::vector<std::byte> bytes(other.weights.back().tensor.bytes.begin(), other.weights.back().tensor.bytes.end());
    float value = 0;
    std::memcpy(&value, bytes.data(), sizeof(value));
    value += 0.25F;
    std::memcpy(bytes.data(), &value, sizeof(value));
    auto& bias = other.weights.back();  // decoder.final_layernorm.bias
    bias = megatron::own_weight(bias.name, bias.tensor.type, bias.tensor.shape, std::move(bytes));
    write(other, "other");

    const auto result = gpt({"diff", at("source"), at("other"), "--json"});
    EXPECT_EQ(result.exit_code, 12);
    const auto json = nlohmann::json::parse(result.output);
    EXPECT_EQ(json["schema"], "loadstar.gpt_diff/1");
    EXPECT_FALSE(json["same"]);
    EXPECT_NEAR(json["largest"], 0.25, 1e-6);
    EXPECT_EQ(json["weights"].back()["name"], "decoder.final_layernorm.bias");
    EXPECT_EQ(json["weights"].back()["unequal"], 1);
    EXPECT_TRUE(json["weights"].front()["same"]);
    EXPECT_TRUE(json_of({"diff", at("source"), at("other"), "--tolerance", "0.3"})["same"]);
    const auto read = gpt({"diff", at("source"), at("other")});
    EXPECT_THAT(read.output, HasSubstr("27 / 28 weights are the same; largest difference 0.25"));
    EXPECT_THAT(gpt({"diff", at("source"), at("other"), "--lang", "zh"}).output, HasSubstr("个权重相同"));
}

TEST_F(GptConvert, DiffTellsWhatOnlyOneOfThemHas) {
    write(test_support::tiny_gpt({.layers = 1}), "shorter");
    const auto result = gpt({"diff", at("source"), at("shorter")});
    EXPECT_EQ(result.exit_code, 12);
    EXPECT_THAT(result.output, HasSubstr("decoder.layers.1.mlp.linear_fc2.bias"));
    EXPECT_THAT(result.output, HasSubstr("absent"));
}

TEST_F(GptConvert, SpeaksToPeopleInTheirLanguage) {
    EXPECT_THAT(gpt({"convert", at("source"), "--output", at("en")}).output, HasSubstr("written"));
    EXPECT_THAT(gpt({"convert", at("source"), "--output", at("zh"), "--lang", "zh"}).output, HasSubstr("已写入"));
}

TEST_F(GptConvert, NeverReplacesWhatIsThere) {
    const auto result = gpt({"convert", at("source"), "--output", at("source")});
    EXPECT_EQ(result.exit_code, 6);
    EXPECT_THAT(result.errors, HasSubstr("there is something under that name already"));
}

TEST_F(GptConvert, WritesWhatPythonOpensWithoutRunningAnything) {
    // The unpickler of 1.13, the first to know weights_only, does not read the floats that Megatron-LM itself writes.
    const auto* const recent = "import torch, sys; sys.exit(int(torch.__version__.split('.')[0]) < 2)";
    if (run_program("/usr/bin/env", {"python3", "-c", recent}).exit_code != 0)
        GTEST_SKIP() << "python3 has no torch of 2.0 or later here";
    const auto files = json_of({"split", at("source"), "--tensor-parallel", "2", "--output", at("two")})["files"];
    const auto loaded =
        run_program("/usr/bin/env", {"python3", "-c",
                                     "import sys, torch\n"
                                     "for name in sys.argv[1:]:\n"
                                     "    file = torch.load(name, weights_only=True)\n"
                                     "    model = file['model']\n"
                                     "    print(file['checkpoint_version'], file['iteration'], len(model),\n"
                                     "          tuple(model['embedding.word_embeddings.weight'].shape),\n"
                                     "          all(t.is_contiguous() for t in model.values()))",
                                     files[0]["file"].get<std::string>(), files[1]["file"].get<std::string>()});
    EXPECT_EQ(loaded.exit_code, 0) << loaded.errors;
    EXPECT_EQ(loaded.output, "3.0 10 28 (20, 32) True\n3.0 10 28 (20, 32) True\n");
}

}  // namespace
}  // namespace loadstar
