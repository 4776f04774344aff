#include "forecast/ridge.hpp"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "forecast/ridge_solver.hpp"
#include "forecast/score.hpp"
#include "forecast/seasonal.hpp"
#include "support/plant_series.hpp"

namespace loadstar::forecast {
namespace {

// By hand: x = 1, 2, 3 has mean 2 and standard deviation sqrt(2/3); y = 2, 4, 9 has mean 5. With z the scaled x,
// z'z = 3 and z'y = 7 / sqrt(2/3), so the coefficient is z'y / (3 + penalty).
TEST(Ridge, AgreesWithTheFormulaByHand) {
    const Eigen::MatrixXd x = Eigen::Vector3d(1, 2, 3);
    const Eigen::MatrixXd y = Eigen::Vector3d(2, 4, 9);
    const RidgePath path(x, y, Eigen::Vector3d::Ones());
    const double deviation = std::sqrt(2.0 / 3);
    const Eigen::MatrixXd four = Eigen::MatrixXd::Constant(1, 1, 4);
    EXPECT_NEAR(path.at(0).predict(four)(0, 0), 5 + 2 * 3.5, 1e-12);  // least squares: slope 3.5
    EXPECT_NEAR(path.at(3).predict(four)(0, 0), 5 + 2 * 3.5 / 2, 1e-12);
    EXPECT_NEAR(path.at(3).coefficients(0, 0), 7 / deviation / 6, 1e-12);
    EXPECT_NEAR(path.at(1e12).predict(four)(0, 0), 5, 1e-9);
}

TEST(Ridge, ARowWithoutWeightIsNotLearntFrom) {
    const Eigen::MatrixXd x = Eigen::Vector4d(1, 2, 3, 4);
    const Eigen::MatrixXd y = Eigen::Vector4d(1, 2, 3, 1000);
    const auto model = RidgePath(x, y, Eigen::Vector4d(1, 1, 1, 0)).at(0);
    EXPECT_NEAR(model.predict(Eigen::MatrixXd::Constant(1, 1, 10))(0, 0), 10, 1e-9);
}

TEST(Ridge, AnUnknownInputCountsAsUsual) {
    constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
    const Eigen::MatrixXd x = Eigen::Vector4d(1, 2, 3, unknown);
    const Eigen::MatrixXd y = Eigen::Vector4d(2, 4, 6, 4);
    const auto model = RidgePath(x, y, Eigen::Vector4d::Ones()).at(0);
    EXPECT_NEAR(model.predict(Eigen::MatrixXd::Constant(1, 1, 3))(0, 0), 6, 1e-9);
    EXPECT_NEAR(model.predict(Eigen::MatrixXd::Constant(1, 1, unknown))(0, 0), 4, 1e-9);
}

/// A plant whose level wanders from day to day: the morning tells the next day's level better than the days before.
features::DayGrid wandering_plant(int days) {
    const auto level = [](int day) { return 1 + 0.3 * std::sin(day * 0.7) + 0.1 * std::sin(day * 2.3); };
    const auto history =
        test_support::history_of({.zone = "UTC", .days = days, .step = hours(1), .noise = 3, .level = level});
    return features::DayGrid(features::Known(history, history.target.axis.end()));
}

constexpr IssueRule ten_on_the_day_before{.lead = 1, .slot = 10};

double error_of(PointMethod& method, const features::DayGrid& grid) {
    FeatureTable table(grid, ten_on_the_day_before, {});
    const auto record = roll(method, table, {.from = 80, .to = 120});
    double sum = 0;
    for (int day = 80; day < 120; ++day) {
        for (int slot = 0; slot < grid.slots(); ++slot) {
            sum += std::abs(record.at(day)[static_cast<std::size_t>(slot)] - grid.value({.day = day, .slot = slot}));
        }
    }
    return sum;
}

TEST(Ridge, BeatsLikeDaysWhereTheLevelWanders) {
    const auto grid = wandering_plant(120);
    Seasonal like_days(SeasonalKind::mean3_type);
    const double naive = error_of(like_days, grid);
    EXPECT_LT(error_of(*make_profile_ridge({}), grid), 0.8 * naive);
    EXPECT_LT(error_of(*make_hour_ridge({.half_life_days = 60}), grid), 0.8 * naive);
}

TEST(Ridge, IsTheSameAfterItWasStored) {
    const auto grid = wandering_plant(90);
    FeatureTable table(grid, ten_on_the_day_before, {});
    for (const auto make : {make_profile_ridge, make_hour_ridge}) {
        const auto fitted = make({});
        const auto empty = make({});
        EXPECT_FALSE(fitted->ready(table, 85));
        fitted->fit(table, 84);
        empty->restore(nlohmann::json::from_cbor(nlohmann::json::to_cbor(fitted->state())));
        ASSERT_TRUE(empty->ready(table, 85));
        EXPECT_EQ(fitted->predict(table, 85), empty->predict(table, 85));
    }
}

TEST(Ridge, LaterReadingsChangeNothing) {
    const auto history = test_support::history_of({.zone = "UTC", .days = 90, .step = hours(1), .noise = 30});
    const auto other = test_support::with_another_future(history, history.target.axis.start + hours(24 * 80 + 10));
    for (const auto make : {make_profile_ridge, make_hour_ridge}) {
        std::vector<DayPoints> points;
        for (const auto* one : {&history, &other}) {
            const features::DayGrid grid(features::Known(*one, one->target.axis.end()));
            FeatureTable table(grid, ten_on_the_day_before, {});
            const auto method = make({});
            method->fit(table, 80);
            points.push_back(method->predict(table, 81));
        }
        EXPECT_EQ(points[0], points[1]);
    }
}

}  // namespace
}  // namespace loadstar::forecast
