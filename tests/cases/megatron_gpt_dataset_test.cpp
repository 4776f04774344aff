// The order of samples that Megatron-LM's own GPTDataset built (cases/megatron/data of the shared folder): indices,
// tokens, labels, loss masks and positions are identical.
#include <fstream>
#include <numeric>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "megatron/blended_dataset.hpp"
#include "megatron/numpy_random.hpp"
#include "support/npy.hpp"
#include "support/shared.hpp"

namespace loadstar::megatron {
namespace {

using test_support::read_npy;

struct ReferenceCase {
    const char* name;
    std::uint32_t seed;
    std::int64_t sequence_length;
    SequenceRange sequences;
};

template <class Items>
void append(std::vector<double>& to, const Items& items) {
    for (const auto item : items) to.push_back(static_cast<double>(item));
}

class ReferenceOrder : public testing::Test {
  protected:
    void SetUp() override {
        const auto shared = test_support::shared_folder();
        if (!shared || !std::filesystem::exists(*shared / "cases/megatron/data/meta.json"))
            GTEST_SKIP() << "the reference set of Megatron-LM is not here";
        reference_ = *shared / "cases/megatron/data";
        std::ifstream stream(reference_ / "meta.json");
        meta_ = nlohmann::json::parse(stream);
    }

    GptDataset build(const ReferenceCase& expected) const {
        const auto& meta = meta_.at(expected.name);
        auto data = std::make_shared<const IndexedDataset>(IndexedDataset::open(reference_ / "a_u16").value());
        auto dataset =
            GptDataset::build(std::move(data), {.sequences = expected.sequences,
                                                .sequence_length = expected.sequence_length,
                                                .samples = meta.at("num_samples_requested").get<std::int64_t>(),
                                                .seed = expected.seed})
                .value();
        EXPECT_EQ(dataset.size(), meta.at("len").get<std::int64_t>());
        EXPECT_EQ(dataset.order().tokens_per_epoch, meta.at("tokens_per_epoch").get<std::int64_t>());
        EXPECT_EQ(dataset.order().epochs, meta.at("num_epochs").get<std::int64_t>());
        return dataset;
    }

    std::filesystem::path reference_;
    nlohmann::json meta_;
};

TEST_F(ReferenceOrder, IndicesAndSamplesAreIdentical) {
    for (const ReferenceCase& expected : {ReferenceCase{"gpt_seed1234_s16_train", 1234, 16, {0, 32}},
                                          ReferenceCase{"gpt_seed1234_s16_valid", 1234, 16, {32, 36}},
                                          ReferenceCase{"gpt_seed1234_s16_test", 1234, 16, {36, 40}},
                                          ReferenceCase{"gpt_seed42_s32_train20", 42, 32, {0, 40}}}) {
        SCOPED_TRACE(expected.name);
        const auto dataset = build(expected);
        const auto folder = reference_ / expected.name;
        std::vector<double> documents, starts, shuffle, tokens, labels, mask, positions;
        append(documents, dataset.order().documents);
        append(shuffle, dataset.order().shuffle);
        for (const auto& start : dataset.order().samples) append(starts, std::vector{start.document, start.offset});
        EXPECT_EQ(documents, read_npy(folder / "document_index.npy"));
        EXPECT_EQ(starts, read_npy(folder / "sample_index.npy"));
        EXPECT_EQ(shuffle, read_npy(folder / "shuffle_index.npy"));
        const auto expected_tokens = read_npy(folder / "tokens.npy");
        const auto kept = static_cast<std::int64_t>(expected_tokens.size()) / expected.sequence_length;
        ASSERT_GT(kept, 0);
        for (std::int64_t k = 0; k < kept; ++k) {
            const auto sample = dataset.sample(k, {.eod = 255});
            append(tokens, sample.tokens);
            append(labels, sample.labels);
            append(mask, sample.loss_mask);
            append(positions, sample.position_ids);
        }
        EXPECT_EQ(tokens, expected_tokens);
        EXPECT_EQ(labels, read_npy(folder / "labels.npy"));
        EXPECT_EQ(mask, read_npy(folder / "loss_mask.npy"));
        EXPECT_EQ(positions, read_npy(folder / "position_ids.npy"));
    }
}

TEST_F(ReferenceOrder, TheSplitIsThatOfTheReference) {
    const auto splits = split_sequences("80,10,10", 40).value();
    const std::array<const char*, 3> names{"gpt_seed1234_s16_train", "gpt_seed1234_s16_valid", "gpt_seed1234_s16_test"};
    for (std::size_t i = 0; i < splits.size(); ++i) {
        const auto indices = meta_.at(names[i]).at("indices").get<std::vector<std::int64_t>>();
        EXPECT_EQ(splits[i].begin, indices.front());
        // The reference lists at most 32 of them.
        EXPECT_EQ(splits[i].size(), std::ssize(indices));
    }
}

// Of this run only the counts were kept.
TEST_F(ReferenceOrder, CountsOfTwoMoreRuns) {
    build({"gpt_seed7_s32_reset_eodmask", 7, 32, {0, 40}});
    const auto& blend = meta_.at("blend");
    const auto weights = blend.at("weights").get<std::vector<double>>();
    EXPECT_EQ(blend_sizes(weights, blend.at("size").get<std::int64_t>()).value().requested,
              blend.at("num_samples").get<std::vector<std::int64_t>>());
    const std::vector<BlendPart> parts{{.prefix = reference_ / "a_u16", .weight = weights.at(0)},
                                       {.prefix = reference_ / "b_u16", .weight = weights.at(1)}};
    const auto blended = BlendedDataset::build(parts, {.sequence_length = 16, .samples = 60}).value();
    EXPECT_EQ(blended.size(), 60);
    EXPECT_EQ(blended.parts().at(0).size(), blend.at("sizes").at(0).get<std::int64_t>());
    EXPECT_EQ(blended.parts().at(1).size(), blend.at("sizes").at(1).get<std::int64_t>());
}

TEST_F(ReferenceOrder, RandomNumbersAndShufflesAreNumpys) {
    for (const auto& [seed, expected] : meta_.at("randomstate").items()) {
        NumpyRandom numbers(static_cast<std::uint32_t>(std::stoul(seed)));
        for (const auto& number : expected.at("first_uint32"))
            EXPECT_EQ(numbers.up_to(0xffffffffU), number.get<std::uint64_t>());
        std::vector<int> items(20);
        std::iota(items.begin(), items.end(), 0);
        NumpyRandom(static_cast<std::uint32_t>(std::stoul(seed))).shuffle(std::span(items));
        EXPECT_EQ(items, expected.at("shuffle20").get<std::vector<int>>());
    }
}

}  // namespace
}  // namespace loadstar::megatron
