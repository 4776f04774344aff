#include "simulate/building.hpp"

#include <gtest/gtest.h>

#include "simulate/faults.hpp"

namespace loadstar::simulate {
namespace {

using namespace loadstar::literals;

// By hand: 400 kW x 0.8 x 0.5 = 160 kW at a cell of 25 C (11 C + 14 K); 20 K warmer cells give 8 % less.
TEST(Photovoltaics, GivesWhatTheLightAllowsAndLessWhenItIsHot) {
    EXPECT_NEAR(photovoltaic_power(400_kW, 0.5, 11).value(), 160, 1e-9);
    EXPECT_NEAR(photovoltaic_power(400_kW, 0.5, 31).value(), 160 * 0.92, 1e-9);
    EXPECT_EQ(photovoltaic_power(400_kW, 0, 11).value(), 0);
}

TEST(Building, NeverHeatsAndCoolsWithTheSameAirInHeatOrFrost) {
    const BuildingUse summer{.crewed = true, .temperature = 35};
    EXPECT_EQ(heating_load(summer, 900_kW), 0_kW);
    EXPECT_GT(cooling_load(summer, 900_kW), 800_kW);
    const BuildingUse frost{.temperature = -3};
    EXPECT_GT(heating_load(frost, 300_kW), 200_kW);
    EXPECT_EQ(cooling_load(frost, 300_kW), 0_kW);
}

TEST(Building, WasteWaterTreatmentNeedsTheEnergyOfItsDayInItsHours) {
    Energy energy;
    for (int quarter = 0; quarter < 96; ++quarter)
        energy += wastewater_power({.civil = {.hour = quarter / 4, .minute = quarter % 4 * 15}}) * 0.25_h;
    EXPECT_EQ(energy, 405_kWh);
}

TEST(Building, DrawsMoreWhilePeopleAreThere) {
    const BuildingUse night{.civil = {.hour = 3}};
    const BuildingUse day{.civil = {.hour = 10}, .crewed = true, .office_open = true, .hot_ovens = 2};
    EXPECT_GT(ventilation_power(day), ventilation_power(night));
    EXPECT_GT(lighting_power(day), lighting_power(night));
    EXPECT_GT(office_power(day), office_power(night));
    EXPECT_GT(nitrogen_power(day), nitrogen_power(night));
}

TEST(Faults, GrowEvenlyAndAreGoneWhenMended) {
    const auto start = parse_instant("2025-06-01T00:00:00Z").value();
    const Fault leak{.start = start, .end = start + hours(100), .severity = 4};
    EXPECT_EQ(leak.grown(start - minutes(15)), 0);
    EXPECT_EQ(leak.grown(start), 0);
    EXPECT_DOUBLE_EQ(leak.grown(start + hours(50)), 2);
    EXPECT_EQ(leak.grown(start + hours(100)), 0);
}

}  // namespace
}  // namespace loadstar::simulate
