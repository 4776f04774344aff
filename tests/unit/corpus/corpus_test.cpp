#include "corpus/corpus.hpp"

#include <cstring>
#include <thread>

#include <gtest/gtest.h>

namespace loadstar::corpus {
namespace {

Corpus made_corpus(std::uint64_t seed = 1) { return Corpus::open({.seed = seed}).value(); }

bool same(const Window& a, const Window& b) {
    return a.shape == b.shape && a.roles == b.roles && a.values.size() == b.values.size() &&
           std::memcmp(a.values.data(), b.values.data(), a.values.size() * sizeof(float)) == 0;
}

TEST(Corpus, WindowsDependOnSeedNumberAndShapeOnly) {
    const auto corpus = made_corpus();
    const auto again = made_corpus();
    const WindowShape shape{.variates = 3, .points = 512};
    for (const std::uint64_t number : {7U, 3U, 900U}) {
        EXPECT_TRUE(same(corpus.window(number, shape), again.window(number, shape))) << number;
    }
    EXPECT_FALSE(same(corpus.window(7, shape), corpus.window(8, shape)));
    EXPECT_FALSE(same(corpus.window(7, shape), made_corpus(2).window(7, shape)));
}

TEST(Corpus, ThreadsGetTheWindowsThatOneThreadGets) {
    const auto corpus = made_corpus();
    const WindowShape shape{.variates = 4, .points = 256};
    constexpr int count = 64;
    std::vector<Window> windows(count);
    std::vector<std::thread> threads;
    for (int thread = 0; thread < 4; ++thread) {
        threads.emplace_back([&, thread] {
            for (int i = thread; i < count; i += 4) windows[i] = corpus.window(i, shape);
        });
    }
    for (auto& thread : threads) thread.join();
    for (int i = 0; i < count; ++i) EXPECT_TRUE(same(windows[i], corpus.window(i, shape))) << i;
}

}  // namespace
}  // namespace loadstar::corpus
