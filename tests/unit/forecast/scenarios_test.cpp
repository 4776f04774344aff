#include "forecast/scenarios.hpp"

#include <cmath>
#include <numeric>

#include <gtest/gtest.h>

#include "forecast/residual_bands.hpp"
#include "forecast/seasonal.hpp"
#include "support/plant_series.hpp"

namespace loadstar::forecast {
namespace {

double spread_of_sums(const std::vector<std::vector<double>>& paths) {
    std::vector<double> sums;
    for (const auto& path : paths) sums.push_back(std::accumulate(path.begin(), path.end(), 0.0));
    const double mean = std::accumulate(sums.begin(), sums.end(), 0.0) / static_cast<double>(sums.size());
    double square = 0;
    for (const double sum : sums) square += (sum - mean) * (sum - mean);
    return std::sqrt(square / static_cast<double>(sums.size()));
}

TEST(ValueAtProbability, RunsThroughTheLevelsAndIsTheInverseOfProbability) {
    const std::array<double, level_count> quantiles{1, 2, 3, 4, 5, 6, 7, 8, 9};
    EXPECT_DOUBLE_EQ(value_at_probability(0.5, quantiles), 5);
    EXPECT_DOUBLE_EQ(value_at_probability(0.95, quantiles), 9.5);
    EXPECT_DOUBLE_EQ(probability_of(5.5, quantiles), 0.55);
    EXPECT_DOUBLE_EQ(probability_of(100, quantiles), 1);
}

// Days differ by a level that all their slots share, so their sums spread 24 times as far as a slot does. Drawing each
// slot on its own would give sqrt(24) times.
TEST(DrawScenarios, KeepTheSpreadOfDailySums) {
    const auto level = [](int day) { return 1.0 + 0.1 * std::sin(day * 12.9898); };
    const auto history = test_support::history_of({.zone = "UTC", .days = 100, .step = hours(1), .level = level});
    const features::DayGrid grid(features::Known(history, history.target.axis.end()));
    const IssueRule rule{.lead = 1, .slot = 0};
    Seasonal method(SeasonalKind::mean3_type);
    FeatureTable table(grid, rule, {});
    const auto record = with_residual_bands(roll(method, table, {.from = 30, .to = 99}), grid, rule);
    const auto seen = rule.seen(grid, 98);
    const auto paths = draw_scenarios({record.at(98)}, record, seen, 40);
    ASSERT_EQ(paths.size(), 40U);
    std::vector<std::vector<double>> slot_0;
    for (const auto& path : paths) slot_0.push_back({path[0]});
    const double usual_day = (10 * 400.0 + 14 * 100.0) / 100.0;  // in units of slot 0
    EXPECT_GT(spread_of_sums(paths), 0.6 * usual_day * spread_of_sums(slot_0));
}

TEST(DrawScenarios, GiveAsManyPathsAsAskedForOrNoneWithoutAPast) {
    const auto history = test_support::history_of({.zone = "UTC", .days = 40, .step = hours(1), .noise = 5});
    const features::DayGrid grid(features::Known(history, history.target.axis.end()));
    const IssueRule rule{.lead = 1, .slot = 0};
    Seasonal method(SeasonalKind::day);
    FeatureTable table(grid, rule, {});
    const auto record = with_residual_bands(roll(method, table, {.from = 20, .to = 40}), grid, rule);
    EXPECT_EQ(draw_scenarios({record.at(39)}, record, rule.seen(grid, 39), 100).size(), 100U);
    EXPECT_TRUE(draw_scenarios({record.at(39)}, {}, rule.seen(grid, 39), 100).empty());
}

}  // namespace
}  // namespace loadstar::forecast
