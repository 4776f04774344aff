#include "neural/processors.hpp"

#include <ATen/Parallel.h>
#include <atomic>
#include <stdexcept>
#include <vector>

#include <gtest/gtest.h>

namespace loadstar::neural {
namespace {

TEST(OnProcessors, DoesEachPieceOnceOnOneProcessor) {
    std::vector<std::atomic<int>> done(100);
    std::atomic<int> most = 0;
    on_processors(3, std::ssize(done), [&](std::int64_t at) {
        ++done[static_cast<std::size_t>(at)];
        if (at::get_num_threads() > 1) most = at::get_num_threads();
    });
    for (const auto& count : done) EXPECT_EQ(count, 1);
    EXPECT_EQ(most, 0);
    on_processors(3, 0, [](std::int64_t) { FAIL() << "there was nothing to do"; });
}

TEST(OnProcessors, LeavesTheThreadsOfTheCallerAsTheyWere) {
    const int before = at::get_num_threads();
    at::set_num_threads(2);
    on_processors(2, 8, [](std::int64_t) {});
    EXPECT_EQ(at::get_num_threads(), 2);
    on_processors(2, 1, [](std::int64_t) { EXPECT_EQ(at::get_num_threads(), 2); });
    at::set_num_threads(before);
}

TEST(OnProcessors, ThrowsOnWhatWorkThrows) {
    const auto failing = [](std::int64_t at) {
        if (at == 5) throw std::runtime_error("the fifth");
    };
    EXPECT_THROW(on_processors(2, 8, failing), std::runtime_error);
}

}  // namespace
}  // namespace loadstar::neural
