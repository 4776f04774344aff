#include "detect/score.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "works.hpp"

namespace loadstar::detect {
namespace {

Scores score_of(const Works& works) {
    return score({.measured = works.measured,
                  .expected = works.expected,
                  .meter = works.measured,
                  .zone = works.zone,
                  .calendar = works.calendar});
}

double value_of(const Scores& scores, Statistic statistic, int slot) {
    return scores.by_statistic[static_cast<std::size_t>(statistic)][static_cast<std::size_t>(slot)];
}

TEST(Score, NeedsTwoWeeksBeforeItSaysAnything) {
    const Works works(20, 3);
    const auto scores = score_of(works);
    EXPECT_FALSE(scores.usable[static_cast<std::size_t>(Works::slot(13, 23))]);
    EXPECT_TRUE(scores.usable[static_cast<std::size_t>(Works::slot(14, 1))]);
}

TEST(Score, MeasuresInStandardDeviationsOfTheMetersOwnNoise) {
    const Works works(60, 7);
    const auto scores = score_of(works);
    double square = 0;
    int count = 0;
    for (int slot = Works::slot(30, 0); slot < works.measured.size(); ++slot, ++count) {
        const double z = scores.standardised[static_cast<std::size_t>(slot)];
        square += z * z;
    }
    EXPECT_NEAR(square / count, 1, 0.2);
}

TEST(Score, SeesNothingLater) {
    Works works(40, 3);
    const auto before = score_of(works);
    const int now = Works::slot(30, 10);
    works.change(now, works.measured.size(), [](int, double kw) { return 4 * kw + 100; });
    const auto after = score_of(works);
    for (std::size_t s = 0; s < before.by_statistic.size(); ++s) {
        for (int slot = 0; slot < now; ++slot) {
            const auto at = static_cast<std::size_t>(slot);
            ASSERT_EQ(before.by_statistic[s][at], after.by_statistic[s][at]) << s << " " << slot;
        }
    }
    EXPECT_GT(value_of(after, Statistic::slot, now), 10);
}

TEST(Score, SmallLastingChangesShowInTheSlowStatistics) {
    Works works(40, 10);
    const int start = Works::slot(30, 0);
    works.change(start, works.measured.size(), [](int, double kw) { return kw - 10; });
    const auto scores = score_of(works);
    const int after = start + quarters_per_day;
    const double in_a_slot = std::abs(value_of(scores, Statistic::slot, after));
    for (const auto slow : {Statistic::half_day, Statistic::days, Statistic::days_share, Statistic::cumulative})
        EXPECT_LT(value_of(scores, slow, after), -3 * in_a_slot) << static_cast<int>(slow);
}

TEST(Score, MissingSlotsAreNotUsableAndFade) {
    Works works(40, 3);
    const int gap = Works::slot(30, 0);
    works.change(gap - 8, gap, [](int, double kw) { return kw + 100; });
    for (int slot = gap; slot < gap + quarters_per_day; ++slot) works.measured.clear(slot, Reason::missing);
    const auto scores = score_of(works);
    EXPECT_FALSE(scores.usable[static_cast<std::size_t>(gap)]);
    const auto hour_mean = Statistic::hour;
    EXPECT_LT(value_of(scores, hour_mean, gap + quarters_per_day - 1), 0.1 * value_of(scores, hour_mean, gap - 1));
    EXPECT_TRUE(scores.usable[static_cast<std::size_t>(gap + quarters_per_day)]);
}

TEST(Score, HeavyTailsOfOneHourLeaveTheOthersSharp) {
    // A noisy shift must not hide a leak of 15 kW by night.
    Works works(60, 2);
    Noise noise(5);
    works.change(0, works.measured.size(), [&noise](int, double kw) { return kw > 150 ? kw + 60 * noise.next() : kw; });
    const int night = Works::slot(57, 2);
    works.change(night, night + 8, [](int, double kw) { return kw + 15; });
    EXPECT_GT(value_of(score_of(works), Statistic::hour, night + 7), 10);
}

TEST(TrailingBase, IsTheLeastHourOfTheDayBefore) {
    Works works(3, 0);
    const int dip = Works::slot(1, 3);
    works.change(dip, dip + 4, [](int, double) { return 20.0; });
    works.change(dip + 20, dip + 21, [](int, double) { return 0.0; });  // shorter than an hour
    const auto base = trailing_base(works.measured);
    EXPECT_DOUBLE_EQ(base.at(dip - 1).value(), 60);
    EXPECT_DOUBLE_EQ(base.at(dip + 3).value(), 20);
    EXPECT_DOUBLE_EQ(base.at(dip + 3 + quarters_per_day - 1).value(), 20);
    EXPECT_DOUBLE_EQ(base.at(dip + 3 + quarters_per_day).value(), 30);
    EXPECT_FALSE(base.has(10));
}

TEST(TrailingBase, NeedsHalfADayAndWholeHours) {
    Works works(3, 0);
    for (int slot = Works::slot(1, 0); slot < Works::slot(2, 0); ++slot) {
        if (slot % 3 == 0) works.measured.clear(slot, Reason::missing);
    }
    const auto base = trailing_base(works.measured);
    EXPECT_TRUE(base.has(Works::slot(1, 12) + 1));  // the whole hours of the day before are still within a day
    EXPECT_FALSE(base.has(Works::slot(2, 0)));      // no hour of the last day is whole
}

TEST(Repetitions, CountHoursOfTheSameValueAcrossGaps) {
    Works works(1, 0);
    works.change(0, 96, [](int slot, double) { return slot; });
    works.change(40, 61, [](int, double) { return 77.5; });
    works.measured.clear(50, Reason::missing);
    const auto hours_of_it = repetitions(works.measured);
    EXPECT_EQ(hours_of_it[39], 0);
    EXPECT_EQ(hours_of_it[44], 1);
    EXPECT_EQ(hours_of_it[60], 4.75);
    EXPECT_EQ(hours_of_it[61], 0);
}

}  // namespace
}  // namespace loadstar::detect
