#include "base/text.hpp"

#include <gtest/gtest.h>

namespace loadstar {
namespace {

TEST(Grouped, PutsSeparatorsBetweenThousands) {
    EXPECT_EQ(grouped(959636.71, 2), "959,636.71");
    EXPECT_EQ(grouped(-1234567, 0), "-1,234,567");
    EXPECT_EQ(grouped(999.4, 0), "999");
    EXPECT_EQ(grouped(-123, 1), "-123.0");
}

}  // namespace
}  // namespace loadstar
