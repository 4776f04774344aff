#include "ingest/number.hpp"

#include <cmath>

#include <gtest/gtest.h>

namespace loadstar::ingest {
namespace {

TEST(ParseNumber, PointAndCommaAreToldApart) {
    EXPECT_EQ(parse_number("3.17", '.'), 3.17);
    EXPECT_EQ(parse_number("3,17", ','), 3.17);
    EXPECT_EQ(parse_number("-3,17", ','), -3.17);
    EXPECT_EQ(parse_number("+4", '.'), 4);
    EXPECT_EQ(parse_number("1.5e3", '.'), 1500);
}

// A wrong decimal mark must never become a number a thousand times too large.
TEST(ParseNumber, ACommaThatMayBeADecimalMarkIsNoNumber) {
    EXPECT_EQ(parse_number("1,234", '.'), std::nullopt);
    EXPECT_EQ(parse_number("1.234", ','), std::nullopt);
}

TEST(ParseNumber, ClearGroupsOfThousandsAreUnderstood) {
    EXPECT_EQ(parse_number("1,234.5", '.'), 1234.5);
    EXPECT_EQ(parse_number("-1,234,567", '.'), -1234567);
    EXPECT_EQ(parse_number("1.234.567,8", ','), 1234567.8);
    EXPECT_EQ(parse_number("12 345,6", ','), 12345.6);
    EXPECT_EQ(parse_number("1,23,456.7", '.'), std::nullopt);
}

TEST(ParseNumber, WordsAreNoNumbers) {
    for (const auto* text : {"", "-", "kWh", "3.17kWh", "3.1.7", "0x10", "1,2,3", "--3"})
        EXPECT_EQ(parse_number(text, '.'), std::nullopt) << text;
    EXPECT_TRUE(std::isinf(parse_number("inf", '.').value()));
}

TEST(Trimmed, TakesBlanksAway) {
    EXPECT_EQ(trimmed(" \t3 \xC2\xA0"), "3");
    EXPECT_EQ(trimmed("  "), "");
}

}  // namespace
}  // namespace loadstar::ingest
