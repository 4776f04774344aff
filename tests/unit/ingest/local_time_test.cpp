#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/read_source.hpp"

namespace loadstar::test_support {
namespace {

using testing::ElementsAre;

Source hourly(StampConvention convention) {
    auto source = meter_source();
    source.stamp.convention = convention;
    source.stamp.time_zone = "Europe/Berlin";  // forward 2018-03-25 02:00, back 2018-10-28 03:00
    source.columns[0].step = hours(1);
    return source;
}

std::string rows(const std::vector<std::string>& hours_of_day, const std::string& day) {
    std::string text = "time,kWh\n";
    for (std::size_t i = 0; i < hours_of_day.size(); ++i)
        text += day + " " + hours_of_day[i] + "," + std::to_string(i + 1) + "\n";
    return text;
}

const std::vector<std::string> four_hours{"2018-10-27T23:00:00Z", "2018-10-28T00:00:00Z", "2018-10-28T01:00:00Z",
                                          "2018-10-28T02:00:00Z"};

TEST(RepeatedHour, FileOrderTellsTheTwoPassesApart) {
    const auto outcome =
        read_text(hourly(StampConvention::interval_start), rows({"01:00", "02:00", "02:00", "03:00"}, "2018-10-28"));
    EXPECT_EQ(outcome.instants("load"), four_hours);
    EXPECT_THAT(outcome.told(), ElementsAre("3 row repeated_hour", "4 row repeated_hour"));
}

TEST(RepeatedHour, FileOrderWorksBackwardsToo) {
    auto source = hourly(StampConvention::interval_start);
    auto expected = four_hours;
    std::reverse(expected.begin(), expected.end());
    EXPECT_EQ(read_text(source, rows({"03:00", "02:00", "02:00", "01:00"}, "2018-10-28")).instants("load"), expected);
}

// Loggers that name the hour before plus one show 03:00 twice; those that read the wall clock show 02:00 twice.
TEST(RepeatedHour, BothWaysOfStampingAnEndAreUnderstood) {
    const auto source = hourly(StampConvention::interval_end);
    EXPECT_EQ(read_text(source, rows({"02:00", "03:00", "03:00", "04:00"}, "2018-10-28")).instants("load"), four_hours);
    EXPECT_EQ(read_text(source, rows({"02:00", "02:00", "03:00", "04:00"}, "2018-10-28")).instants("load"), four_hours);
}

TEST(RepeatedHour, MayBeChosenOrRejected) {
    auto source = hourly(StampConvention::interval_start);
    source.repeated_hour = RepeatedHour::second;
    EXPECT_THAT(read_text(source, rows({"02:30"}, "2018-10-28")).instants("load"), ElementsAre("2018-10-28T01:30:00Z"));
    source.repeated_hour = RepeatedHour::reject;
    EXPECT_THAT(read_text(source, rows({"02:30"}, "2018-10-28")).told(), ElementsAre("2 row rejected_bad_stamp"));
}

TEST(SkippedHour, IsRefused) {
    const auto outcome =
        read_text(hourly(StampConvention::interval_start), rows({"01:00", "02:00", "03:00"}, "2018-03-25"));
    EXPECT_THAT(outcome.instants("load"), ElementsAre("2018-03-25T00:00:00Z", "2018-03-25T01:00:00Z"));
    EXPECT_THAT(outcome.told(), ElementsAre("3 row rejected_skipped_hour"));
}

TEST(SkippedHour, EndsAroundItAreUnderstoodBothWays) {
    const auto source = hourly(StampConvention::interval_end);
    const std::vector<std::string> expected{"2018-03-24T23:00:00Z", "2018-03-25T00:00:00Z", "2018-03-25T01:00:00Z"};
    EXPECT_EQ(read_text(source, rows({"01:00", "02:00", "04:00"}, "2018-03-25")).instants("load"), expected);
    EXPECT_EQ(read_text(source, rows({"01:00", "03:00", "04:00"}, "2018-03-25")).instants("load"), expected);
}

}  // namespace
}  // namespace loadstar::test_support
