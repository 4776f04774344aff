#include <algorithm>

#include <gtest/gtest.h>

#include "corpus/machine.hpp"
#include "corpus/meter_tree.hpp"
#include "corpus/production.hpp"
#include "corpus/scene.hpp"
#include "corpus/shift_calendar.hpp"
#include "corpus/weather.hpp"

namespace loadstar::corpus {
namespace {

constexpr Clock quarter_hourly{.step_minutes = 15, .start_minutes = 0};
constexpr int points = 2048;

double correlation(ConstRow a, ConstRow b) {
    const auto of_a = spread_of(a);
    const auto of_b = spread_of(b);
    if (of_a.deviation == 0 || of_b.deviation == 0) return 0;
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) sum += (a[i] - of_a.mean) * (b[i] - of_b.mean);
    return sum / (static_cast<double>(a.size()) * of_a.deviation * of_b.deviation);
}

TEST(ShiftCalendar, HoursWorkedDoNotDependOnTheStep) {
    constexpr Clock hourly{.step_minutes = 60, .start_minutes = 0};
    constexpr Clock daily{.step_minutes = 1440, .start_minutes = 0};
    for (std::uint64_t number = 0; number < 30; ++number) {
        Random random(1, number, 0);
        const ShiftCalendar shifts(random);
        const double by_quarter = spread_of(shifts.working(quarter_hourly, 28 * 96)).mean;
        EXPECT_NEAR(spread_of(shifts.working(hourly, 28 * 24)).mean, by_quarter, 0.01) << number;
        EXPECT_NEAR(spread_of(shifts.working(daily, 28)).mean, by_quarter, 0.01) << number;
    }
}

TEST(ShiftCalendar, ADayWithoutWorkHasNoShiftThatBeginsOnIt) {
    for (std::uint64_t number = 0; number < 30; ++number) {
        Random random(2, number, 0);
        const ShiftCalendar shifts(random);
        const auto working = shifts.working(quarter_hourly, points);
        const auto days = shifts.working_days(quarter_hourly, points);
        for (std::size_t i = 96; i < points; ++i) {
            const bool neither_day = days[i] == 0 && days[i - 96] == 0;
            EXPECT_TRUE(!neither_day || working[i] == 0) << number << " at " << i;
            EXPECT_LE(working[i], 1);
        }
    }
}

TEST(Machine, DrawsMostOfItsEnergyWhileItsWorksWorks) {
    Values working(points);
    for (std::size_t i = 0; i < working.size(); ++i) working[i] = i % 96 >= 24 && i % 96 < 88 ? 1 : 0;
    double mean = 0;
    for (std::uint64_t number = 0; number < 40; ++number) {
        Random random(3, number, 0);
        mean += correlation(Machine(random, quarter_hourly).power(random, working), working) / 40;
    }
    EXPECT_GT(mean, 0.6);
}

TEST(MeterTree, TheParentIsTheSumOfTheChildrenAndWhatIsUnmetered) {
    for (std::uint64_t number = 0; number < 10; ++number) {
        Random random(4, number, 0);
        const auto tree = grow_meter_tree(random, quarter_hourly, 5, points);
        ASSERT_EQ(tree.children.size(), 5U);
        for (std::size_t i = 0; i < points; ++i) {
            double sum = tree.unmetered[i];
            for (const auto& child : tree.children) sum += child[i];
            ASSERT_NEAR(tree.parent[i], sum, 1e-9 * std::abs(sum)) << number << " at " << i;
            EXPECT_GE(tree.unmetered[i], 0);
        }
    }
}

TEST(Production, NothingIsMadeWhileNobodyWorks) {
    Values working(points);
    for (std::size_t i = 0; i < working.size(); ++i) working[i] = i / 96 % 2 == 0 ? 1 : 0;
    Random random(5);
    const auto production = draw_production(random, quarter_hourly, working, 2);
    for (std::size_t i = 0; i < points; ++i) {
        if (working[i] > 0) continue;
        EXPECT_EQ(total(production.planned)[i], 0);
        EXPECT_EQ(total(production.made)[i], 0);
    }
}

TEST(Forecast, IsWorseTheOlderItIs) {
    Random random(6);
    Values temperature(20000);
    make_temperature(random, quarter_hourly, temperature);
    Values forecast(temperature.size());
    make_forecast(random, quarter_hourly, temperature, 0.3, forecast);
    EXPECT_GT(correlation(temperature, forecast), 0.9);
    Values error = forecast;
    add_scaled(error, temperature, -1);
    EXPECT_NEAR(spread_of(error).deviation, 0.22 * spread_of(temperature).deviation,
                0.05 * spread_of(temperature).deviation);
}

/// Mean over windows of the largest correlation of the target with a row that is known ahead.
double driven_by_ahead(FillScene fill) {
    double sum = 0;
    int windows = 0;
    for (std::uint64_t number = 0; number < 100; ++number) {
        Random random(7, number, 0);
        Panel panel({.variates = 6, .points = points});
        fill(random, quarter_hourly, panel);
        double best = -1;
        for (int i = 1; i < panel.rows(); ++i) {
            if (panel.role(i) == Role::ahead) best = std::max(best, std::abs(correlation(panel.row(0), panel.row(i))));
        }
        if (best < 0) continue;
        sum += best;
        ++windows;
    }
    return sum / windows;
}

TEST(Scenes, TargetsFollowWhatIsKnownAheadInFactoriesAndNotAmongUnrelatedSeries) {
    EXPECT_GT(driven_by_ahead(fill_orders), 0.6);
    EXPECT_GT(driven_by_ahead(fill_climate), 0.5);
    EXPECT_GT(driven_by_ahead(fill_driven), 0.4);
    EXPECT_GT(driven_by_ahead(fill_prosumer), 0.4);
    EXPECT_LT(driven_by_ahead(fill_unrelated), 0.3);
}

TEST(Scenes, EveryKindBeginsWithATargetAndFits) {
    for (const auto& scene : scenes()) {
        for (const int variates : {1, 2, 16}) {
            if ((variates == 1 ? scene.alone : scene.company) == 0) continue;
            for (std::uint64_t number = 0; number < 30; ++number) {
                Random random(8, number, 0);
                Panel panel({.variates = variates, .points = 300});
                scene.fill(random, draw_clock(random), panel);
                ASSERT_GE(panel.rows(), 1) << scene.name;
                EXPECT_EQ(panel.role(0), Role::target) << scene.name;
            }
        }
    }
}

}  // namespace
}  // namespace loadstar::corpus
