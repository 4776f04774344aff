#include "site/store.hpp"

#include <cmath>
#include <random>

#include <gtest/gtest.h>

namespace loadstar {
namespace {

using namespace literals;

Store battery() {
    return {.id = "b",
            .max_charge = 200_kW,
            .max_discharge = 150_kW,
            .capacity = 400_kWh,
            .charge_efficiency = 0.95,
            .discharge_efficiency = 0.9,
            .min_level = 0.1};
}

TEST(BatteryPhysics, ChargingLosesOnTheWayInAndDischargingOnTheWayOut) {
    EXPECT_DOUBLE_EQ(level_after(battery(), 200_kWh, 100_kW, 0.25_h).value(), 200 + 25 * 0.95);
    EXPECT_DOUBLE_EQ(level_after(battery(), 200_kWh, -90_kW, 0.5_h).value(), 200 - 45 / 0.9);
}

TEST(BatteryPhysics, SelfDischargeTakesAShareOfTheLevel) {
    auto leaky = battery();
    leaky.self_discharge_per_hour = 0.01;
    EXPECT_DOUBLE_EQ(level_after(leaky, 200_kWh, 0_kW, 1_h).value(), 198);
}

TEST(BatteryPhysics, TheReserveStopsTheDischarge) {
    const auto range = feasible_power(battery(), 58_kWh, 0.25_h);
    EXPECT_DOUBLE_EQ(range.lowest.value(), -18 / 0.25 * 0.9);
    EXPECT_DOUBLE_EQ(range.highest.value(), 200);
}

TEST(BatteryPhysics, ALevelBelowTheReserveMayNotFallFurther) {
    EXPECT_DOUBLE_EQ(feasible_power(battery(), 20_kWh, 0.25_h).lowest.value(), 0);
}

TEST(BatteryPhysics, FeasiblePowerNeverLeavesTheBatteryWhateverIsWanted) {
    std::mt19937 random(7);
    std::uniform_real_distribution<double> level(40, 400);
    std::uniform_real_distribution<double> target(-100, 600);
    for (int trial = 0; trial < 1000; ++trial) {
        const Energy start(level(random));
        const Energy wanted(target(random));
        const auto end = level_after(battery(), start, power_to_reach(battery(), start, wanted, 0.25_h), 0.25_h);
        EXPECT_GE(end.value(), 40 - 1e-9);
        EXPECT_LE(end.value(), 400 + 1e-9);
        EXPECT_LE(std::abs(end.value() - wanted.value()), std::abs(start.value() - wanted.value()) + 1e-9);
    }
}

TEST(BatteryPhysics, ABatteryWithoutCapacityDoesNothing) {
    auto none = battery();
    none.capacity = 0_kWh;
    const auto range = feasible_power(none, 0_kWh, 0.25_h);
    EXPECT_DOUBLE_EQ(range.lowest.value(), 0);
    EXPECT_DOUBLE_EQ(range.highest.value(), 0);
}

}  // namespace
}  // namespace loadstar
