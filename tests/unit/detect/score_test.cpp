#include "detect/score.hpp"

#include <gtest/gtest.h>

#include "works.hpp"

namespace loadstar::detect {
namespace {

Series residual_of(const Works& works) {
    Series residual = works.measured;
    for (int slot = 0; slot < residual.size(); ++slot) {
        if (!residual.has(slot)) continue;
        const auto at = static_cast<std::size_t>(slot);
        residual.set(slot, works.measured.values[at] - works.expected.values[at]);
    }
    return residual;
}

Scores score_of(const Works& works) { return score(residual_of(works), works.zone, works.calendar); }

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
    EXPECT_GT(after.largest(now), 10);
}

TEST(Score, SmallLastingChangesShowInTheSlowStatistics) {
    Works works(40, 10);
    const int start = Works::slot(30, 0);
    works.change(start, works.measured.size(), [](int, double kw) { return kw - 10; });
    const auto scores = score_of(works);
    const int after = start + quarters_per_day;
    EXPECT_NE(scores.strongest(after), Statistic::slot);
    EXPECT_LT(scores.by_statistic[static_cast<std::size_t>(Statistic::cumulative)][static_cast<std::size_t>(after)], 0);
}

TEST(Score, MissingSlotsAreNotUsableAndFade) {
    Works works(40, 3);
    const int gap = Works::slot(30, 0);
    works.change(gap - 8, gap, [](int, double kw) { return kw + 100; });
    for (int slot = gap; slot < gap + quarters_per_day; ++slot) works.measured.clear(slot, Reason::missing);
    const auto scores = score_of(works);
    EXPECT_FALSE(scores.usable[static_cast<std::size_t>(gap)]);
    EXPECT_LT(scores.largest(gap + quarters_per_day - 1), scores.largest(gap - 1));
    EXPECT_TRUE(scores.usable[static_cast<std::size_t>(gap + quarters_per_day)]);
}

}  // namespace
}  // namespace loadstar::detect
