#include "base/nearest.hpp"

#include <gtest/gtest.h>

namespace loadstar {
namespace {

TEST(Nearest, AMisspellingComesBeforeAWordThatContainsIt) {
    EXPECT_EQ(nearest("powerr", {"power_factor_powerr", "power"}), "power");
    EXPECT_EQ(nearest("Power", {"max_power_kw", "tower"}), "tower");
}

TEST(Nearest, OfWordsThatContainItTheShortestIsMeant) {
    EXPECT_EQ(nearest("capacity", {"capacity_charge_per_month", "capacity_kwh"}), "capacity_kwh");
}

TEST(Nearest, ATrueMatchIsNotBeatenByOneThatOnlyContainsIt) {
    EXPECT_EQ(nearest("LOAD", {"load_forecast", "load"}), "load");
}

TEST(Nearest, ShortWordsAreNotSoughtInsideLongOnes) { EXPECT_EQ(nearest("pv", {"pv_plant_on_the_roof"}), ""); }

}  // namespace
}  // namespace loadstar
