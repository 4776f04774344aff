#include "ingest/stamp.hpp"

#include <gtest/gtest.h>

#include "base/instant.hpp"

namespace loadstar::ingest {
namespace {

std::string parsed(const std::string& format, std::string_view text) {
    const auto stamp = StampParser::compile(format).value().parse(text);
    if (!stamp) return "none";
    const auto shown = to_string(Instant(Duration(stamp->milliseconds)));
    return stamp->absolute ? shown : shown.substr(0, shown.size() - 1);  // "Z" only for absolute ones
}

TEST(StampParser, ReadsPatterns) {
    EXPECT_EQ(parsed("%d/%m/%Y %H:%M", "07/11/2018 00:15"), "2018-11-07T00:15:00");
    EXPECT_EQ(parsed("%m/%d/%Y %I:%M %p", "7/1/2018 12:15 AM"), "2018-07-01T00:15:00");
    EXPECT_EQ(parsed("%m/%d/%Y %I:%M %p", "7/1/2018 12:15 PM"), "2018-07-01T12:15:00");
    EXPECT_EQ(parsed("%Y%m%d%H%M", "201803062359"), "2018-03-06T23:59:00");
    EXPECT_EQ(parsed("%Y年%m月%d日 %H:%M", "2018年3月6日 08:00"), "2018-03-06T08:00:00");
    EXPECT_EQ(parsed("%d-%b-%y %T", "06-Mar-18 08:00:01"), "2018-03-06T08:00:01");
    EXPECT_EQ(parsed("%F %T.%f", "2018-03-06 08:00:01.25"), "2018-03-06T08:00:01.250");
    EXPECT_EQ(parsed("%Y-%m-%d %H:%M%z", "2018-03-06 08:00+0900"), "2018-03-05T23:00:00Z");
}

TEST(StampParser, ReadsIsoDatesWithAndWithoutOffset) {
    EXPECT_EQ(parsed("iso8601", "2022-08-31 22:00:00+00:00"), "2022-08-31T22:00:00Z");
    EXPECT_EQ(parsed("iso8601", "2022-08-31T22:00+08"), "2022-08-31T14:00:00Z");
    EXPECT_EQ(parsed("iso8601", "2022-08-31T22:00:00.5"), "2022-08-31T22:00:00.500");
    EXPECT_EQ(parsed("iso8601", "2022-08-31"), "2022-08-31T00:00:00");
    EXPECT_EQ(parsed("iso8601", "2022-08-31T22:00:00Zulu"), "none");
}

TEST(StampParser, ReadsCountedTime) {
    EXPECT_EQ(parsed("unix_seconds", "1520294400"), "2018-03-06T00:00:00Z");
    EXPECT_EQ(parsed("unix_milliseconds", "1520294400250"), "2018-03-06T00:00:00.250Z");
    EXPECT_EQ(parsed("excel", "43165.0104166667"), "2018-03-06T00:15:00");
    EXPECT_EQ(parsed("unix_seconds", "1e300"), "none");
    EXPECT_EQ(parsed("unix_seconds", "nan"), "none");
}

TEST(StampParser, HourTwentyFourIsTheEndOfItsDay) {
    EXPECT_EQ(parsed("%Y-%m-%d %H:%M", "2018-03-06 24:00"), "2018-03-07T00:00:00");
    EXPECT_EQ(parsed("%Y-%m-%d %H:%M", "2018-03-06 24:15"), "none");
}

TEST(StampParser, RefusesDaysThatAreNot) {
    for (const auto* text : {"2018-02-29 00:00", "2018-13-01 00:00", "2018-01-01 25:00", "2018-01-01 00:60",
                             "2018-01-01", "2018-01-01 00:00 x", ""})
        EXPECT_EQ(parsed("%Y-%m-%d %H:%M", text), "none") << text;
}

TEST(StampParser, NamesAnUnknownDirective) {
    const auto parser = StampParser::compile("%Y-%Q");
    ASSERT_FALSE(parser);
    EXPECT_EQ(parser.error().code, ErrorCode::invalid_input);
    EXPECT_EQ(parser.error().message, "unknown directive \"%Q\" in the stamp format \"%Y-%Q\"");
    EXPECT_FALSE(StampParser::compile("date"));
}

}  // namespace
}  // namespace loadstar::ingest
