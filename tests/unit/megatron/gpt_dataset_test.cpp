#include "megatron/gpt_dataset.hpp"

#include <algorithm>
#include <numeric>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "megatron/data_split.hpp"
#include "megatron/numpy_random.hpp"
#include "support/temporary_folder.hpp"
#include "support/token_documents.hpp"

namespace loadstar::megatron {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using Tokens = std::vector<std::int64_t>;

std::shared_ptr<const IndexedDataset> documents(const TemporaryFolder& folder, std::int64_t count) {
    const auto prefix = test_support::write_documents(folder.path() / "documents", TokenType::uint16, 0, count);
    return std::make_shared<const IndexedDataset>(IndexedDataset::open(prefix).value());
}

// numpy.random.RandomState(seed).permutation(10), as numpy's users know it.
TEST(NumpyRandom, ShufflesAsNumpyDoes) {
    std::vector<int> items(10);
    std::iota(items.begin(), items.end(), 0);
    NumpyRandom(0).shuffle(std::span(items));
    EXPECT_THAT(items, ElementsAre(2, 8, 4, 9, 1, 6, 7, 3, 0, 5));
    std::iota(items.begin(), items.end(), 0);
    NumpyRandom(42).shuffle(std::span(items));
    EXPECT_THAT(items, ElementsAre(8, 1, 5, 0, 7, 2, 9, 4, 3, 6));
}

TEST(SplitSequences, RoundsHalvesToEvenAndCoversEverything) {
    EXPECT_THAT(split_sequences("1,1", 5).value(),
                ElementsAre(SequenceRange{0, 2}, SequenceRange{2, 5}, SequenceRange{5, 5}));
    EXPECT_THAT(split_sequences("1,1", 7).value()[0], (SequenceRange{0, 4}));
    EXPECT_THAT(split_sequences("80,10,10", 40).value(),
                ElementsAre(SequenceRange{0, 32}, SequenceRange{32, 36}, SequenceRange{36, 40}));
    EXPECT_THAT(split_sequences("100", 3).value()[0], (SequenceRange{0, 3}));
}

TEST(SplitSequences, RefusesWhatIsNoSplit) {
    for (const auto* text : {"", "1,,2", "1,2,3,4", "a", "1,-1", "0,0", "inf,1", "1 2", "1,"}) {
        const auto split = split_sequences(text, 10);
        ASSERT_FALSE(split) << text;
        EXPECT_EQ(split.error().code, ErrorCode::invalid_argument);
    }
}

// tokens 1 E 2 3 E 4, E = 9, derived by hand.
TEST(GptSample, MasksAndPositionsFollowTheRules) {
    const Tokens text{1, 9, 2, 3, 9, 4};
    const auto plain = make_gpt_sample(text, {.eod = 9});
    EXPECT_THAT(plain.tokens, ElementsAre(1, 9, 2, 3, 9));
    EXPECT_THAT(plain.labels, ElementsAre(9, 2, 3, 9, 4));
    EXPECT_THAT(plain.loss_mask, ElementsAre(1, 1, 1, 1, 1));
    EXPECT_THAT(plain.position_ids, ElementsAre(0, 1, 2, 3, 4));
    EXPECT_THAT(plain.block_starts, ElementsAre(0));

    const auto apart = make_gpt_sample(
        text, {.eod = 9, .eod_mask_loss = true, .reset_position_ids = true, .reset_attention_mask = true});
    EXPECT_THAT(apart.loss_mask, ElementsAre(1, 0, 1, 1, 0));
    EXPECT_THAT(apart.position_ids, ElementsAre(0, 1, 0, 1, 2));
    EXPECT_THAT(apart.block_starts, ElementsAre(0, 2));

    const auto padded = make_gpt_sample(text, {.eod = 9, .pad = 3});
    EXPECT_THAT(padded.tokens, ElementsAre(1, 9, 2, 0, 9));
    EXPECT_THAT(padded.labels, ElementsAre(9, 2, 0, 9, 4));
    EXPECT_THAT(padded.loss_mask, ElementsAre(1, 1, 0, 1, 1));
}

// Unshuffled, the samples are the row of documents cut into pieces that share one token, for every length and count.
TEST(GptDataset, SamplesCutTheRowOfDocuments) {
    const TemporaryFolder folder;
    const auto data = documents(folder, 9);
    for (const std::int64_t length : {1, 2, 7, 16, 33}) {
        for (const std::int64_t samples : {1, 20, 60}) {
            const auto dataset =
                GptDataset::build(data, {.sequences = {0, 9}, .sequence_length = length, .samples = samples}).value();
            const auto& order = dataset.order();
            ASSERT_GE(dataset.size(), samples);
            Tokens row;
            for (const auto document : order.documents)
                for (const auto token : test_support::token_document(document)) row.push_back(token);
            ASSERT_EQ(row.size(), static_cast<std::size_t>(order.epochs * order.tokens_per_epoch));
            for (std::int64_t k = 0; k < dataset.size(); ++k) {
                const auto at = row.begin() + order.shuffle[static_cast<std::size_t>(k)] * length;
                const auto sample = dataset.sample(k, {.eod = 255});
                ASSERT_EQ(sample.tokens, Tokens(at, at + length));
                ASSERT_EQ(sample.labels, Tokens(at + 1, at + length + 1));
            }
        }
    }
}

// A last epoch of which little is needed comes last; one that is needed nearly whole is mixed with the others.
TEST(GptDataset, ShufflesAShortLastEpochApart) {
    const TemporaryFolder folder;
    const auto data = documents(folder, 20);
    const auto per_epoch = (data->tokens() - 1) / 8;
    const auto few = gpt_order(*data, {.sequences = {0, 20}, .sequence_length = 8, .samples = per_epoch + 3}).value();
    ASSERT_EQ(few.epochs, 2);
    const std::set<std::int32_t> first(few.documents.begin(), few.documents.begin() + 20);
    EXPECT_EQ(first.size(), 20U);
    const std::vector<std::int64_t> head(few.shuffle.begin(), few.shuffle.begin() + per_epoch);
    EXPECT_EQ(*std::ranges::max_element(head), per_epoch - 1);

    const auto most = gpt_order(*data, {.sequences = {0, 20}, .sequence_length = 8, .samples = 2 * per_epoch}).value();
    const std::set<std::int32_t> mixed(most.documents.begin(), most.documents.begin() + 20);
    EXPECT_LT(mixed.size(), 20U);
}

TEST(GptDataset, EverySampleOfAnEpochIsSeenOnce) {
    const TemporaryFolder folder;
    for (std::uint32_t seed = 0; seed < 20; ++seed) {
        const auto order =
            gpt_order(*documents(folder, 12), {.sequences = {2, 11}, .sequence_length = 5, .seed = seed}).value();
        EXPECT_EQ(order.epochs, 1);
        const std::set<std::int64_t> seen(order.shuffle.begin(), order.shuffle.end());
        EXPECT_EQ(seen.size(), order.shuffle.size());
        EXPECT_EQ(*seen.rbegin() + 1, std::ssize(order.shuffle));
        EXPECT_THAT(order.documents, testing::UnorderedElementsAre(2, 3, 4, 5, 6, 7, 8, 9, 10));
    }
}

TEST(GptDataset, TellsThatADatasetIsShorterThanOneSample) {
    const TemporaryFolder folder;
    const auto data = documents(folder, 1);  // 6 tokens
    EXPECT_TRUE(gpt_order(*data, {.sequences = {0, 1}, .sequence_length = 5}));
    const auto refused = gpt_order(*data, {.sequences = {0, 1}, .sequence_length = 6, .samples = 4});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::invalid_input);
    EXPECT_EQ(refused.error().message, "a sample of 6 tokens needs 7 with its last label, and sequences 0 to 1 have 6");
    EXPECT_THAT(refused.error().where, HasSubstr("documents.idx"));
    EXPECT_FALSE(gpt_order(*data, {.sequences = {1, 1}, .sequence_length = 2}));
    EXPECT_EQ(gpt_order(*data, {.sequences = {0, 1}, .sequence_length = 0}).error().code, ErrorCode::invalid_argument);
}

}  // namespace
}  // namespace loadstar::megatron
