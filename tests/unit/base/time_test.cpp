#include <gtest/gtest.h>

#include "base/instant.hpp"
#include "base/nearest.hpp"
#include "base/time_zone.hpp"

namespace loadstar {
namespace {

Instant at(const char* text) { return parse_instant(text).value(); }
TimeZone zone(const char* name) { return TimeZone::find(name).value(); }

TEST(InstantText, RoundTripsAndAcceptsOffsets) {
    EXPECT_EQ(to_string(at("2018-03-06T00:00:00Z")), "2018-03-06T00:00:00Z");
    EXPECT_EQ(at("2018-03-06T09:00:00+09:00"), at("2018-03-06T00:00:00Z"));
    EXPECT_EQ(at("2022-08-31 22:00:00+00:00"), at("2022-08-31T22:00Z"));
    EXPECT_EQ(to_string(at("2018-03-06T00:00:00.25Z")), "2018-03-06T00:00:00.250Z");
}

TEST(InstantText, RefusesImpossibleTimes) {
    for (const char* text : {"", "2018-02-30T00:00:00Z", "2018-03-06T24:00:00Z", "2018-03-06T00:00:00", "yesterday"}) {
        const auto parsed = parse_instant(text);
        ASSERT_FALSE(parsed) << text;
        EXPECT_NE(parsed.error().message.find("found \""), std::string::npos);
    }
}

// EU rule: clocks go back at 01:00 UTC on the last Sunday of October, forward on that of March.
TEST(TimeZoneRules, BerlinDaysHave92And100QuarterHours) {
    const auto berlin = zone("Europe/Berlin");
    const auto quarters = [&](const char* day) {
        const auto date = parse_day(day).value();
        return (berlin.start_of_day(add_days(date, 1)) - berlin.start_of_day(date)) / minutes(15);
    };
    EXPECT_EQ(quarters("2025-03-30"), 92);
    EXPECT_EQ(quarters("2025-10-26"), 100);
    EXPECT_EQ(quarters("2025-07-01"), 96);
}

TEST(TimeZoneRules, RepeatedAndSkippedLocalTimesAreTold) {
    const auto berlin = zone("Europe/Berlin");
    const auto repeated = berlin.to_instant({.year = 2025, .month = 10, .day = 26, .hour = 2, .minute = 30});
    EXPECT_EQ(repeated.kind, LocalMapping::Kind::repeated);
    EXPECT_EQ(repeated.second - repeated.first, hours(1));
    const auto skipped = berlin.to_instant({.year = 2025, .month = 3, .day = 30, .hour = 2, .minute = 30});
    EXPECT_EQ(skipped.kind, LocalMapping::Kind::skipped);
    EXPECT_EQ(skipped.first, at("2025-03-30T01:00:00Z"));
}

// Every quarter-hour of two years maps to local time and back, in zones with half-hour jumps and odd offsets.
TEST(TimeZoneRules, LocalTimeRoundTripsInEveryZone) {
    for (const char* name :
         {"Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Asia/Shanghai"}) {
        const auto local = zone(name);
        for (auto t = at("2024-01-01T00:00:00Z"); t < at("2026-01-01T00:00:00Z"); t += minutes(15)) {
            const auto mapping = local.to_instant(local.to_civil(t));
            ASSERT_NE(mapping.kind, LocalMapping::Kind::skipped) << name << to_string(t);
            ASSERT_TRUE(mapping.first == t || mapping.second == t) << name << to_string(t);
        }
    }
}

TEST(TimeZoneRules, UnknownZoneNamesTheNearest) {
    const auto found = TimeZone::find("Asia/Shanghia");
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().code, ErrorCode::not_found);
    EXPECT_EQ(found.error().hint, "did you mean Asia/Shanghai?");
}

TEST(TimeZoneRules, FormatsWithOffset) {
    EXPECT_EQ(zone("Asia/Seoul").format(at("2018-03-05T15:00:00Z")), "2018-03-06T00:00:00+09:00");
    EXPECT_EQ(zone("America/New_York").format(at("2025-01-01T12:00:00Z")), "2025-01-01T07:00:00-05:00");
}

TEST(HorizonSlots, ContainHalfOpenIntervals) {
    const Horizon horizon{at("2018-03-06T00:00:00Z"), minutes(15), 96};
    EXPECT_EQ(horizon.slot_of(at("2018-03-06T00:14:59Z")), 0);
    EXPECT_EQ(horizon.slot_of(at("2018-03-06T00:15:00Z")), 1);
    EXPECT_EQ(horizon.slot_of(at("2018-03-05T23:59:59Z")), -1);
    EXPECT_EQ(horizon.end(), at("2018-03-07T00:00:00Z"));
}

TEST(Nearest, FindsTheMisspelledWordAndNothingElse) {
    const std::vector<std::string> words{"max_charge_kw", "capacity_kwh", "wear_per_kwh"};
    EXPECT_EQ(nearest("max_charge_kv", words), "max_charge_kw");
    EXPECT_EQ(nearest("Capacity_kWh", words), "capacity_kwh");
    EXPECT_EQ(nearest("colour", words), "");
}

}  // namespace
}  // namespace loadstar
