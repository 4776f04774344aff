#include "gpt/step_guard.hpp"

#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace loadstar::gpt {
namespace {

using Verdict = StepGuard::Verdict;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

TEST(StepGuard, SkipsWhatIsNotFiniteAndCountsIt) {
    StepGuard guard({});
    EXPECT_EQ(guard.judge(1, 5, 1).value(), Verdict::take);
    EXPECT_EQ(guard.judge(2, nan, 1).value(), Verdict::skip);
    EXPECT_EQ(guard.judge(3, 5, std::numeric_limits<double>::infinity()).value(), Verdict::skip);
    EXPECT_EQ(guard.judge(4, 5, 1).value(), Verdict::take);
    EXPECT_EQ(guard.state().skipped, 2);
    EXPECT_EQ(guard.state().skipped_in_a_row, 0);
}

TEST(StepGuard, EndsTheRunAfterTooManyInARow) {
    StepGuard guard({.most_in_a_row = 2});
    EXPECT_TRUE(guard.judge(1, nan, 1));
    const auto second = guard.judge(2, nan, 1);
    ASSERT_FALSE(second);
    EXPECT_THAT(second.error().message, testing::HasSubstr("2 steps in a row were skipped, the last at iteration 2"));
}

TEST(StepGuard, ASpikeIsALossFarAboveTheUsualOne) {
    StepGuard guard({.spike_factor = 2});
    EXPECT_EQ(guard.judge(1, 50, 1).value(), Verdict::take) << "nothing is usual yet";
    for (int step = 2; step <= 200; ++step) ASSERT_EQ(guard.judge(step, 3, 1).value(), Verdict::take);
    EXPECT_EQ(guard.judge(201, 5.5, 1).value(), Verdict::take);
    EXPECT_EQ(guard.judge(202, 9, 1).value(), Verdict::skip);
    StepGuard without({});
    for (int step = 1; step <= 20; ++step) ASSERT_TRUE(without.judge(step, 3, 1));
    EXPECT_EQ(without.judge(21, 300, 1).value(), Verdict::take) << "none is too high unless it was asked for";
}

}  // namespace
}  // namespace loadstar::gpt
