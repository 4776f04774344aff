#include "service/side_by_side.hpp"

#include <algorithm>
#include <atomic>
#include <vector>

#include <gtest/gtest.h>

namespace loadstar::service {
namespace {

TEST(SideBySide, DoesEveryJobOnce) {
    std::vector<std::atomic<int>> done(50);
    NoProgress progress;
    const auto job = [&](std::size_t at, Progress&) -> Result<void> {
        ++done[at];
        return {};
    };
    EXPECT_TRUE(side_by_side(done.size(), job, progress));
    EXPECT_TRUE(std::ranges::all_of(done, [](const auto& times) { return times == 1; }));
    EXPECT_TRUE(side_by_side(0, job, progress));
}

TEST(SideBySide, TellsTheFirstErrorInTheOrderOfTheJobs) {
    NoProgress progress;
    const auto job = [](std::size_t at, Progress&) -> Result<void> {
        if (at % 3 != 2) return {};
        return Error{.code = ErrorCode::not_found, .message = std::to_string(at)};
    };
    EXPECT_EQ(side_by_side(20, job, progress).error().message, "2");
}

TEST(SideBySide, PassesACancellationOnToEveryJob) {
    NoProgress progress;
    progress.cancel();
    std::atomic<int> cancelled = 0;
    const auto job = [&](std::size_t, Progress& shared) -> Result<void> {
        cancelled += shared.cancelled() ? 1 : 0;
        return {};
    };
    EXPECT_TRUE(side_by_side(4, job, progress));
    EXPECT_EQ(cancelled, 4);
}

}  // namespace
}  // namespace loadstar::service
