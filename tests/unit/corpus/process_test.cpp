#include "corpus/process.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "corpus/cycle.hpp"
#include "corpus/oscillator.hpp"

namespace loadstar::corpus {
namespace {

constexpr Clock hourly{.step_minutes = 60, .start_minutes = 0};
constexpr std::size_t points = 1024;

/// Correlation of a row with itself `lag` points later.
double autocorrelation(ConstRow row, std::size_t lag) {
    const auto spread = spread_of(row);
    double sum = 0;
    for (std::size_t i = 0; i + lag < row.size(); ++i) sum += (row[i] - spread.mean) * (row[i + lag] - spread.mean);
    return sum / (static_cast<double>(row.size() - lag) * spread.deviation * spread.deviation);
}

class EveryKind : public testing::TestWithParam<Process> {};

TEST_P(EveryKind, GivesFiniteValuesOnEveryStep) {
    for (const int step : {1, 15, 60, 1440, 10080}) {
        for (std::uint64_t number = 0; number < 20; ++number) {
            Random random(1, number, 0);
            Values row(64 + 50 * number, std::nan(""));
            GetParam().fill(random, {.step_minutes = step, .start_minutes = 7LL * step}, row);
            EXPECT_TRUE(std::ranges::all_of(row, [](double value) { return std::isfinite(value); })) << number;
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Process, EveryKind, testing::ValuesIn(processes().begin(), processes().end()),
                         [](const auto& each) { return std::string(each.param.name); });

class DailyKind : public testing::TestWithParam<const char*> {};

TEST_P(DailyKind, IsMoreLikeItselfADayLaterThanHalfADayLater) {
    const auto kind =
        std::ranges::find_if(processes(), [](const auto& each) { return std::string(each.name) == GetParam(); });
    int daily = 0;
    constexpr int draws = 100;
    for (int number = 0; number < draws; ++number) {
        Random random(1, static_cast<std::uint64_t>(number), 0);
        Values row(points);
        kind->fill(random, hourly, row);
        daily += autocorrelation(row, 24) > autocorrelation(row, 12) + 0.05 ? 1 : 0;
    }
    EXPECT_GE(daily, 70);
}

INSTANTIATE_TEST_SUITE_P(Process, DailyKind, testing::Values("calendar_load", "feeder_load", "temperature", "solar"));

TEST(Solar, IsZeroAtNight) {
    for (std::uint64_t number = 0; number < 20; ++number) {
        Random random(1, number, 0);
        Values row(points);
        fill_solar(random, hourly, row);
        const auto dark = std::ranges::count(row, 0.0);
        EXPECT_GT(dark, 200) << number;
        EXPECT_GE(*std::ranges::min_element(row), 0) << number;
    }
}

TEST(Mixture, HasMeanZeroAndDeviationOne) {
    for (std::uint64_t number = 0; number < 50; ++number) {
        Random random(3, number, 0);
        Values row(points);
        fill_mixture(random, hourly, row);
        const auto spread = spread_of(row);
        EXPECT_NEAR(spread.mean, 0, 1e-9) << number;
        EXPECT_NEAR(spread.deviation, 1, 1e-9) << number;
    }
}

TEST(Cycle, ComesBackAfterItsPeriod) {
    Random random(1);
    for (int i = 0; i < 20; ++i) {
        const Cycle cycle = draw_cycle(random);
        EXPECT_NEAR(cycle.at(0.3), cycle.at(5.3), 1e-9);
        EXPECT_NEAR(cycle.at(0.3), cycle.at(-0.7), 1e-9);
    }
}

TEST(Cycle, ShapesOfADayGoFromZeroToOne) {
    Random random(2);
    for (int i = 0; i < 20; ++i) {
        Cycle shape = draw_day_shape(random);
        EXPECT_DOUBLE_EQ(*std::ranges::min_element(shape.values()), 0);
        EXPECT_DOUBLE_EQ(*std::ranges::max_element(shape.values()), 1);
    }
}

TEST(Oscillator, IsACosineEvenAfterTheLongestWindow) {
    Oscillator wave(0.123, 0.5);
    double last = 0;
    for (int i = 0; i < 4096; ++i) last = wave.next();
    EXPECT_NEAR(last, std::cos(0.5 + 0.123 * 4095), 1e-10);
}

}  // namespace
}  // namespace loadstar::corpus
