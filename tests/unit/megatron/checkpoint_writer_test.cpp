#include "megatron/checkpoint_writer.hpp"

#include <fstream>
#include <iterator>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/same_weights.hpp"
#include "support/temporary_folder.hpp"
#include "support/tiny_gpt.hpp"

namespace loadstar::megatron {
namespace {

namespace fs = std::filesystem;
using test_support::expect_same_weights;
using test_support::tiny_gpt;
using test_support::tiny_llama;
using testing::HasSubstr;

class WriteCheckpoint : public testing::Test {
  protected:
    [[nodiscard]] fs::path at(const std::string& name) const { return folder_.path() / name; }
    /// Writes a model and reads it back.
    CoreWeights again(const CoreWeights& gpt, const CheckpointTarget& target) {
        EXPECT_TRUE(write_checkpoint(gpt, target, progress_));
        return read_core_weights(find_checkpoint(target.place).value()).value();
    }
    static std::string bytes_of(const fs::path& file) {
        std::ifstream stream(file, std::ios::binary);
        return {std::istreambuf_iterator<char>(stream), {}};
    }
    TemporaryFolder folder_;
    NoProgress progress_;
};

TEST_F(WriteCheckpoint, InAnyFormGivesTheSameWeightsBack) {
    const auto gpt = tiny_gpt();
    for (const auto form : {CheckpointForm::core, CheckpointForm::transformer_engine, CheckpointForm::hugging_face,
                            CheckpointForm::safetensors}) {
        SCOPED_TRACE(to_string(form));
        const auto found = again(gpt, {.place = at(std::string(to_string(form)) + ".safetensors"), .form = form});
        expect_same_weights(found, gpt);
        EXPECT_EQ(found.shape.num_attention_heads, 4);
        EXPECT_EQ(found.shape.num_query_groups, 4);
    }
}

TEST_F(WriteCheckpoint, OfTheModernBlockGivesTheSameWeightsBack) {
    const auto gpt = tiny_gpt(tiny_llama());
    for (const auto form : {CheckpointForm::core, CheckpointForm::transformer_engine, CheckpointForm::safetensors}) {
        SCOPED_TRACE(to_string(form));
        const auto found = again(gpt, {.place = at(std::string(to_string(form)) + ".safetensors"), .form = form});
        expect_same_weights(found, gpt);
        EXPECT_EQ(found.shape.num_query_groups, 2);
        EXPECT_TRUE(found.shape.untie_embeddings_and_output_weights);
    }
}

TEST_F(WriteCheckpoint, OverTwoAndFourRanksAndBackGivesTheSameFile) {
    const auto whole = again(tiny_gpt(), {.place = at("one")});
    const auto halves = again(whole, {.place = at("two"), .tensor_parallel = 2});
    const auto quarters = again(halves, {.place = at("four"), .tensor_parallel = 4});
    expect_same_weights(again(quarters, {.place = at("one again")}), whole);
    const fs::path file = "iter_0000010/mp_rank_00/model_optim_rng.pt";
    EXPECT_EQ(bytes_of(at("one") / file), bytes_of(at("one again") / file));
    EXPECT_EQ(find_checkpoint(at("four")).value().tensor_parallel, 4);
}

TEST_F(WriteCheckpoint, OfGatedLayersOverTwoRanksAndBackGivesTheSameFile) {
    const auto whole = again(tiny_gpt(tiny_llama()), {.place = at("one")});
    const auto halves = again(whole, {.place = at("two"), .tensor_parallel = 2});
    expect_same_weights(again(halves, {.place = at("one again")}), whole);
    const fs::path file = "iter_0000010/mp_rank_00/model_optim_rng.pt";
    EXPECT_EQ(bytes_of(at("one") / file), bytes_of(at("one again") / file));
}

TEST_F(WriteCheckpoint, HoldsTheIterationAndTheVersionOfToday) {
    ASSERT_TRUE(write_checkpoint(tiny_gpt(), {.place = at("core")}, progress_));
    const auto file = CheckpointFile::open(at("core") / "iter_0000010/mp_rank_00/model_optim_rng.pt").value();
    EXPECT_EQ(file.iteration(), 10);
    EXPECT_EQ(file.version(), 3.0);
    EXPECT_EQ(file.arguments().at("num_attention_heads"), "4");
    EXPECT_TRUE(file.verify());
    EXPECT_EQ(bytes_of(at("core") / "latest_checkpointed_iteration.txt"), "10");
}

TEST_F(WriteCheckpoint, TakesTheFormOfTheModelAlongAndNothingElse) {
    auto gpt = tiny_gpt();
    gpt.arguments = {{"norm_epsilon", "1e-06"}, {"bias_gelu_fusion", "False"}, {"data_path", "/somewhere"}};
    for (const auto form : {CheckpointForm::core, CheckpointForm::safetensors}) {
        const auto found = again(gpt, {.place = at(std::string(to_string(form)) + ".safetensors"), .form = form});
        EXPECT_EQ(found.arguments.at("norm_epsilon"), "1e-06");
        EXPECT_EQ(found.arguments.at("bias_gelu_fusion"), "False");
        EXPECT_EQ(found.arguments.at("kv_channels"), "8");
        EXPECT_FALSE(found.arguments.contains("data_path"));
    }
    const auto found = again(gpt, {.place = at("hf"), .form = CheckpointForm::hugging_face});
    EXPECT_EQ(found.arguments.at("layernorm_epsilon"), "1e-06");
    EXPECT_EQ(found.arguments.at("bias_gelu_fusion"), "False");
    EXPECT_THAT(bytes_of(at("hf") / "config.json"), HasSubstr("\"activation_function\": \"gelu\""));
}

TEST_F(WriteCheckpoint, WithoutIterationIsARelease) {
    auto gpt = tiny_gpt();
    gpt.iteration.reset();
    expect_same_weights(again(gpt, {.place = at("core")}), gpt);
    EXPECT_EQ(bytes_of(at("core") / "latest_checkpointed_iteration.txt"), "release");
    EXPECT_TRUE(fs::exists(at("core") / "release/mp_rank_00/model_optim_rng.pt"));
}

TEST_F(WriteCheckpoint, RefusesRanksThatDoNotDivideTheModelAndWritesNothing) {
    const auto refusal = [&](const test_support::TinyForm& form, int ranks) {
        const auto written =
            write_checkpoint(tiny_gpt(form), {.place = at("refused"), .tensor_parallel = ranks}, progress_);
        EXPECT_FALSE(written);
        EXPECT_EQ(written.error().code, ErrorCode::invalid_argument);
        EXPECT_FALSE(fs::exists(at("refused")));
        return written.error().message;
    };
    EXPECT_THAT(refusal({.heads = 4}, 3),
                HasSubstr("3 tensor-parallel ranks do not divide the attention heads of this model: 4"));
    EXPECT_THAT(refusal(tiny_llama(), 4), HasSubstr("the query groups of this model: 2"));
    EXPECT_THAT(refusal({.ffn = 45}, 2), HasSubstr("the ffn_hidden_size of this model: 45"));
    EXPECT_THAT(refusal({.vocabulary = 41}, 2), HasSubstr("the rows of the vocabulary of this model: 41"));
}

TEST_F(WriteCheckpoint, RefusesWhatTheFormCannotHold) {
    const auto llama =
        write_checkpoint(tiny_gpt(tiny_llama()), {.place = at("hf"), .form = CheckpointForm::hugging_face}, progress_);
    ASSERT_FALSE(llama);
    EXPECT_THAT(llama.error().message, HasSubstr("GPT-2 of Hugging Face has no SwiGLU"));
    EXPECT_TRUE(fs::is_empty(folder_.path()));
    const auto ranks = write_checkpoint(
        tiny_gpt(), {.place = at("f.safetensors"), .form = CheckpointForm::safetensors, .tensor_parallel = 2},
        progress_);
    ASSERT_FALSE(ranks);
    EXPECT_THAT(ranks.error().message, HasSubstr("expected one tensor-parallel rank for safetensors, found 2"));
}

TEST_F(WriteCheckpoint, NeverReplacesWhatIsThere) {
    for (const auto form : {CheckpointForm::core, CheckpointForm::hugging_face, CheckpointForm::safetensors}) {
        const CheckpointTarget target{.place = at(to_string(form)), .form = form};
        ASSERT_TRUE(write_checkpoint(tiny_gpt(), target, progress_));
        const auto again = write_checkpoint(tiny_gpt(), target, progress_);
        ASSERT_FALSE(again) << to_string(form);
        EXPECT_EQ(again.error().code, ErrorCode::already_exists);
    }
}

TEST_F(WriteCheckpoint, LeavesNothingBehindWhenStopped) {
    progress_.cancel();
    for (const auto form : {CheckpointForm::core, CheckpointForm::hugging_face, CheckpointForm::safetensors}) {
        const auto stopped = write_checkpoint(tiny_gpt(), {.place = at("stopped"), .form = form}, progress_);
        ASSERT_FALSE(stopped);
        EXPECT_EQ(stopped.error().code, ErrorCode::cancelled);
        EXPECT_TRUE(fs::is_empty(folder_.path()));
    }
}

}  // namespace
}  // namespace loadstar::megatron
