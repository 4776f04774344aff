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

constexpr const char* driven_plant = R"(version = 1
[site]
name = "Works"
time_zone = "UTC"
step_minutes = 60
[source.files]
file = "readings.csv"
step_minutes = 60
[source.files.stamp]
column = "time"
[[source.files.column]]
column = "power"
series = "mill.power"
[[source.files.column]]
column = "outdoors"
series = "outdoors"
kind = "temperature"
unit = "C"
[[source.files.column]]
column = "plan"
series = "plan"
kind = "count"
unit = "pcs"
known_ahead = true
[[source.files.column]]
column = "weather"
series = "weather"
kind = "temperature"
unit = "C"
known_ahead = true
[[source.files.column]]
column = "pieces"
series = "mill.pieces"
kind = "count"
unit = "pcs"
[machine.mill]
power_series = "mill.power"
pieces_series = "mill.pieces"
[[forecast.target]]
series = "mill.power"
)";

TEST(Session, ATargetThatNamesNoCovariatesGetsThoseThatThePlantHasReadingsOf) {
    test_support::StoredPlant plant(driven_plant);
    const auto start = parse_instant("2025-03-01T00:00:00Z").value();
    const auto store = [&](const char* id, SeriesKind kind, std::size_t slots) {
        plant.store({.id = id, .kind = kind, .unit = "1", .step = hours(1)}, start, std::vector<double>(slots, 5.0));
    };
    store("mill.power", SeriesKind::interval_energy, 24);
    store("outdoors", SeriesKind::temperature, 24);
    store("mill.pieces", SeriesKind::count, 24);
    store("plan", SeriesKind::count, 48);
    const SystemClock clock;
    auto session = Session::open(plant.folder(), historian::OpenMode::read, clock).value();

    const auto history = session.target_history("mill.power").value();
    ASSERT_TRUE(history.temperature);
    EXPECT_EQ(history.temperature->info.id, "outdoors");
    ASSERT_EQ(history.past.size(), 1U);
    EXPECT_EQ(history.past[0].info.id, "mill.pieces");
    ASSERT_EQ(history.known.size(), 1U);  // the weather forecast was never imported
    EXPECT_EQ(history.known[0].info.id, "plan");
    EXPECT_EQ(history.known[0].size(), 48);
}

}  // namespace
}  // namespace loadstar::service
