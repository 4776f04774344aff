#include "detect/threshold.hpp"

#include <gtest/gtest.h>

#include "works.hpp"

namespace loadstar::detect {
namespace {

const EpisodeRules rules{.quiet_slots = 4, .slots_per_day = 24};

/// One statistic with the given values.
Scores scores_of(std::vector<double> values) {
    const auto slots = values.size();
    return {.by_statistic = {std::move(values)},
            .standardised = std::vector<double>(slots, 0.0),
            .usable = std::vector<bool>(slots, true)};
}

TEST(Threshold, JoinsExceedancesOverShortReturns) {
    auto values = std::vector<double>(40, 0.0);
    for (const int slot : {5, 7, 20}) values[static_cast<std::size_t>(slot)] = 3;
    const auto found = episodes(scores_of(values), {.unit = {1}, .level = 2}, 0, 40, rules);
    ASSERT_EQ(found.size(), 2U);
    EXPECT_EQ(found[0].first, 5);
    EXPECT_EQ(found[0].last, 7);
    EXPECT_DOUBLE_EQ(found[0].peak, 1.5);
    EXPECT_FALSE(found[0].open);
    EXPECT_EQ(found[1].first, 20);
}

TEST(Threshold, AnEpisodeAtTheEndStaysOpen) {
    auto values = std::vector<double>(10, 0.0);
    values[9] = -5;
    const auto found = episodes(scores_of(values), {.unit = {1}, .level = 2}, 0, 10, rules);
    ASSERT_EQ(found.size(), 1U);
    EXPECT_TRUE(found[0].open);
}

TEST(Threshold, PassesOverSlotsWithoutAValue) {
    auto scores = scores_of(std::vector<double>(10, 9.0));
    scores.usable.assign(10, false);
    EXPECT_TRUE(episodes(scores, {.unit = {1}, .level = 2}, 0, 10, rules).empty());
}

TEST(Threshold, NeedsFourWeeks) {
    const auto scores = scores_of(std::vector<double>(28 * 24, 1.0));
    EXPECT_FALSE(calibrate(scores, {.first = 0, .last = 27 * 24, .allowed_per_day = 0.1}, rules));
    EXPECT_TRUE(calibrate(scores, {.first = 0, .last = 28 * 24, .allowed_per_day = 0.1}, rules));
}

TEST(Threshold, TakesTheRankThatNewDaysReachAtTheAllowedRate) {
    // One peak of its own size on each of 99 days: a tenth of new days may pass, so the tenth largest is the level.
    auto values = std::vector<double>(99 * 24, 0.0);
    for (int day = 0; day < 99; ++day) values[static_cast<std::size_t>(day * 24 + 12)] = day + 1;
    const auto threshold = calibrate(scores_of(values), {.first = 0, .last = 99 * 24, .allowed_per_day = 0.1}, rules);
    ASSERT_TRUE(threshold);
    EXPECT_NEAR(threshold->level * threshold->unit[0], 90, 1e-9);
}

TEST(Threshold, ReachesBeyondTheLargestForRareAlarms) {
    auto values = std::vector<double>(60 * 24, 0.0);
    for (int day = 0; day < 60; ++day) values[static_cast<std::size_t>(day * 24 + 12)] = day + 1;
    const auto threshold = calibrate(scores_of(values), {.first = 0, .last = 60 * 24, .allowed_per_day = 0.001}, rules);
    ASSERT_TRUE(threshold);
    EXPECT_GT(threshold->level * threshold->unit[0], 60);
}

TEST(Threshold, AMeterThatIsAlwaysBusyDoesNotHideItsPeaks) {
    // Below 2 everything joins to one long episode, so the count falls again as the level falls.
    auto values = std::vector<double>(60 * 24, 2.0);
    for (int day = 0; day < 60; ++day) values[static_cast<std::size_t>(day * 24 + 12)] = 10 + day;
    const auto threshold = calibrate(scores_of(values), {.first = 0, .last = 60 * 24, .allowed_per_day = 0.1}, rules);
    ASSERT_TRUE(threshold);
    EXPECT_NEAR(threshold->level * threshold->unit[0], 63.9, 0.01);
}

TEST(Threshold, ExpectedRateIsTheAllowedRate) {
    // Independent daily peaks: the share of later days above the level, over many calibrations, is the allowed rate.
    int passed = 0;
    int watched = 0;
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        Noise noise(seed);
        auto values = std::vector<double>(180 * 24, 0.0);
        for (int day = 0; day < 180; ++day) values[static_cast<std::size_t>(day * 24 + 12)] = 6 + noise.next();
        const auto scores = scores_of(values);
        const auto threshold = calibrate(scores, {.first = 0, .last = 90 * 24, .allowed_per_day = 1 / 30.0}, rules);
        ASSERT_TRUE(threshold);
        passed += static_cast<int>(episodes(scores, *threshold, 90 * 24, 180 * 24, rules).size());
        watched += 90;
    }
    EXPECT_NEAR(passed, watched / 30.0, 0.2 * watched / 30.0);
}

}  // namespace
}  // namespace loadstar::detect
