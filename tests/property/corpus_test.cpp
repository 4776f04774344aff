// Windows of every number and shape can be trained on.
#include "corpus/corpus.hpp"

#include <algorithm>
#include <span>

#include <gtest/gtest.h>

namespace loadstar::corpus {
namespace {

class Shapes : public testing::TestWithParam<WindowShape> {};

TEST_P(Shapes, EveryWindowIsWholeFiniteOrMissingAndWorthPredicting) {
    const auto corpus = Corpus::open({.seed = 5}).value();
    const auto& shape = GetParam();
    constexpr int windows = 200;
    int constant = 0;
    for (std::uint64_t number = 0; number < windows; ++number) {
        const auto window = corpus.window(number, shape);
        ASSERT_EQ(window.shape, shape);
        ASSERT_EQ(window.roles.size(), static_cast<std::size_t>(shape.variates));
        ASSERT_EQ(window.values.size(),
                  static_cast<std::size_t>(shape.variates) * static_cast<std::size_t>(shape.points));
        EXPECT_EQ(window.roles[0], Role::target);
        EXPECT_FALSE(std::ranges::any_of(window.values, [](float value) { return std::isinf(value); })) << number;
        for (int v = 0; v < shape.variates; ++v) {
            if (window.roles[static_cast<std::size_t>(v)] != Role::target) continue;
            const std::span row(window.row(v), static_cast<std::size_t>(shape.points));
            const auto finite = std::ranges::count_if(row, [](float value) { return std::isfinite(value); });
            EXPECT_GE(4 * finite, shape.points) << number << " variate " << v;
        }
        const std::span target(window.row(0), static_cast<std::size_t>(shape.points));
        const auto first = std::ranges::find_if(target, [](float value) { return std::isfinite(value); });
        const bool varies = std::any_of(first, target.end(), [&](float x) { return std::isfinite(x) && x != *first; });
        constant += varies ? 0 : 1;
    }
    EXPECT_LE(constant, windows / 50);
}

INSTANTIATE_TEST_SUITE_P(Corpus, Shapes,
                         testing::Values(WindowShape{1, 64}, WindowShape{1, 2048}, WindowShape{1, 4096},
                                         WindowShape{2, 64}, WindowShape{3, 333}, WindowShape{4, 1024},
                                         WindowShape{8, 512}, WindowShape{16, 64}, WindowShape{16, 1024}));

}  // namespace
}  // namespace loadstar::corpus
