#include "service/session.hpp"

#include <gtest/gtest.h>

#include "support/stored_plant.hpp"

namespace loadstar::service {
namespace {

constexpr const char* hourly_in_india = R"([site]
name = "Foundry"
time_zone = "Asia/Kolkata"
currency = "INR"
step_minutes = 60

[source.files]
file = "readings.csv"
[source.files.stamp]
column = "time"
[[source.files.column]]
column = "power"
series = "load"
kind = "mean_power"
unit = "kW"
)";

TEST(Session, HoursOfAHalfHourZoneBeginAtItsOwnFullHour) {
    test_support::StoredPlant plant(hourly_in_india);
    const auto zone = TimeZone::find("Asia/Kolkata").value();
    const auto midnight = zone.start_of_day(parse_day("2025-03-01").value());
    // Quarter-hours from 00:30 to 02:15 local time.
    plant.store({.id = "load", .kind = SeriesKind::mean_power, .unit = "kW", .step = minutes(15)},
                midnight + minutes(30), std::vector<double>{10, 20, 30, 40, 50, 60, 70});
    const SystemClock clock;
    auto session = Session::open(plant.folder(), historian::OpenMode::read, clock).value();

    const auto covered = session.covered("load").value();
    EXPECT_EQ(covered.start, midnight);
    EXPECT_EQ(covered.slots, 3);
    const auto power = session.series("load").value();
    ASSERT_TRUE(power.has(1));
    EXPECT_DOUBLE_EQ(power.values[1], (30 + 40 + 50 + 60) / 4.0);
}

}  // namespace
}  // namespace loadstar::service
