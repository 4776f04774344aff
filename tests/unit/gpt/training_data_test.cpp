#include "gpt/training_data.hpp"

#include <gtest/gtest.h>

#include "support/small_gpt.hpp"
#include "support/temporary_folder.hpp"
#include "support/token_documents.hpp"

namespace loadstar::gpt {
namespace {

// Every tensor against the sample that it is made of, and the blocks against their meaning: a position sees from behind
// the last end of a document before it.
TEST(TrainingData, TensorsAreTheSamplesOfTheDataset) {
    const TemporaryFolder folder;
    test_support::write_documents(folder.path() / "text", megatron::TokenType::uint16, 0, 40);
    TrainingOptions training{
        .model = test_support::small_gpt(),
        .text = {
            .data_path = {{.prefix = folder.path() / "text"}},
            .split = "1",
            .seq_length = 32,
            .rules = {.eod = 255, .eod_mask_loss = true, .reset_position_ids = true, .reset_attention_mask = true}}};
    const auto data = TrainingData::open(training, {.samples = 8, .vocabulary = 256}).value();
    const auto batch = data.batch({.begin = 2, .end = 5}).value();
    ASSERT_EQ(batch.input.tokens.sizes().vec(), (std::vector<std::int64_t>{3, 32}));
    const auto tokens = batch.input.tokens;
    EXPECT_TRUE(tokens.narrow(1, 1, 31).equal(batch.labels.narrow(1, 0, 31)));
    EXPECT_TRUE(batch.loss_mask.equal(tokens.ne(255).to(at::kFloat)));
    ASSERT_TRUE(tokens.eq(255).any().item<bool>()) << "the samples hold ends of documents";
    for (std::int64_t row = 0; row < 3; ++row) {
        std::int64_t start = 0;
        for (std::int64_t position = 0; position < 32; ++position) {
            EXPECT_EQ(batch.input.block_starts[row][position].item<std::int64_t>(), start) << row << ' ' << position;
            EXPECT_EQ(batch.input.position_ids[row][position].item<std::int64_t>(), position - start);
            if (tokens[row][position].item<std::int64_t>() == 255) start = position + 1;
        }
    }
    EXPECT_TRUE(batch.input.dropout.has_value());
    EXPECT_NE(batch.input.dropout, data.batch({.begin = 5, .end = 8}).value().input.dropout);
}

}  // namespace
}  // namespace loadstar::gpt
