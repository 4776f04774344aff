// Plants whose load follows the weather or the production plan are forecast better by methods that are told of it.
#include <cmath>
#include <random>

#include <gtest/gtest.h>

#include "forecast/methods.hpp"
#include "support/plant_series.hpp"

namespace loadstar::forecast {
namespace {

constexpr int days = 130;
constexpr DaySpan scored{.from = 100, .to = 130};

/// An hourly works with a plan of pieces and a weather forecast that was right to a degree; both move its load.
features::TargetHistory driven_plant(unsigned seed) {
    auto history = test_support::history_of({.zone = "UTC", .days = days, .step = hours(1), .noise = 8, .seed = seed});
    std::mt19937 random(seed + 100);
    std::normal_distribution<double> gauss(0.0, 1.0);
    const auto& axis = history.target.axis;
    auto weather = Series::missing({.id = "weather", .kind = SeriesKind::temperature, .step = axis.step}, axis);
    auto plan = Series::missing({.id = "plan", .kind = SeriesKind::count, .step = axis.step}, axis);
    double warm = 0;
    double busy = 0;
    for (int slot = 0; slot < axis.slots; ++slot) {
        if (slot % 24 == 0) {
            warm = 20 + 6 * gauss(random);
            busy = std::abs(50 + 25 * gauss(random));
        }
        const double outdoors = warm + 4 * std::sin((slot % 24 - 9) / 24.0 * 6.283);
        const bool works = *history.target.at(slot) > 250;
        weather.set(slot, outdoors + gauss(random));
        plan.set(slot, works ? busy : 0);
        const double cooling = 6 * std::max(0.0, outdoors - 16);
        history.target.set(slot, *history.target.at(slot) + cooling + (works ? 3 * (busy - 50) : 0));
    }
    history.known = {weather, plan};
    return history;
}

double crps(const std::string& method, const features::TargetHistory& history) {
    const features::DayGrid grid(features::Known(history, history.target.axis.end()));
    FeatureTable table(grid, {.lead = 1, .slot = 10}, {});
    NoProgress progress;
    const RollingSpan span{.from = scored.from, .to = scored.to, .refit_days = scored.to - scored.from};
    const auto record = roll(find_method(method).value(), table, span, progress).value();
    return score(record, grid, scored, weekly_scale(grid, scored.from)).crps;
}

class Driven : public testing::TestWithParam<unsigned> {};

TEST_P(Driven, PlantsAreForecastBetterWithTheirDrivers) {
    const auto told = driven_plant(GetParam());
    auto untold = told;
    untold.known.clear();
    for (const auto* method : {"ridge", "ridge_hour", "ridge_plan"}) {
        EXPECT_LT(crps(method, told), 0.7 * crps(method, untold)) << method;
    }
}

INSTANTIATE_TEST_SUITE_P(Seeds, Driven, testing::Range(1U, 6U));

TEST(Driven, PlantsAreForecastBetterByTheStackToo) {
    const auto told = driven_plant(7);
    auto untold = told;
    untold.known.clear();
    EXPECT_LT(crps("stack", told), 0.7 * crps("stack", untold));
}

// Machines that were fitted with meters last week have a plan, but no history that a day could be compared with.
TEST(Driven, AFewDaysAreEnoughToLearnWhatAPlanDraws) {
    const auto told = driven_plant(8);
    const features::DayGrid grid(features::Known(told, told.target.axis.end()));
    FeatureTable table(grid, {.lead = 1, .slot = 10}, {});
    NoProgress progress;
    constexpr DaySpan second_week{.from = 8, .to = 12};
    const auto crps_of = [&](const char* method) {
        const auto record =
            roll(find_method(method).value(), table, {.from = 8, .to = 12, .refit_days = 1}, progress).value();
        EXPECT_EQ(record.from, second_week.from) << method;
        return score(record, grid, second_week, 1).crps;
    };
    EXPECT_LT(crps_of("ridge_plan"), 0.7 * std::min(crps_of("seasonal_day"), crps_of("seasonal_week")));
}

}  // namespace
}  // namespace loadstar::forecast
