#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/read_source.hpp"

namespace loadstar::test_support {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string utf16(std::string_view text, bool big) {
    std::string result = big ? "\xFE\xFF" : "\xFF\xFE";
    for (const char c : text) result.append(big ? std::string{'\0', c} : std::string{c, '\0'});
    return result;
}

constexpr auto two_rows = "time,kWh\n2018-01-01 00:00,1.5\n2018-01-01 00:15,2.5\n";

TEST(ReadCsv, ReadsAPlainFile) {
    const auto outcome = read_text(meter_source(), two_rows);
    ASSERT_TRUE(outcome.report) << to_string(outcome.report.error());
    EXPECT_THAT(outcome.values("load"), ElementsAre(1.5, 2.5));
    EXPECT_THAT(outcome.instants("load"), ElementsAre("2018-01-01T00:00:00Z", "2018-01-01T00:15:00Z"));
    EXPECT_EQ(outcome.report->rows, 2);
    EXPECT_EQ(outcome.report->readings, 2);
    EXPECT_EQ(outcome.report->encoding, "UTF-8");
    EXPECT_EQ(outcome.report->delimiter, ",");
    EXPECT_THAT(outcome.told(), IsEmpty());
}

TEST(ReadCsv, ReadsSemicolonsDecimalCommasQuotesAndWindowsLineEnds) {
    auto source = meter_source();
    source.decimal_mark = ",";
    source.skip_lines = 1;
    const auto outcome = read_text(source,
                                   "\xEF\xBB\xBFMeter 7\r\n\"time\";\"kWh\";\"note\"\r\n2018-01-01 00:00;\"1.001,5\";"
                                   "\"a;\"\"b\"\"\"\r\n\r\n2018-01-01 00:15; 2,5 ;\r\n");
    ASSERT_TRUE(outcome.report) << to_string(outcome.report.error());
    EXPECT_THAT(outcome.values("load"), ElementsAre(1001.5, 2.5));
    EXPECT_EQ(outcome.report->delimiter, ";");
    EXPECT_EQ(outcome.report->rows, 2);
}

TEST(ReadCsv, ReadsUtf16OfBothByteOrders) {
    for (const bool big : {false, true}) {
        const auto outcome = read_text(meter_source(), utf16(two_rows, big));
        ASSERT_TRUE(outcome.report) << to_string(outcome.report.error());
        EXPECT_THAT(outcome.values("load"), ElementsAre(1.5, 2.5));
        EXPECT_EQ(outcome.report->encoding, big ? "UTF-16BE" : "UTF-16LE");
    }
}

TEST(ReadCsv, ReadsGb18030Headers) {
    auto source = meter_source();
    source.columns[0].column = "电量";
    source.stamp.columns = {"时间"};
    const auto outcome = read_text(source, "\xCA\xB1\xBC\xE4,\xB5\xE7\xC1\xBF\n2018-01-01 00:00,1.5\n");
    ASSERT_TRUE(outcome.report) << to_string(outcome.report.error());
    EXPECT_EQ(outcome.report->encoding, "GB18030");
    EXPECT_THAT(outcome.values("load"), ElementsAre(1.5));
}

TEST(ReadCsv, ReadsWithoutAHeaderByPosition) {
    auto source = meter_source();
    source.has_header = false;
    source.stamp.columns = {"#1", "#2"};
    source.columns[0].column = "#4";
    const auto outcome = read_text(source, "2018-01-01\t00:00\tx\t1.5\n2018-01-01\t00:15\ty\t2.5\n");
    EXPECT_THAT(outcome.values("load"), ElementsAre(1.5, 2.5));
}

TEST(ReadCsv, StampsOfEndsBecomeStarts) {
    auto source = meter_source();
    source.stamp.convention = StampConvention::interval_end;
    const auto outcome = read_text(source, "time,kWh\n2018-01-01 00:15,1\n2018-01-01 24:00,2\n");
    EXPECT_THAT(outcome.instants("load"), ElementsAre("2018-01-01T00:00:00Z", "2018-01-01T23:45:00Z"));
}

TEST(ReadCsv, MidnightMayKeepTheDateOfItsDay) {
    auto source = meter_source();
    source.stamp.convention = StampConvention::interval_end;
    source.stamp.midnight_keeps_date = true;
    const auto outcome =
        read_text(source, "time,kWh\n2018-01-01 23:45,1\n2018-01-01 00:00,2\n2018-01-02 00:15,3\n2018-01-02 24:00,4\n");
    EXPECT_THAT(outcome.instants("load"), ElementsAre("2018-01-01T23:30:00Z", "2018-01-01T23:45:00Z",
                                                      "2018-01-02T00:00:00Z", "2018-01-02T23:45:00Z"));
    EXPECT_THAT(outcome.told(), IsEmpty());
}

TEST(ReadCsv, ARegisterIsReadAtItsStampWhateverTheIntervalIs) {
    auto source = meter_source();
    source.stamp.convention = StampConvention::interval_end;
    source.columns[0].kind = SeriesKind::register_reading;
    EXPECT_THAT(read_text(source, two_rows).instants("load"),
                ElementsAre("2018-01-01T00:00:00Z", "2018-01-01T00:15:00Z"));
}

TEST(ReadCsv, EachBadCellIsToldWithItsPlaceAndTheRestIsRead) {
    auto source = meter_source();
    source.columns[0].maximum = 100;
    const auto outcome = read_text(source,
                                   "time,kWh,other\n2018-01-01 00:00,abc,1\n2018-01-01 00:15,inf,1\n"
                                   "2018-01-01 00:30,25.1,1\n2018-01-01 00:45,-1,1\nyesterday,1,1\n"
                                   "2018-01-01 01:15,1\n2018-01-01 01:30,NA,1\n2018-01-01 01:45,25,1\n"
                                   "2031-01-01 00:00,1,1\n");
    EXPECT_THAT(outcome.told(),
                ElementsAre("2 kWh rejected_not_number", "3 kWh rejected_not_finite", "4 kWh rejected_spike",
                            "5 kWh rejected_negative", "6 row rejected_bad_stamp", "7 row rejected_column_count",
                            "10 row rejected_future"));
    EXPECT_THAT(outcome.values("load"), ElementsAre(25));
    EXPECT_EQ(outcome.sink.rejections[0].text, "found \"abc\", expected a number with decimal_mark \".\"");
    EXPECT_EQ(outcome.sink.rejections[0].series, "load");
    EXPECT_EQ(outcome.sink.rejections[2].text, "found \"25.1\", expected at most 25 kWh");
    EXPECT_EQ(outcome.report->reasons.at(Reason::missing), 1);
    EXPECT_EQ(outcome.report->rejected, 7);
}

TEST(ReadCsv, PricesAndPlansMayLieAhead) {
    auto source = meter_source();
    const auto* text = "time,kWh\n2031-01-01 00:00,1\n";
    source.columns[0].kind = SeriesKind::price;
    EXPECT_THAT(read_text(source, text).values("load"), ElementsAre(1));
    source.columns[0].kind = SeriesKind::count;
    EXPECT_THAT(read_text(source, text).values("load"), IsEmpty());
    source.columns[0].known_ahead = true;
    EXPECT_THAT(read_text(source, text).values("load"), ElementsAre(1));
}

TEST(ReadCsv, ARowOfZerosIsABlankOnlyWhereTheMappingSaysSo) {
    auto source = meter_source();
    source.columns.push_back({.column = "band", .series = "band", .kind = SeriesKind::state, .codes = {{"low", 0}}});
    const auto* text = "time,kWh,band\n2018-01-01 00:00,0,low\n2018-01-01 00:15,1,low\n";
    EXPECT_THAT(read_text(source, text).values("load"), ElementsAre(0, 1));
    source.reject_all_zero_rows = true;
    const auto outcome = read_text(source, text);
    EXPECT_THAT(outcome.values("load"), ElementsAre(1));
    EXPECT_THAT(outcome.told(), ElementsAre("2 row rejected_all_zero"));
}

TEST(ReadCsv, KeysTellMachinesApart) {
    auto source = meter_source();
    source.key_column = "machine";
    source.keys = {"A", "B"};
    source.columns[0].series = "{key}.load";
    const auto outcome = read_text(source,
                                   "time,machine,kWh\n2018-01-01 00:00,A,1\n2018-01-01 00:00,B,2\n"
                                   "2018-01-01 00:00,C,3\n2018-01-01 00:15,A,4\n");
    EXPECT_THAT(outcome.values("A.load"), ElementsAre(1, 4));
    EXPECT_THAT(outcome.values("B.load"), ElementsAre(2));
    EXPECT_THAT(outcome.told(), ElementsAre("4 machine rejected_unknown_key"));
}

TEST(ReadCsv, RowsThatComeAgainOrGoBackAreToldAndTaken) {
    const auto outcome = read_text(meter_source(),
                                   "time,kWh\n2018-01-01 00:15,1\n2018-01-01 00:00,2\n2018-01-01 00:30,3\n"
                                   "2018-01-01 00:15,1\n");
    EXPECT_THAT(outcome.told(), ElementsAre("3 row out_of_order", "5 row duplicate"));
    EXPECT_EQ(outcome.report->repaired, 2);
    EXPECT_EQ(outcome.report->rejected, 0);
    EXPECT_EQ(outcome.report->readings, 4);
}

TEST(ReadCsv, UnknownCodesAreRefusedByName) {
    auto source = meter_source();
    source.columns[0].kind = SeriesKind::state;
    source.columns[0].codes = {{"off", 0}, {"run", 2}};
    const auto outcome = read_text(source, "time,kWh\n2018-01-01 00:00,run\n2018-01-01 00:15,ready\n");
    EXPECT_THAT(outcome.values("load"), ElementsAre(2));
    EXPECT_THAT(outcome.told(), ElementsAre("3 kWh rejected_unknown_key"));
}

TEST(ReadCsv, ALineWithOtherBytesIsRefusedAndTheOthersAreRead) {
    const auto outcome =
        read_text(meter_source(), "time,kWh\n2018-01-01 00:00,1\n2018-01-01 00:15,\xFF\n2018-01-01 00:30,3\n");
    EXPECT_THAT(outcome.told(), ElementsAre("3 row rejected_encoding"));
    EXPECT_THAT(outcome.values("load"), ElementsAre(1, 3));
    EXPECT_THAT(outcome.sink.rejections[0].text, HasSubstr("expected UTF-8"));
}

TEST(ReadCsv, ALastLineThatIsCutOffIsRefused) {
    for (const auto* cut : {"2018-01-01 00:15", "2018-01-01 00:15,2.", "2018-01-01 00:15,\"2.5"}) {
        const auto outcome = read_text(meter_source(), std::string("time,kWh\n2018-01-01 00:00,1.5\n") + cut);
        EXPECT_THAT(outcome.told(), ElementsAre("3 row rejected_cut_off")) << cut;
        EXPECT_THAT(outcome.values("load"), ElementsAre(1.5));
    }
}

TEST(ReadCsv, AWholeLastLineNeedsNoLineEnd) {
    const auto outcome = read_text(meter_source(), "time,kWh\n2018-01-01 00:00,1.5\n2018-01-01 00:15,2.5");
    EXPECT_THAT(outcome.values("load"), ElementsAre(1.5, 2.5));
}

TEST(ReadCsv, AMissingColumnNamesTheNearestOne) {
    const auto outcome = read_text(meter_source(), "time,kWhs\n2018-01-01 00:00,1\n");
    ASSERT_FALSE(outcome.report);
    EXPECT_EQ(outcome.report.error().code, ErrorCode::invalid_input);
    EXPECT_EQ(outcome.report.error().message, "no column \"kWh\"; the header has: time, kWhs");
    EXPECT_EQ(outcome.report.error().hint, "did you mean \"kWhs\"?");
    EXPECT_THAT(outcome.report.error().where, HasSubstr("meter.csv:1"));
}

TEST(ReadCsv, AWrongDelimiterIsNamed) {
    auto source = meter_source();
    source.delimiter = ",";
    const auto outcome = read_text(source, "time;kWh\n2018-01-01 00:00;1\n");
    ASSERT_FALSE(outcome.report);
    EXPECT_EQ(outcome.report.error().hint, "the header is cut nowhere; try delimiter = \";\"");
}

TEST(ReadCsv, AFileWithNothingInItIsAnError) {
    EXPECT_EQ(read_text(meter_source(), "").report.error().message, "the file is empty");
    EXPECT_EQ(read_text(meter_source(), "time,kWh\n").report.error().message, "the file has a header but no rows");
}

}  // namespace
}  // namespace loadstar::test_support
