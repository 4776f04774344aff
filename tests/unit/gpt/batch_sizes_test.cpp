#include "gpt/batch_sizes.hpp"

#include <gtest/gtest.h>

namespace loadstar::gpt {
namespace {

TEST(BatchSizes, SplitsTheGlobalBatchOverProcessesAndMicroBatches) {
    const auto sizes =
        BatchSizes::create({.micro_batch_size = 2, .global_batch_size = 16, .data_parallel_size = 4}).value();
    EXPECT_EQ(sizes.global_batch(0), 16);
    EXPECT_EQ(sizes.micro_batches(0), 2);
    EXPECT_EQ(sizes.samples_of(5), 80);
}

// As Megatron-LM documents it: start 32, increment 32, over 128 samples, up to 128: three increments of 42.67 samples.
TEST(BatchSizes, GrowsInEqualPartsOfTheRampUp) {
    const auto sizes =
        BatchSizes::create({.micro_batch_size = 8,
                            .global_batch_size = 128,
                            .data_parallel_size = 1,
                            .rampup_batch_size = BatchRampUp{.start = 32, .increment = 32, .samples = 128}})
            .value();
    EXPECT_EQ(sizes.global_batch(0), 32);
    EXPECT_EQ(sizes.global_batch(42), 32);
    EXPECT_EQ(sizes.global_batch(43), 64);
    EXPECT_EQ(sizes.global_batch(127), 96);
    EXPECT_EQ(sizes.global_batch(128), 128);
    EXPECT_EQ(sizes.global_batch(1000), 128);
    EXPECT_EQ(sizes.samples_of(4), 32 + 32 + 64 + 128);
    EXPECT_EQ(sizes.samples_of(6), 32 + 32 + 64 + 128 + 2 * 128);
}

TEST(BatchSizes, RefusesWhatDoesNotDivide) {
    EXPECT_EQ(BatchSizes::create({.micro_batch_size = 3, .global_batch_size = 8}).error().message,
              "global batch size 8 is no multiple of micro batch size 3 times 1 processes");
    EXPECT_EQ(BatchSizes::create({.micro_batch_size = 0}).error().code, ErrorCode::invalid_argument);
    EXPECT_EQ(BatchSizes::create({.micro_batch_size = 2,
                                  .global_batch_size = 16,
                                  .rampup_batch_size = BatchRampUp{.start = 4, .increment = 8, .samples = 10}})
                  .error()
                  .message,
              "a batch of 4 does not grow to 16 by steps of 8");
}

}  // namespace
}  // namespace loadstar::gpt
