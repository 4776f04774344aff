// Checkpoints in every form that the real Megatron-LM (versions 2.6 and core 0.16) wrote of the same two models, read
// as Megatron core's weights. The files are not part of the project.
#include <cmath>

#include <gtest/gtest.h>

#include "megatron/checkpoint_writer.hpp"
#include "megatron/core_weights.hpp"
#include "megatron/safetensors.hpp"
#include "megatron/tensor_parallel.hpp"
#include "support/same_weights.hpp"
#include "support/shared.hpp"
#include "support/temporary_folder.hpp"

namespace loadstar::megatron {
namespace {

class ReferenceWeights : public testing::Test {
  protected:
    void SetUp() override {
        const auto shared = test_support::shared_folder();
        if (!shared) GTEST_SKIP() << "the folder of published data is not there";
        folder_ = *shared / "cases/megatron";
    }
    [[nodiscard]] CoreWeights read(const std::string& place, const CoreWeightsOptions& options = {}) const {
        return read_core_weights(find_checkpoint(folder_ / place).value(), options).value();
    }
    [[nodiscard]] SafetensorsFile known(const std::string& file) const {
        return SafetensorsFile::open(folder_ / file).value();
    }
    std::filesystem::path folder_;
};

/// Same names, types, shapes and bytes.
void expect_same(const CoreWeights& weights, const SafetensorsFile& expected) {
    EXPECT_EQ(weights.weights.size(), expected.tensors().size());
    for (const auto& [name, tensor, keeper] : weights.weights) {
        const auto* known = expected.find(name);
        ASSERT_NE(known, nullptr) << name;
        EXPECT_EQ(tensor.type, known->type) << name;
        EXPECT_EQ(tensor.shape, known->shape) << name;
        EXPECT_TRUE(std::ranges::equal(tensor.bytes, known->bytes)) << name;
    }
}

/// Same names, types, shapes and bytes of every tensor, whatever their order.
void expect_same_file(const CheckpointFile& ours, const CheckpointFile& real) {
    EXPECT_EQ(ours.tensors().size(), real.tensors().size());
    for (const auto& [name, tensor] : real.tensors()) {
        const auto* found = ours.find(name);
        ASSERT_NE(found, nullptr) << name;
        EXPECT_EQ(found->type, tensor.type) << name;
        EXPECT_EQ(found->shape, tensor.shape) << name;
        EXPECT_EQ(contiguous_bytes(*found), contiguous_bytes(tensor)) << name;
    }
}

constexpr CoreWeightsOptions four_heads{.num_attention_heads = 4};

TEST_F(ReferenceWeights, AreTheSameWhateverTheirForm) {
    const auto expected = known("mcore/tp1/gpt2_tanh.weights.safetensors");
    for (const std::string form : {"mcore/tp1/ckpt_torch_gpt2_tanh", "mcore/tp1/ckpt_torch_gpt2_tanh_TEnames",
                                   "mcore/tp2/ckpt_torch_gpt2_tanh", "legacy_v3", "hf_gpt2"}) {
        SCOPED_TRACE(form);
        const auto weights = read(form);
        expect_same(weights, expected);
        EXPECT_EQ(weights.shape.num_attention_heads, 4);
        EXPECT_EQ(weights.shape.num_query_groups, 4);
        EXPECT_EQ(weights.shape.qkv_rows, 192);
        EXPECT_EQ(weights.shape.padded_vocab_size, 256);
    }
    expect_same(read("legacy_v3_qkv_v0", four_heads), expected);
    expect_same(read("mcore/tp1/ckpt_torch_llama_silu"), known("mcore/tp1/llama_silu.weights.safetensors"));
}

TEST_F(ReferenceWeights, InHalfPrecisionAreTheSameToItsRounding) {
    const auto expected = known("mcore/tp1/gpt2_tanh.weights.safetensors");
    const auto weights = read("legacy_v3_345m_style_fp16", four_heads);
    ASSERT_EQ(weights.weights.size(), expected.tensors().size());
    for (const auto& [name, tensor, keeper] : weights.weights) {
        EXPECT_EQ(tensor.type, ScalarType::f16);
        const auto half = to_floats(tensor);
        const auto full = to_floats(*expected.find(name));
        ASSERT_EQ(half.size(), full.size());
        // Half of the last of 11 bits; 2^-25 below the normal numbers.
        for (std::size_t at = 0; at < half.size(); ++at)
            ASSERT_LE(std::abs(half[at] - full[at]), std::max(std::abs(full[at]) * 0x1p-11F, 0x1p-25F)) << name;
    }
}

TEST_F(ReferenceWeights, SplitOverTwoRanksAreTheShardsOfARealRun) {
    for (const std::string model : {"gpt2_tanh", "llama_silu"}) {
        const auto whole = read("mcore/tp1/ckpt_torch_" + model);
        for (const int rank : {0, 1}) {
            SCOPED_TRACE(model + std::to_string(rank));
            const auto shard = tensor_parallel_shard(whole, rank, 2).value();
            expect_same(shard, known("mcore/tp2/" + model + ".tp" + std::to_string(rank) + "of2.weights.safetensors"));
        }
    }
}

TEST_F(ReferenceWeights, WrittenHaveTheNamesShapesAndTypesOfTheRealCheckpoints) {
    const TemporaryFolder folder;
    NoProgress silent;
    const auto whole = read("mcore/tp1/ckpt_torch_gpt2_tanh");
    struct Known {
        const char* reference;
        CheckpointTarget target;
    };
    const std::vector<Known> all{
        {"mcore/tp1/ckpt_torch_gpt2_tanh", {.place = folder.path() / "core"}},
        {"mcore/tp1/ckpt_torch_gpt2_tanh_TEnames",
         {.place = folder.path() / "te", .form = CheckpointForm::transformer_engine}},
        {"mcore/tp2/ckpt_torch_gpt2_tanh", {.place = folder.path() / "tp2", .tensor_parallel = 2}},
        {"hf_gpt2", {.place = folder.path() / "hf", .form = CheckpointForm::hugging_face}},
    };
    for (const auto& [reference, target] : all) {
        SCOPED_TRACE(reference);
        ASSERT_TRUE(write_checkpoint(whole, target, silent));
        const auto ours = find_checkpoint(target.place).value();
        const auto real = find_checkpoint(folder_ / reference).value();
        ASSERT_EQ(ours.shards.size(), real.shards.size());
        for (std::size_t rank = 0; rank < ours.shards.size(); ++rank)
            expect_same_file(CheckpointFile::open(ours.shards[rank].file).value(),
                             CheckpointFile::open(real.shards[rank].file).value());
    }
}

TEST_F(ReferenceWeights, OverTwoAndFourRanksAndBackAreTheSameBytes) {
    const TemporaryFolder folder;
    NoProgress silent;
    const auto round = [&](const std::string& model, const std::vector<int>& sizes) {
        const auto first = read("mcore/tp1/ckpt_torch_" + model);
        auto weights = first;
        for (const auto size : sizes) {
            const auto place = folder.path() / (model + std::to_string(size));
            ASSERT_TRUE(write_checkpoint(weights, {.place = place, .tensor_parallel = size}, silent));
            weights = read_core_weights(find_checkpoint(place).value()).value();
        }
        test_support::expect_same_weights(weights, first);
    };
    round("gpt2_tanh", {2, 4, 1});
    round("llama_silu", {2, 1});
    const auto four = tensor_parallel_shard(read("mcore/tp1/ckpt_torch_llama_silu"), 0, 4);
    ASSERT_FALSE(four);
    EXPECT_NE(four.error().message.find("4 tensor-parallel ranks do not divide the query groups of this model: 2"),
              std::string::npos);
}

TEST_F(ReferenceWeights, OfAnOrderThatNeedsTheHeadsAskForThem) {
    const auto place = find_checkpoint(folder_ / "legacy_v3_qkv_v0").value();
    const auto unknown = read_core_weights(place);
    ASSERT_FALSE(unknown);
    EXPECT_EQ(unknown.error().code, ErrorCode::invalid_argument);
    EXPECT_NE(unknown.error().hint.find("--num-attention-heads"), std::string::npos);
    const auto wrong = read_core_weights(place, {.num_attention_heads = 5});
    ASSERT_FALSE(wrong);
    EXPECT_NE(wrong.error().message.find("5 heads, found 192"), std::string::npos) << wrong.error().message;
    const auto contradicting =
        read_core_weights(find_checkpoint(folder_ / "legacy_v3").value(), {.num_attention_heads = 8});
    ASSERT_FALSE(contradicting);
    EXPECT_NE(contradicting.error().message.find("expected 4 attention heads as the file says, found 8"),
              std::string::npos);
}

}  // namespace
}  // namespace loadstar::megatron
