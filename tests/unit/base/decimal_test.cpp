#include "base/decimal.hpp"

#include <random>

#include <gtest/gtest.h>

namespace loadstar {
namespace {

Decimal d(const char* text) { return Decimal::parse(text).value(); }

TEST(Decimal, TextThatWentInComesOut) {
    for (const char* text : {"0", "1", "-1", "0.42", "-0.000000000001", "123456789.123456789012", "1000000"}) {
        EXPECT_EQ(d(text).text(), text);
    }
}

TEST(Decimal, RoundsHalfAwayFromZeroLikeABill) {
    EXPECT_EQ(d("2.345").rounded(2).text(2), "2.35");
    EXPECT_EQ(d("-2.345").rounded(2).text(2), "-2.35");
    EXPECT_EQ(d("2.344999").rounded(2).text(2), "2.34");
    EXPECT_EQ(d("0.005").text(2), "0.01");
}

TEST(Decimal, MultipliesExactlyWhereADoubleCannot) {
    EXPECT_EQ((d("0.42") * d("1.7") * d("1.2")).text(), "0.8568");
    EXPECT_EQ((d("30842.066223") * d("39")).rounded(2).text(2), "1202840.58");
    EXPECT_EQ((d("6137186.5") * d("-0.0015")).rounded(2).text(2), "-9205.78");
}

TEST(Decimal, DividesWithTwelveDigits) {
    EXPECT_EQ((d("1") / d("3")).text(), "0.333333333333");
    EXPECT_EQ((d("-2") / d("3")).text(), "-0.666666666667");
    EXPECT_THROW(d("1") / Decimal(), std::domain_error);
}

TEST(Decimal, DoubleGivesBackWhatTheFileSaid) {
    EXPECT_EQ(Decimal::from_double(3.17).text(), "3.17");
    EXPECT_EQ(Decimal::from_double(0.1).text(), "0.1");
    EXPECT_EQ(Decimal::from_double(-157.18).text(), "-157.18");
    EXPECT_THROW(Decimal::from_double(std::numeric_limits<double>::quiet_NaN()), std::domain_error);
}

TEST(Decimal, RejectsWhatIsNoDecimal) {
    for (const char* text : {"", "-", ".", "1,5", "1e5", "0.1234567890123", "12x"}) {
        const auto parsed = Decimal::parse(text);
        ASSERT_FALSE(parsed) << text;
        EXPECT_EQ(parsed.error().code, ErrorCode::invalid_input);
        EXPECT_NE(parsed.error().message.find(text), std::string::npos);
    }
}

// Property: sums of cents are exact for any order, which doubles do not promise.
TEST(Decimal, SumsAreExactInAnyOrder) {
    std::mt19937_64 random(7);
    for (int round = 0; round < 200; ++round) {
        std::int64_t cents = 0;
        Decimal sum;
        for (int i = 0; i < 100; ++i) {
            const auto value = static_cast<std::int64_t>(random() % 2'000'001) - 1'000'000;
            cents += value;
            sum += Decimal::from_double(static_cast<double>(value) / 100.0);
        }
        EXPECT_EQ(sum, Decimal::from_double(static_cast<double>(cents)) / Decimal(100));
    }
}

}  // namespace
}  // namespace loadstar
