// The verb `gpt inspect` of the built program, on a checkpoint of its own.
#include <filesystem>
#include <list>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "megatron/torch_writer.hpp"
#include "support/distributed_specimen.hpp"
#include "support/program.hpp"
#include "support/temporary_folder.hpp"
#include "support/tiny_gpt.hpp"

namespace loadstar {
namespace {

using megatron::SaveValue;
using testing::HasSubstr;

class GptInspect : public testing::Test {
  protected:
    /// Weights of one layer, 8 wide, under the names of Megatron core.
    SaveValue::Dict weights(std::int64_t vocabulary) {
        SaveValue::Dict dict;
        const auto add = [&](const char* name, std::vector<std::int64_t> shape) {
            std::size_t elements = 1;
            for (const auto size : shape) elements *= static_cast<std::size_t>(size);
            const auto& values = values_.emplace_back(elements, 0.5F);
            dict.push_back({name,
                            {megatron::contiguous_view(megatron::ScalarType::f32, std::move(shape),
                                                       std::as_bytes(std::span(values)))}});
        };
        add("embedding.word_embeddings.weight", {vocabulary, 8});
        add("decoder.layers.0.input_layernorm.weight", {8});
        add("decoder.layers.0.self_attention.linear_qkv.weight", {24, 8});
        add("decoder.layers.0.self_attention.linear_proj.weight", {8, 8});
        add("decoder.layers.0.pre_mlp_layernorm.weight", {8});
        add("decoder.layers.0.mlp.linear_fc1.weight", {64, 8});
        add("decoder.layers.0.mlp.linear_fc2.weight", {8, 32});
        add("decoder.final_layernorm.weight", {8});
        return dict;
    }
    void write_rank(int rank, std::int64_t iteration) {
        const auto folder = folder_.path() / "iter_0000007" / ("mp_rank_0" + std::to_string(rank));
        std::filesystem::create_directories(folder);
        const SaveValue::Dict root{{"model", {weights(16)}}, {"iteration", {iteration}}, {"checkpoint_version", {3.0}}};
        ASSERT_TRUE(megatron::write_torch_file(folder / "model_optim_rng.pt", {root}));
        folder_.write("latest_checkpointed_iteration.txt", "7");
    }
    ProgramResult inspect(std::vector<std::string> more = {}) {
        more.insert(more.begin(), {"gpt", "inspect", folder_.path().string()});
        return run_loadstar(more);
    }
    TemporaryFolder folder_;
    std::list<std::vector<float>> values_;
};

TEST_F(GptInspect, TellsTheFormOfAModel) {
    write_rank(0, 7);
    const auto result = inspect({"--json", "--verify"});
    ASSERT_EQ(result.exit_code, 0) << result.errors;
    const auto json = nlohmann::json::parse(result.output);
    EXPECT_EQ(json["schema"], "loadstar.gpt_inspect/1");
    EXPECT_EQ(json["iteration"], "7");
    EXPECT_TRUE(json["verified"]);
    const auto& shard = json["shards"][0];
    EXPECT_EQ(shard["naming"], "megatron core");
    EXPECT_EQ(shard["weights"].size(), 8U);
    EXPECT_EQ(shard["shape"]["num_layers"], 1);
    EXPECT_EQ(shard["shape"]["swiglu"], true);
    EXPECT_EQ(shard["shape"]["normalization"], "RMSNorm");
    EXPECT_TRUE(shard["shape"]["num_attention_heads"].is_null());
    EXPECT_EQ(shard["shape"]["parameters"], 16 * 8 + 8 + 24 * 8 + 64 + 8 + 64 * 8 + 8 * 32 + 8);
}

TEST_F(GptInspect, SpeaksToPeopleInTheirLanguage) {
    write_rank(0, 7);
    EXPECT_THAT(inspect().output, HasSubstr("decoder.layers.0.mlp.linear_fc1.weight"));
    EXPECT_THAT(inspect({"--lang", "zh"}).output, HasSubstr("参数量"));
}

TEST_F(GptInspect, AMissingRankIsTold) {
    write_rank(1, 7);
    const auto result = inspect();
    EXPECT_EQ(result.exit_code, 3);
    EXPECT_THAT(result.errors, HasSubstr("files of ranks are missing: 2 by 1 ranks expected, found 1"));
}

TEST_F(GptInspect, StagesOfAPipelineAreShownOneByOne) {
    auto first = weights(16);
    SaveValue::Dict second{first.begin() + 1, first.end()};  // no embedding
    first.pop_back();                                        // no final norm
    for (const auto& [name, stage] : {std::pair{"mp_rank_00_000", first}, std::pair{"mp_rank_00_001", second}}) {
        const auto folder = folder_.path() / "iter_0000007" / name;
        std::filesystem::create_directories(folder);
        ASSERT_TRUE(megatron::write_torch_file(folder / "model_optim_rng.pt", {SaveValue::Dict{{"model", {stage}}}}));
    }
    folder_.write("latest_checkpointed_iteration.txt", "7");
    const auto result = inspect({"--json"});
    ASSERT_EQ(result.exit_code, 0) << result.errors;
    const auto json = nlohmann::json::parse(result.output);
    EXPECT_EQ(json["pipeline_parallel"], 2);
    EXPECT_EQ(json["shards"][0]["shape"]["num_layers"], 1);
    EXPECT_TRUE(json["shards"][1]["shape"].is_null());
    EXPECT_EQ(json["shards"][1]["weights"].size(), 7U);
}

TEST_F(GptInspect, FilesOfDifferentTrainingsAreNotOneModel) {
    write_rank(0, 7);
    write_rank(1, 8);
    const auto result = inspect();
    EXPECT_EQ(result.exit_code, 3);
    EXPECT_THAT(result.errors, HasSubstr("not of the same training"));
}

TEST_F(GptInspect, ADistributedCheckpointIsReadLikeAnyOther) {
    auto form = test_support::tiny_llama();
    test_support::write_distributed(folder_.path() / "iter_0000010", test_support::tiny_gpt(form));
    folder_.write("latest_checkpointed_iteration.txt", "10");
    const auto result = inspect({"--json", "--verify"});
    ASSERT_EQ(result.exit_code, 0) << result.errors;
    const auto shard = nlohmann::json::parse(result.output)["shards"][0];
    EXPECT_EQ(shard["container"], "torch distributed");
    EXPECT_EQ(shard["shape"]["num_attention_heads"], 4);
    EXPECT_EQ(shard["iteration"], 10);
    folder_.write("iter_0000010/.metadata", "x");
    EXPECT_THAT(inspect().errors, HasSubstr(".metadata @ byte 0: in a pickle"));
}

TEST_F(GptInspect, WhatIsNotThereIsTold) {
    EXPECT_THAT(inspect().errors, HasSubstr("the folder holds no checkpoint"));
    const auto nowhere = run_loadstar({"gpt", "inspect", (folder_.path() / "nowhere").string()});
    EXPECT_THAT(nowhere.errors, HasSubstr("there is no such file or folder"));
}

}  // namespace
}  // namespace loadstar
