#include "gpt/process_group.hpp"

#include <ATen/ATen.h>

#include <gtest/gtest.h>

#include "support/ranks.hpp"
#include "support/temporary_folder.hpp"

namespace loadstar::gpt {
namespace {

at::Tensor numbers(int rank, at::ScalarType type) { return at::arange(4, at::kFloat).add(rank * 10).to(type); }

bool every_call_agrees(ProcessGroup& group) {
    for (const auto type : {at::kFloat, at::kBFloat16, at::kHalf, at::kLong}) {
        auto sum = numbers(group.rank(), type);
        group.all_reduce_sum(sum);
        auto largest = numbers(group.rank(), type);
        group.all_reduce_max(largest);
        auto sent = numbers(group.rank(), type);
        group.broadcast(sent, 1);
        const auto expected_sum = (numbers(0, at::kFloat) + numbers(1, at::kFloat)).to(type);
        if (!sum.equal(expected_sum) || !largest.equal(numbers(1, type)) || !sent.equal(numbers(1, type))) return false;
    }
    group.barrier();
    return true;
}

TEST(ProcessGroup, TwoProcessesSeeTheSameSumsOnGloo) {
    const TemporaryFolder folder;
    EXPECT_TRUE(test_support::in_processes(2, [&](int rank) {
        const auto group = join_gloo({.meeting_file = folder.path() / "meeting", .rank = rank, .size = 2});
        return group && (*group)->size() == 2 && (*group)->rank() == rank && every_call_agrees(**group);
    }));
}

TEST(ProcessGroup, OneProcessKeepsItsValues) {
    const auto group = single_process();
    auto values = numbers(0, at::kFloat);
    group->all_reduce_sum(values);
    EXPECT_TRUE(values.equal(numbers(0, at::kFloat)));
    EXPECT_EQ(group->size(), 1);
}

TEST(ProcessGroup, AFileThatCannotBeMadeIsAnError) {
    const auto group = join_gloo({.meeting_file = "/proc/none/meeting", .rank = 0, .size = 2});
    ASSERT_FALSE(group);
    EXPECT_EQ(group.error().code, ErrorCode::io_error);
}

}  // namespace
}  // namespace loadstar::gpt
