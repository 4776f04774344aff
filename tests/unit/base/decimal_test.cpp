#include "base/decimal.hpp"

#include <cmath>
#include <cstdlib>
#include <random>

#include <fmt/format.h>
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

/// Any double: of a few digits after the point, computed, whole, small or large.
double any_double(std::mt19937_64& random) {
    const double whole = static_cast<double>(random() % 2'000'000'000'000) - 1e12;
    switch (random() % 4) {
        case 0: return whole;
        case 1: return whole / std::pow(10, static_cast<int>(random() % 9));
        case 2: return whole * 1e-7 / 3;
        default: return std::ldexp(whole, static_cast<int>(random() % 60) - 50);
    }
}

// Property: what is fast for numbers of a few digits agrees with the library's shortest text and nearest double.
TEST(Decimal, DoublesComeAndGoAsTheirShortestText) {
    std::mt19937_64 random(8);
    for (int round = 0; round < 100'000; ++round) {
        const double value = any_double(random);
        const auto text = fmt::format("{}", value);
        const auto decimal = Decimal::from_double(value);
        if (const auto written = Decimal::parse(text)) {  // not in powers of ten
            EXPECT_EQ(decimal, *written) << text;
        }
        EXPECT_EQ(decimal.to_double(), std::strtod(decimal.text().c_str(), nullptr)) << text;
    }
}

// Property: a product of whole numbers of cents, and a quotient held against it, in integers.
TEST(Decimal, ProductsAndQuotientsAgreeWithIntegers) {
    std::mt19937_64 random(9);
    for (int round = 0; round < 10'000; ++round) {
        const auto a = static_cast<int>(random() % 200'000'001) - 100'000'000;
        const auto b = static_cast<int>(random() % 20'001) - 10'000;
        const auto product = (Decimal(a) / 100) * (Decimal(b) / 100);
        EXPECT_EQ(product, Decimal::parse(fmt::format("{}", std::int64_t{a} * b)).value() / 10'000);
        if (b == 0) continue;
        EXPECT_EQ(product / (Decimal(b) / 100), Decimal(a) / 100);
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
