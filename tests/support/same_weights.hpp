#pragma once
#include <algorithm>

#include <gtest/gtest.h>

#include "megatron/core_weights.hpp"

namespace loadstar::test_support {

/// Same names in the same order, same types, shapes and bytes.
inline void expect_same_weights(const megatron::CoreWeights& found, const megatron::CoreWeights& expected) {
    ASSERT_EQ(found.weights.size(), expected.weights.size());
    for (std::size_t at = 0; at < expected.weights.size(); ++at) {
        const auto& [name, tensor, keeper] = expected.weights[at];
        EXPECT_EQ(found.weights[at].name, name);
        EXPECT_EQ(found.weights[at].tensor.type, tensor.type) << name;
        EXPECT_EQ(found.weights[at].tensor.shape, tensor.shape) << name;
        EXPECT_TRUE(std::ranges::equal(found.weights[at].tensor.bytes, tensor.bytes)) << name;
    }
}

}  // namespace loadstar::test_support
