#include "corpus/distortion.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "corpus/process.hpp"

namespace loadstar::corpus {
namespace {

TEST(Distortion, LeavesAQuarterOfEachTargetAtLeast) {
    constexpr Clock clock{.step_minutes = 15, .start_minutes = 0};
    for (std::uint64_t number = 0; number < 500; ++number) {
        Random random(1, number, 0);
        Panel panel({.variates = 2, .points = 200});
        fill_mixture(random, clock, panel.add(Role::target));
        fill_mixture(random, clock, panel.add(Role::ahead));
        distort(random, clock, panel);
        EXPECT_GE(std::ranges::count_if(panel.row(0), [](double x) { return std::isfinite(x); }), 50) << number;
    }
}

TEST(Distortion, ChangesUnitsByOrdersOfMagnitude) {
    constexpr Clock clock{};
    double smallest = 1e9;
    double largest = 0;
    for (std::uint64_t number = 0; number < 200; ++number) {
        Random random(2, number, 0);
        Panel panel({.variates = 1, .points = 100});
        fill_mixture(random, clock, panel.add(Role::target));
        distort(random, clock, panel);
        const double deviation = spread_of(panel.row(0)).deviation;
        smallest = std::min(smallest, deviation);
        largest = std::max(largest, deviation);
    }
    EXPECT_LT(smallest, 0.01);
    EXPECT_GT(largest, 1e4);
}

TEST(MeterFaults, ChangeAPartOfTheRow) {
    for (std::uint64_t number = 0; number < 50; ++number) {
        Random random(3, number, 0);
        Values row(1000);
        for (std::size_t i = 0; i < row.size(); ++i) row[i] = static_cast<double>(i + 1);
        break_meter(random, row);
        std::size_t changed = 0;
        for (std::size_t i = 0; i < row.size(); ++i) changed += row[i] == static_cast<double>(i + 1) ? 0 : 1;
        EXPECT_LT(changed, 600U) << number;
    }
}

}  // namespace
}  // namespace loadstar::corpus
