// The GIFT-Eval protocol gives the rows that the benchmark's authors published for its baseline.
// Provenance: results/seasonal_naive of the benchmark's repository, kept in data/published_results.
#include "support/gift_eval.hpp"

#include <gtest/gtest.h>

#include "support/shared.hpp"

namespace loadstar::gift_eval {
namespace {

void expect_published_baseline(const std::string& set) {
    const auto shared = test_support::shared_folder();
    if (!shared) GTEST_SKIP() << "the published data sets are not here";
    const auto quarter_hours = quarter_hours_of(*shared, set);
    const auto published = published_rows(*shared);
    if (!quarter_hours || published.empty()) GTEST_SKIP() << set << " or its published rows are not here";
    for (const auto& config : configs_of(set)) {
        const auto table = coarser(*quarter_hours, config.quarters);
        const auto region = region_of(config, table.points(), Part::test);
        const auto tasks = windows_in(table, config, region, config.horizon);
        std::vector<WindowQuantiles> forecasts;
        for (const auto& task : tasks) forecasts.push_back(seasonal_naive(task));
        const auto score = score_of(table, tasks, forecasts);
        const auto& row = published.at("seasonal_naive").at(config.name());
        EXPECT_NEAR(score.crps, row.crps, 1e-6 * row.crps) << config.name();
        EXPECT_NEAR(score.mase, row.mase, 1e-6 * row.mase) << config.name();
    }
}

TEST(GiftEval, BaselineOnTheFirstTransformerIsThePublishedOne) { expect_published_baseline("ett1"); }
TEST(GiftEval, BaselineOnTheSecondTransformerIsThePublishedOne) { expect_published_baseline("ett2"); }

TEST(GiftEval, ValidationEndsWhereTheTestBegins) {
    for (const auto& config : configs_of("ett1")) {
        const int points = 69680 / config.quarters;
        const auto validation = region_of(config, points, Part::validation);
        const auto test = region_of(config, points, Part::test);
        EXPECT_EQ(validation.end, test.begin) << config.name();
        EXPECT_EQ(validation.end - validation.begin, test.end - test.begin) << config.name();
    }
}

TEST(GiftEval, AWindowShowsNothingOfItsOutcomes) {
    Table table{.variates = {{1, 2, 3, 4, 5, 6}}};
    const Config config{.set = "ett1", .step = "W", .term = "short", .horizon = 2};
    const auto tasks = windows_in(table, config, {.begin = 2, .end = 6}, 2);
    ASSERT_EQ(tasks.size(), 2U);
    EXPECT_EQ(tasks[0].history.size(), 2U);
    EXPECT_EQ(tasks[0].beside[0].size(), 2U);
    EXPECT_EQ(outcomes_of(table, tasks[0]).front(), 3);
    EXPECT_EQ(outcomes_of(table, tasks[1]).back(), 6);
}

}  // namespace
}  // namespace loadstar::gift_eval
