#include "corpus/like_days.hpp"

#include <cmath>
#include <numeric>

#include <gtest/gtest.h>

namespace loadstar::corpus {
namespace {

constexpr int working = 0, saturday = 1;
constexpr std::int8_t none = -1;

/// Days of four points from the third point of a day on; the value of a point is its number.
const LikeDays days{.points = 4, .first = 2, .types = {working, working, saturday, working, working, working}};

std::vector<float> numbers(int points) {
    std::vector<float> values(static_cast<std::size_t>(points));
    std::iota(values.begin(), values.end(), 0.0F);
    return values;
}

TEST(LikeDays, GiveTheMeanOfTheLatestThreeDaysOfTheirType) {
    const auto values = numbers(22);
    EXPECT_EQ(value_of_like_days(values, days, 10, 10), 2);  // day 3; day 2 is a Saturday, day 1 shows 2
    EXPECT_EQ(value_of_like_days(values, days, 18, 18), (14 + 10 + 2) / 3.0F);
    EXPECT_EQ(value_of_like_days(values, days, 20, 20), (16 + 12 + 4) / 3.0F);  // not 0 as well, the fourth
    EXPECT_TRUE(std::isnan(value_of_like_days(values, days, 6, 6)));            // no Saturday before
    EXPECT_TRUE(std::isnan(value_of_like_days(values, days, 22, 22)));          // a day of which nothing is known
}

TEST(LikeDays, LookAtNothingThatIsNotKnownYet) {
    auto values = numbers(22);
    const float before = value_of_like_days(values, days, 18, 12);
    EXPECT_EQ(before, (10 + 2) / 2.0F);  // 14 is not known
    for (std::size_t at = 12; at < values.size(); ++at) values[at] = -1e6F;
    EXPECT_EQ(value_of_like_days(values, days, 18, 12), before);
}

TEST(LikeDays, ReachPastMissingValues) {
    auto values = numbers(22);
    values[14] = std::nanf("");
    EXPECT_EQ(value_of_like_days(values, days, 18, 18), (10 + 2) / 2.0F);
}

TEST(LikeDays, RoundsOfOneKindNeedNoTypes) {
    const LikeDays rounds{.points = 5};
    EXPECT_EQ(value_of_like_days(numbers(30), rounds, 29, 25), (24 + 19 + 14) / 3.0F);
    EXPECT_TRUE(std::isnan(value_of_like_days(numbers(30), rounds, 3, 3)));
    EXPECT_TRUE(std::isnan(value_of_like_days(numbers(30), {}, 29, 25)));
}

// Whatever part of a series a window takes, the days stay the same.
TEST(LikeDays, SeenFromAnotherPointAreTheSameDays) {
    const auto values = numbers(22);
    for (int from = 0; from < 12; ++from) {
        const std::vector<float> later(values.begin() + from, values.end());
        const auto moved = days.from(from);
        for (int at = 0; at < 22 - from; ++at) {
            const float here = value_of_like_days(later, moved, at, at);
            const float there = value_of_like_days(values, days, at + from, at + from);
            if (there >= static_cast<float>(from + 8)) {
                EXPECT_EQ(here, there) << from << " at " << at;
            }
        }
        EXPECT_EQ(moved.from(-from).points, days.points);
        EXPECT_EQ(moved.from(-from).first, days.first);
    }
    const auto earlier = days.from(-7);
    EXPECT_EQ(earlier.first, 3);
    EXPECT_EQ(earlier.types,
              (std::vector<std::int8_t>{none, none, working, working, saturday, working, working, working}));
    EXPECT_EQ(days.from(100).types.size(), 0U);
    EXPECT_FALSE(LikeDays{}.from(5).any());
}

TEST(LikeDays, CanBeToldInLongerSteps) {
    EXPECT_EQ(days.coarser(2), (LikeDays{.points = 2, .first = 1, .types = days.types}));
    EXPECT_FALSE(days.coarser(3).any());          // a day has no whole number of such steps
    EXPECT_FALSE(days.from(1).coarser(2).any());  // neither has the part of the first day before the first point
}

}  // namespace
}  // namespace loadstar::corpus
