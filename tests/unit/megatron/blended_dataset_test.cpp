#include "megatron/blended_dataset.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/temporary_folder.hpp"
#include "support/token_documents.hpp"

namespace loadstar::megatron {
namespace {

using testing::ElementsAre;

// Derived by hand: the lag is weight * max(k, 1) - taken.
TEST(Blend, TakesFromTheDatasetThatLagsMost) {
    const auto halves = blend_by_weights(std::vector<double>{1, 1}, 5).value();
    EXPECT_THAT(halves.dataset, ElementsAre(0, 1, 0, 1, 0));
    EXPECT_THAT(halves.sample, ElementsAre(0, 0, 1, 1, 2));
    // k=0: .75 .25 -> 0; k=1: -.25 .25 -> 1; k=2: .5 -.5 -> 0; k=3: .25 -.25 -> 0; k=4: 0 0 -> 0
    EXPECT_THAT(blend_by_weights(std::vector<double>{3, 1}, 5).value().dataset, ElementsAre(0, 1, 0, 0, 0));
}

TEST(Blend, BySizesTakesEverySampleOnce) {
    const auto order = blend_by_sizes(std::vector<std::int64_t>{3, 0, 1});
    EXPECT_THAT(order.dataset, ElementsAre(0, 2, 0, 0));
    EXPECT_THAT(order.sample, ElementsAre(0, 0, 1, 2));
    EXPECT_TRUE(blend_by_sizes({}).dataset.empty());
}

// After k samples no dataset is further from its share than one sample per dataset.
TEST(Blend, StaysNearTheWeights) {
    const std::vector<double> weights{0.1, 0.25, 0.05, 0.6};
    const auto order = blend_by_weights(weights, 2000).value();
    std::vector<double> taken(weights.size());
    for (std::size_t k = 0; k < order.dataset.size(); ++k) {
        taken[static_cast<std::size_t>(order.dataset[k])] += 1;
        for (std::size_t i = 0; i < weights.size(); ++i)
            ASSERT_NEAR(taken[i], weights[i] * static_cast<double>(k + 1), 2.0);
    }
}

TEST(Blend, AsksForALittleMoreThanItTakes) {
    const auto sizes = blend_sizes(std::vector<double>{0.7, 0.3}, 60).value();
    EXPECT_THAT(sizes.taken, ElementsAre(42, 18));
    EXPECT_THAT(sizes.requested, ElementsAre(43, 19));
}

TEST(Blend, RefusesWeightsWithoutMeaning) {
    EXPECT_FALSE(blend_by_weights(std::vector<double>{1, -1}, 5));
    EXPECT_FALSE(blend_by_weights(std::vector<double>{0, 0}, 5));
    EXPECT_FALSE(blend_by_weights({}, 5));
}

TEST(BlendedDataset, GivesTheSamplesOfItsParts) {
    const TemporaryFolder folder;
    const auto a = test_support::write_documents(folder.path() / "a", TokenType::uint16, 0, 10);
    const auto b = test_support::write_documents(folder.path() / "b", TokenType::uint16, 100, 10);
    const std::vector<BlendPart> parts{{.prefix = a, .weight = 2}, {.prefix = b, .weight = 1}};
    const auto blend = BlendedDataset::build(parts, {.sequence_length = 8, .samples = 30}).value();
    ASSERT_EQ(blend.size(), 30);
    for (std::int64_t k = 0; k < blend.size(); ++k) {
        const auto part = static_cast<std::size_t>(blend.order().dataset[static_cast<std::size_t>(k)]);
        const auto expected =
            blend.parts()[part].sample(blend.order().sample[static_cast<std::size_t>(k)], {.eod = 255});
        ASSERT_EQ(blend.sample(k, {.eod = 255}).tokens, expected.tokens);
    }
    EXPECT_EQ(BlendedDataset::build(std::vector<BlendPart>{{.prefix = folder.path() / "none"}},
                                    {.sequence_length = 8, .samples = 3})
                  .error()
                  .code,
              ErrorCode::not_found);
}

// Two processes, micro-batches of two: together they see each sample once, and the rest of three is dropped.
TEST(SequentialSampler, SharesEachBatchAmongTheProcesses) {
    SequentialSampler first{.samples = 11, .micro_batch_size = 2, .data_parallel_rank = 0, .data_parallel_size = 2};
    SequentialSampler second{.samples = 11, .micro_batch_size = 2, .data_parallel_rank = 1, .data_parallel_size = 2};
    EXPECT_EQ(first.next(), (SequenceRange{0, 2}));
    EXPECT_EQ(second.next(), (SequenceRange{2, 4}));
    EXPECT_EQ(first.next(), (SequenceRange{4, 6}));
    EXPECT_EQ(first.next().size(), 0);
    SequentialSampler resumed{
        .samples = 11, .consumed_samples = 4, .micro_batch_size = 2, .data_parallel_rank = 1, .data_parallel_size = 2};
    EXPECT_EQ(resumed.next(), (SequenceRange{6, 8}));
}

}  // namespace
}  // namespace loadstar::megatron
