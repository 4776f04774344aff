#include "simulate/utilities.hpp"

#include <gtest/gtest.h>

namespace loadstar::simulate {
namespace {

using namespace loadstar::literals;

TEST(Compressor, IdlesAtItsUnloadedPowerAndLoadsInShareOfDemand) {
    const Compressor compressor{.delivery_m3_per_min = 20, .loaded = 120_kW, .unloaded = 40_kW};
    EXPECT_EQ(run_compressor(compressor, 0).power, 40_kW);
    EXPECT_EQ(run_compressor(compressor, 10).power, 80_kW);
    EXPECT_EQ(run_compressor(compressor, 20).power, 120_kW);
}

TEST(Compressor, SaysHowMuchAirItCouldNotDeliver) {
    const auto step = run_compressor({.delivery_m3_per_min = 20, .loaded = 120_kW, .unloaded = 40_kW}, 23);
    EXPECT_EQ(step.power, 120_kW);
    EXPECT_DOUBLE_EQ(step.short_m3_per_min, 3);
}

// By hand: condenser 30 + 10 = 40 C, ideal 280.15 / 33 = 8.489, half of it 4.245; 424.5 kW / 4.245 = 100 kW, pumps 20.
TEST(Chiller, DrawsWhatACarnotShareAsksFor) {
    const Chiller chiller{
        .capacity = 900_kW, .carnot_share = 0.5, .chilled_water = 7, .condenser_above_outdoor = 10, .pumps = 20_kW};
    EXPECT_NEAR(run_chiller(chiller, 424.5_kW, 30, 0).power.value(), 120.0, 0.05);
}

TEST(Chiller, DrawsMoreWhenItIsHotOrFouledAndNothingWithoutLoad) {
    const Chiller chiller;
    const auto mild = run_chiller(chiller, 500_kW, 20, 0).power;
    EXPECT_GT(run_chiller(chiller, 500_kW, 35, 0).power, mild);
    EXPECT_GT(run_chiller(chiller, 500_kW, 20, 4).power, mild);
    EXPECT_EQ(run_chiller(chiller, 0_kW, 35, 4).power, 0_kW);
}

TEST(Chiller, RemovesNoMoreThanItsCapacity) {
    EXPECT_EQ(run_chiller(Chiller{.capacity = 900_kW}, 1200_kW, 30, 0).cooling, 900_kW);
    EXPECT_EQ(run_chiller(Chiller{.capacity = 900_kW}, 300_kW, 30, 0).cooling, 300_kW);
}

}  // namespace
}  // namespace loadstar::simulate
