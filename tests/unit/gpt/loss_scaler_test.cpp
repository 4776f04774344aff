#include "gpt/loss_scaler.hpp"

#include <gtest/gtest.h>

namespace loadstar::gpt {
namespace {

TEST(LossScaler, DoublesAfterARunOfCleanSteps) {
    LossScaler scaler;
    EXPECT_EQ(scaler.scale(), 4294967296.0);
    for (int step = 0; step < 999; ++step) scaler.step_was_clean();
    EXPECT_EQ(scaler.scale(), 4294967296.0);
    scaler.step_was_clean();
    EXPECT_EQ(scaler.scale(), 2 * 4294967296.0);
}

TEST(LossScaler, ForgivesOneOverflowAndHalvesAtEachAfterIt) {
    LossScaler scaler({.initial_loss_scale = 8, .loss_scale_window = 2});
    scaler.step_overflowed();
    EXPECT_EQ(scaler.scale(), 8);
    scaler.step_overflowed();
    EXPECT_EQ(scaler.scale(), 4);
    scaler.step_overflowed();
    EXPECT_EQ(scaler.scale(), 2);
    scaler.step_overflowed();
    scaler.step_overflowed();
    EXPECT_EQ(scaler.scale(), 1) << "never below the least";
    scaler.step_was_clean();
    scaler.step_was_clean();
    EXPECT_EQ(scaler.scale(), 2);
    scaler.step_overflowed();
    EXPECT_EQ(scaler.scale(), 2) << "after growing an overflow is forgiven again";
}

TEST(LossScaler, GoesOnWhereItWas) {
    LossScaler one({.initial_loss_scale = 8, .loss_scale_window = 3});
    one.step_was_clean();
    one.step_was_clean();
    LossScaler other({.initial_loss_scale = 8, .loss_scale_window = 3});
    other.restore(one.state());
    other.step_was_clean();
    EXPECT_EQ(other.scale(), 16);
}

}  // namespace
}  // namespace loadstar::gpt
