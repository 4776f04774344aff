#include "series/units.hpp"

#include <gtest/gtest.h>

namespace loadstar {
namespace {

TEST(Units, MultiplesConvertAndDifferentThingsDoNot) {
    EXPECT_DOUBLE_EQ(factor_between("MWh", "kWh").value(), 1000);
    EXPECT_DOUBLE_EQ(factor_between("GJ", "MWh").value(), 1 / 3.6);
    EXPECT_DOUBLE_EQ(factor_between("m3", "m3").value(), 1);
    EXPECT_FALSE(factor_between("m3", "kWh"));
    EXPECT_FALSE(factor_between("kWh", "kW"));
}

TEST(Units, AnAmountIsCountedInTheUnitOfItsRateTimesHours) {
    EXPECT_EQ(amount_unit_of({.kind = SeriesKind::mean_power, .unit = "kW"}), "kWh");
    EXPECT_EQ(amount_unit_of({.kind = SeriesKind::mean_power, .unit = "m3/h"}), "m3");
    EXPECT_EQ(amount_unit_of({.kind = SeriesKind::interval_energy, .unit = "m3"}), "m3");
    EXPECT_EQ(amount_unit_of({.kind = SeriesKind::temperature, .unit = "C"}), "C");
}

TEST(Units, AMegawattHourInAQuarterIsFourMegawatts) {
    const SeriesInfo info{.id = "load", .kind = SeriesKind::interval_energy, .unit = "MWh"};
    EXPECT_DOUBLE_EQ(mean_power_per_value(info, minutes(15)), 4000);
    auto series = Series::missing(info, {.start = {}, .step = minutes(15), .slots = 1});
    series.set(0, 1);
    const auto power = in_base_power(series).value();
    EXPECT_EQ(power.info.unit, "kW");
    EXPECT_DOUBLE_EQ(power.at(0).value(), 4000);
    EXPECT_EQ(in_unit(series, "m3").error().message, "expected a series in m3, found MWh");
}

}  // namespace
}  // namespace loadstar
