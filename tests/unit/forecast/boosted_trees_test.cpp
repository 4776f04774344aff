#include "forecast/boosted_trees.hpp"

#include <cmath>
#include <limits>
#include <random>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "forecast/tree_quantiles.hpp"
#include "support/plant_series.hpp"

namespace loadstar::forecast {
namespace {

/// y = 10 x + u with x in {0, 1} and u uniform on [0, 1]: the quantile at level q is 10 x + q.
struct Uniform {
    std::vector<double> x{};
    std::vector<double> y{};
};

Uniform uniform_rows(int count) {
    Uniform rows;
    std::mt19937 random(7);
    std::uniform_real_distribution<double> uniform(0, 1);
    for (int row = 0; row < count; ++row) {
        rows.x.push_back(row % 2);
        rows.y.push_back(10 * (row % 2) + uniform(random));
    }
    return rows;
}

BoostedTrees fitted_on(const Uniform& rows, const TreeLoss& loss) {
    const auto data = TreeData::make(rows.x, 1).value();
    return BoostedTrees::fit(data, rows.y, loss, {.trees = 100, .leaves = 3, .rate = 0.2, .column_share = 1}).value();
}

TEST(BoostedTrees, FindTheQuantilesOfAUniformDistribution) {
    const auto rows = uniform_rows(8000);
    for (const double level : {0.1, 0.5, 0.9}) {
        const auto predicted = fitted_on(rows, {.level = level}).predict({0, 1}, 1);
        EXPECT_NEAR(predicted[0], level, 0.03);
        EXPECT_NEAR(predicted[1], 10 + level, 0.03);
    }
}

TEST(BoostedTrees, SquaredErrorGivesTheMeanAndAbsoluteErrorTheMedian) {
    Uniform skewed;
    for (int row = 0; row < 3000; ++row) {
        skewed.x.push_back(0);
        skewed.y.push_back(row % 3 == 0 ? 30 : 0);  // mean 10, median 0
    }
    EXPECT_NEAR(fitted_on(skewed, {.kind = TreeLoss::Kind::square}).predict({0}, 1)[0], 10, 1);
    EXPECT_NEAR(fitted_on(skewed, {.kind = TreeLoss::Kind::absolute}).predict({0}, 1)[0], 0, 1);
}

TEST(BoostedTrees, AreTheSameEachTimeAndAfterTheyWereWritten) {
    const auto rows = uniform_rows(2000);
    const auto first = fitted_on(rows, {.level = 0.7});
    const auto second = fitted_on(rows, {.level = 0.7});
    const std::vector<double> inputs{0, 1, std::numeric_limits<double>::quiet_NaN()};
    EXPECT_EQ(first.predict(inputs, 1), second.predict(inputs, 1));
    EXPECT_EQ(first.predict(inputs, 1), BoostedTrees::parse(first.text()).value().predict(inputs, 1));
}

TEST(BoostedTrees, RefuseATextThatIsNoModel) {
    const auto refused = BoostedTrees::parse("not a model");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::invalid_input);
}

constexpr TreeSettings small{.trees = 30, .leaves = 7};
constexpr IssueRule ten_on_the_day_before{.lead = 1, .slot = 10};

/// Two days before, over the whole record; what a ridge would be in earnest.
PointRecord two_days_before(const features::DayGrid& grid, int to) {
    PointRecord record{.from = 2};
    for (int day = 2; day < to; ++day) {
        record.days.push_back(features::mean_profile(features::Seen(grid, {.day = day - 1, .slot = 0}), {day - 2}));
    }
    return record;
}

DayQuantiles predict(const TreeQuantiles& trees, FeatureTable& table, const PointRecord* base, int day) {
    return trees.predict(table, base, {.from = day, .to = day + 1}).at(day);
}

TEST(TreeQuantiles, CoverNoiseAsOftenAsTheirLevelsSay) {
    const auto history = test_support::history_of({.zone = "UTC", .days = 120, .step = hours(1), .noise = 20});
    const features::DayGrid grid(features::Known(history, history.target.axis.end()));
    FeatureTable table(grid, ten_on_the_day_before, {});
    TreeQuantiles trees(small);
    ASSERT_TRUE(trees.fit(table, nullptr, 100));
    ASSERT_TRUE(trees.ready());
    int inside = 0;
    for (int day = 101; day < 120; ++day) {
        const auto quantiles = predict(trees, table, nullptr, day);
        for (int slot = 0; slot < 24; ++slot) {
            const double outcome = grid.value({.day = day, .slot = slot});
            const auto& levels_of_slot = quantiles[static_cast<std::size_t>(slot)];
            EXPECT_TRUE(std::is_sorted(levels_of_slot.begin(), levels_of_slot.end()));
            inside += outcome >= levels_of_slot.front() && outcome <= levels_of_slot.back() ? 1 : 0;
        }
    }
    EXPECT_NEAR(inside / (19 * 24.0), 0.8, 0.08);
}

TEST(TreeQuantiles, FollowALevelNeverSeenOnlyWithABase) {
    const auto history = test_support::history_of(
        {.zone = "UTC", .days = 110, .step = hours(1), .level = [](int day) { return day < 100 ? 1 : 5; }});
    const features::DayGrid grid(features::Known(history, history.target.axis.end()));
    FeatureTable table(grid, {.lead = 0, .slot = 0}, {});
    const auto base = two_days_before(grid, 110);
    TreeQuantiles alone(small);
    TreeQuantiles on_base(small);
    ASSERT_TRUE(alone.fit(table, nullptr, 100));
    ASSERT_TRUE(on_base.fit(table, &base, 100));
    const int wednesday = 107;
    EXPECT_LT(predict(alone, table, nullptr, wednesday)[12][median_level], 1000);
    EXPECT_NEAR(predict(on_base, table, &base, wednesday)[12][median_level], 2000, 300);
}

TEST(TreeQuantiles, AreTheSameAfterTheyWereStored) {
    const auto history = test_support::history_of({.zone = "UTC", .days = 80, .step = hours(1), .noise = 20});
    const features::DayGrid grid(features::Known(history, history.target.axis.end()));
    FeatureTable table(grid, ten_on_the_day_before, {});
    TreeQuantiles fitted(small);
    ASSERT_TRUE(fitted.fit(table, nullptr, 70));
    TreeQuantiles restored(small);
    restored.restore(nlohmann::json::from_cbor(nlohmann::json::to_cbor(fitted.state())));
    EXPECT_EQ(predict(fitted, table, nullptr, 75), predict(restored, table, nullptr, 75));
}

TEST(TreeQuantiles, LaterReadingsChangeNothing) {
    const auto history = test_support::history_of({.zone = "UTC", .days = 90, .step = hours(1), .noise = 30});
    const auto other = test_support::with_another_future(history, history.target.axis.start + hours(24 * 80 + 10));
    std::vector<DayQuantiles> predicted;
    for (const auto* one : {&history, &other}) {
        const features::DayGrid grid(features::Known(*one, one->target.axis.end()));
        FeatureTable table(grid, ten_on_the_day_before, {});
        const auto base = two_days_before(grid, 82);
        TreeQuantiles trees(small);
        ASSERT_TRUE(trees.fit(table, &base, 80));
        predicted.push_back(predict(trees, table, &base, 81));
    }
    EXPECT_EQ(predicted[0], predicted[1]);
}

TEST(TreeQuantiles, StayUnreadyOnThreeWeeks) {
    const auto history = test_support::history_of({.zone = "UTC", .days = 60, .step = hours(1)});
    const features::DayGrid grid(features::Known(history, history.target.axis.end()));
    FeatureTable table(grid, ten_on_the_day_before, {});
    TreeQuantiles trees(small);
    ASSERT_TRUE(trees.fit(table, nullptr, 51));
    EXPECT_FALSE(trees.ready());
}

}  // namespace
}  // namespace loadstar::forecast
