// Distributed checkpoints (torch_dist) of our own, laid out as torch.distributed.checkpoint of PyTorch 2.2 does.
#include "megatron/distributed_checkpoint.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "megatron/checkpoint_file.hpp"
#include "support/distributed_specimen.hpp"
#include "support/same_weights.hpp"
#include "support/temporary_folder.hpp"
#include "support/tiny_gpt.hpp"

namespace loadstar::megatron {
namespace {

using namespace std::string_literals;
using test_support::DistributedWriter;
using test_support::Layers;
using testing::HasSubstr;

class DistributedCheckpoints : public testing::Test {
  protected:
    [[nodiscard]] std::filesystem::path folder() const { return folder_.path() / "iter_0000010"; }
    [[nodiscard]] Result<CoreWeights> read() const {
        auto found = find_checkpoint(folder());
        if (!found) return std::move(found).error();
        return read_core_weights(*found);
    }
    /// A tensor of 2 by 4 numbers in the chunks that `add` makes.
    template <class Add>
    Error refused(Add add) const {
        DistributedWriter writer(folder());
        const auto chunk = [&](std::vector<std::int64_t> offsets, std::vector<std::int64_t> shape) {
            const auto count = static_cast<std::size_t>(shape[0] * shape[1]);
            writer.add_chunk("w.weight", offsets,
                             contiguous_view(ScalarType::f32, shape, std::as_bytes(std::span(numbers_).first(count))));
        };
        add(chunk);
        writer.finish({{"w.weight", {2, 4}}});
        const auto opened = CheckpointFile::open(folder() / ".metadata");
        EXPECT_FALSE(opened);
        return opened ? Error{} : opened.error();
    }
    TemporaryFolder folder_;
    std::vector<float> numbers_ = std::vector<float>(8, 1.5F);
};

TEST_F(DistributedCheckpoints, BecomeWholeModels) {
    for (const auto& form : {test_support::TinyForm{}, test_support::tiny_llama()}) {
        for (const auto layers : {Layers::stacked, Layers::apart}) {
            std::filesystem::remove_all(folder());
            const auto gpt = test_support::tiny_gpt(form);
            test_support::write_distributed(folder(), gpt, layers);
            const auto found = read();
            ASSERT_TRUE(found) << to_string(found.error());
            test_support::expect_same_weights(*found, gpt);
            EXPECT_EQ(found->shape.num_attention_heads, form.heads);
            EXPECT_EQ(found->shape.num_query_groups, form.groups);
            EXPECT_EQ(found->iteration, 10);
        }
    }
}

TEST_F(DistributedCheckpoints, AreOneFileWithTheLayersApart) {
    test_support::write_distributed(folder(), test_support::tiny_gpt());
    folder_.write("latest_checkpointed_iteration.txt", "10\n");
    const auto found = find_checkpoint(folder_.path()).value();
    EXPECT_EQ(found.iteration, "10");
    ASSERT_EQ(found.shards.size(), 1U);
    const auto file = CheckpointFile::open(found.shards.front().file).value();
    EXPECT_STREQ(file.container(), "torch distributed");
    EXPECT_EQ(file.naming(), Naming::transformer_engine);
    EXPECT_EQ(file.qkv_order(), QkvOrder::by_head);
    EXPECT_THAT(file.other_states(), testing::Contains("optimizer"));
    EXPECT_TRUE(file.verify());
    EXPECT_THAT(file.tensors(),
                testing::Contains(testing::Field(&NamedTensor::name,
                                                 "decoder.layers.1.self_attention.linear_qkv.layer_norm_weight")));
    EXPECT_GT(file.size(), std::filesystem::file_size(folder() / "__0_0.distcp"));
}

// Since July 2026 Megatron-LM keeps them among the tensors, as a list of one object.
TEST_F(DistributedCheckpoints, ArgumentsMayLieAmongTheTensors) {
    DistributedWriter writer(folder());
    writer.add_chunk("w.weight", {0, 0}, contiguous_view(ScalarType::f32, {2, 4}, std::as_bytes(std::span(numbers_))));
    const auto key = [](const std::string& text) { return test_support::pickled::text(text); };
    const auto state =
        "\x80\x02]}(" + key("iteration") + "K\x07" + key("args") + "}" + key("num_layers") + "K\x02su" + "a.";
    writer.add_object("common_state/shard_0_1", test_support::torch_before_zip(state, "\x80\x02]."));
    writer.finish({{"w.weight", {2, 4}}});
    const auto file = CheckpointFile::open(folder() / ".metadata");
    ASSERT_TRUE(file) << to_string(file.error());
    EXPECT_EQ(file->iteration(), 7);
    EXPECT_EQ(file->arguments().at("num_layers"), "2");
}

TEST_F(DistributedCheckpoints, ChunksMustMakeTheWholeTensor) {
    const auto short_of = refused([](const auto& chunk) { chunk({0, 0}, {2, 2}); });
    EXPECT_EQ(short_of.code, ErrorCode::invalid_input);
    EXPECT_EQ(short_of.message, "w.weight: expected chunks of 8 elements together, found 4");
    EXPECT_THAT(short_of.where, HasSubstr(".metadata @ byte"));
    EXPECT_EQ(refused([](const auto& chunk) {
                  chunk({0, 0}, {2, 3}), chunk({0, 2}, {1, 2});
              }).message,
              "w.weight: two chunks overlap");
    EXPECT_EQ(refused([](const auto& chunk) {
                  chunk({1, 0}, {2, 4});
              }).message,
              "w.weight: a chunk lies outside the tensor");
}

TEST_F(DistributedCheckpoints, AMissingOrShortFileIsTold) {
    test_support::write_distributed(folder(), test_support::tiny_gpt());
    const auto stored = folder() / "__0_0.distcp";
    std::filesystem::resize_file(stored, 1000);
    const auto cut = read();
    ASSERT_FALSE(cut);
    EXPECT_THAT(cut.error().message, testing::MatchesRegex("expected [0-9]+ bytes of a chunk here, found [0-9]+"));
    EXPECT_THAT(cut.error().where, HasSubstr("__0_0.distcp @ byte"));
    std::filesystem::remove(stored);
    const auto missing = read();
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().code, ErrorCode::not_found);
    EXPECT_THAT(missing.error().where, HasSubstr("__0_0.distcp"));
}

TEST_F(DistributedCheckpoints, AFileOutsideTheFolderIsNotOpened) {
    test_support::write_distributed(folder(), test_support::tiny_gpt());
    auto metadata = test_support::bytes_of(folder() / ".metadata");
    const auto at = metadata.find("__0_0.distcp");
    metadata.replace(at, 12, "../../passwd");
    folder_.write("iter_0000010/.metadata", metadata);
    const auto refused = read();
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().message, "expected the name of a file in the folder, found \"../../passwd\"");
}

TEST_F(DistributedCheckpoints, AChunkThatIsNotWhatTheMetadataSayIsTold) {
    test_support::write_distributed(folder(), test_support::tiny_gpt());
    auto metadata = test_support::bytes_of(folder() / ".metadata");
    for (auto at = metadata.find("float32"); at != std::string::npos; at = metadata.find("float32"))
        metadata.replace(at - 4, 11, "\x05\x00\x00\x00int32"s);
    folder_.write("iter_0000010/.metadata", metadata);
    const auto refused = read();
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().message, HasSubstr("int32, found"));
    EXPECT_THAT(refused.error().where, HasSubstr("__0_0.distcp"));
}

}  // namespace
}  // namespace loadstar::megatron
