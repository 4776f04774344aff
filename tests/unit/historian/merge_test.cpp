#include "historian/merge.hpp"

#include <algorithm>
#include <random>

#include <gtest/gtest.h>

namespace loadstar::historian {
namespace {

Reading reading(int minute, double value, std::uint16_t revision = 0) {
    return {.at = Instant(minutes(minute)), .value = value, .revision = revision};
}

struct Merged {
    std::vector<Reading> readings;
    ImportTotals totals;
};

Merged merge(const std::vector<Reading>& stored, std::vector<Reading> arriving) {
    Merged merged;
    merged.readings = merge_readings(stored, arriving, merged.totals);
    return merged;
}

TEST(Merge, ReadingsOfNewInstantsAreAddedInOrder) {
    const auto [readings, totals] = merge({reading(15, 2)}, {reading(30, 3), reading(0, 1)});
    EXPECT_EQ(readings, (std::vector{reading(0, 1), reading(15, 2), reading(30, 3)}));
    EXPECT_EQ(totals, (ImportTotals{.added = 2}));
}

TEST(Merge, TheSameReadingAgainIsADuplicate) {
    const auto [readings, totals] = merge({reading(0, 1)}, {reading(0, 1), reading(0, 1)});
    EXPECT_EQ(readings, std::vector{reading(0, 1)});
    EXPECT_EQ(totals, (ImportTotals{.duplicate = 2}));
}

TEST(Merge, AHigherRevisionCorrectsAndALowerOneIsSuperseded) {
    const auto corrected = merge({reading(0, 1)}, {reading(0, 7, 1)});
    EXPECT_EQ(corrected.readings, std::vector{reading(0, 7, 1)});
    EXPECT_EQ(corrected.totals, (ImportTotals{.corrected = 1}));

    const auto superseded = merge(corrected.readings, {reading(0, 1)});
    EXPECT_EQ(superseded.readings, corrected.readings);
    EXPECT_EQ(superseded.totals, (ImportTotals{.superseded = 1}));
}

TEST(Merge, AnotherValueOfTheSameRevisionIsAConflictThatAHigherRevisionSettles) {
    const auto conflict = merge({reading(0, 1)}, {reading(0, 2)});
    ASSERT_EQ(conflict.readings.size(), 1U);
    EXPECT_EQ(conflict.readings[0].remark, Reason::rejected_conflict);
    EXPECT_EQ(conflict.totals, (ImportTotals{.conflicting = 1}));

    const auto settled = merge(conflict.readings, {reading(0, 2, 1)});
    EXPECT_EQ(settled.readings, std::vector{reading(0, 2, 1)});
}

TEST(Merge, BothSidesOfAKnownConflictAreDuplicates) {
    const auto conflict = merge({}, {reading(0, 1), reading(0, 2)});
    const auto again = merge(conflict.readings, {reading(0, 1), reading(0, 2)});
    EXPECT_EQ(again.readings, conflict.readings);
    EXPECT_EQ(again.totals, (ImportTotals{.duplicate = 2}));
}

TEST(Merge, EveryOrderAndEverySplitGiveTheSameReadingsAndCountEachOnce) {
    for (unsigned seed = 0; seed < 200; ++seed) {
        std::mt19937 random(seed);
        std::vector<Reading> all;
        for (int i = 0; i < 60; ++i)
            all.push_back(reading(static_cast<int>(random() % 20), static_cast<double>(random() % 3),
                                  static_cast<std::uint16_t>(random() % 3)));
        const auto together = merge({}, all);
        std::ranges::shuffle(all, random);
        const auto middle = all.begin() + static_cast<int>(random() % all.size());
        const auto first = merge({}, {all.begin(), middle});
        const auto second = merge(first.readings, {middle, all.end()});
        EXPECT_EQ(second.readings, together.readings) << "seed " << seed;
        EXPECT_EQ(first.totals.all() + second.totals.all(), 60) << "seed " << seed;
    }
}

}  // namespace
}  // namespace loadstar::historian
