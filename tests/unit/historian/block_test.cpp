#include "historian/block.hpp"

#include <cmath>
#include <limits>
#include <random>

#include <gtest/gtest.h>

namespace loadstar::historian {
namespace {

constexpr BlockKey key{.series = 3, .start = Instant(hours(24 * 17000))};

std::vector<Reading> every_quarter_hour(const std::vector<double>& values) {
    std::vector<Reading> readings;
    for (std::size_t i = 0; i < values.size(); ++i)
        readings.push_back({.at = key.start + static_cast<int>(i) * minutes(15), .value = values[i]});
    return readings;
}

std::vector<std::byte> encoded(BlockCoder& coder, const std::vector<Reading>& readings) {
    const auto bytes = coder.encode(key, readings);
    return {bytes.begin(), bytes.end()};
}

void expect_round_trip(const std::vector<Reading>& readings) {
    BlockCoder coder;
    const auto restored = coder.decode(key, encoded(coder, readings));
    ASSERT_TRUE(restored) << to_string(restored.error());
    EXPECT_EQ(*restored, readings);
}

TEST(Block, DecimalsComeBackExactly) {
    expect_round_trip(every_quarter_hour({3.17, 4, 0, -2.5, 0.000000001, 12345.6}));
}

TEST(Block, ValuesThatAreNoShortDecimalsComeBackExactly) {
    using limits = std::numeric_limits<double>;
    expect_round_trip(every_quarter_hour(
        {1.0 / 3, limits::max(), limits::lowest(), limits::min(), limits::denorm_min(), 0, 4503599627370496.0, 0.1}));
}

TEST(Block, AnEmptyBlockComesBack) { expect_round_trip({}); }

TEST(Block, RevisionsAndRemarksComeBack) {
    auto readings = every_quarter_hour({1, 2, 3, 4});
    readings[1].revision = std::numeric_limits<std::uint16_t>::max();
    readings[2].remark = Reason::rejected_conflict;
    expect_round_trip(readings);
}

TEST(Block, IrregularReadingsOfManySeedsComeBack) {
    for (unsigned seed = 0; seed < 200; ++seed) {
        std::mt19937_64 random(seed);
        std::normal_distribution<double> value(0, 1e6);
        const double digits = std::pow(10, static_cast<double>(seed % 12));
        std::vector<Reading> readings;
        Instant at = key.start;
        for (int i = 0; i < 300; ++i) {
            at += Duration(1 + static_cast<std::int64_t>(random() % 1'000'000));
            readings.push_back({.at = at,
                                .value = std::round(value(random) * digits) / digits,
                                .revision = static_cast<std::uint16_t>(random() % 2)});
        }
        expect_round_trip(readings);
    }
}

TEST(Block, EveryFlippedBitAndEveryMissingTailIsFound) {
    BlockCoder coder;
    const auto readings = every_quarter_hour({3.17, 4, 0.5, 8, 1.0 / 3, 2});
    const auto whole = encoded(coder, readings);
    for (std::size_t bit = 0; bit < whole.size() * 8; ++bit) {
        auto flipped = whole;
        flipped[bit / 8] ^= std::byte{1} << (bit % 8);
        const auto restored = coder.decode(key, flipped);
        // Bits that carry no meaning may change nothing; what comes back is never wrong.
        EXPECT_TRUE(!restored || *restored == readings) << "bit " << bit;
    }
    for (std::size_t size = 0; size < whole.size(); ++size)
        EXPECT_FALSE(coder.decode(key, Bytes(whole).first(size))) << "size " << size;
}

TEST(Block, ABlockOfAnotherSeriesOrTimeIsFound) {
    BlockCoder coder;
    const auto block = encoded(coder, every_quarter_hour({1, 2}));
    EXPECT_EQ(coder.decode({.series = 4, .start = key.start}, block).error().code, ErrorCode::io_error);
    EXPECT_EQ(coder.decode({.series = 3, .start = key.start + hours(24)}, block).error().code, ErrorCode::io_error);
}

TEST(Block, SpansBeforeTheEpochStartBeforeTheirReadings) {
    const Duration day = hours(24);
    EXPECT_EQ(span_start(Instant(Duration(-1)), day), Instant(-day));
    EXPECT_EQ(span_start(Instant(-day), day), Instant(-day));
    EXPECT_EQ(span_start(Instant(day - Duration(1)), day), Instant());
}

}  // namespace
}  // namespace loadstar::historian
