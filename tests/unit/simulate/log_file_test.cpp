#include "simulate/log_file.hpp"

#include <gtest/gtest.h>

namespace loadstar::simulate {
namespace {

LogFile three_rows(LogFile::Style style = {}) {
    LogFile file("log.csv", std::move(style), {"time,kW"});
    for (const auto* row : {"1,10", "2,20", "3,30"}) file.add(row);
    return file;
}

std::string text_of(const LogFile& file) { return file.encoded().value().bytes; }

TEST(LogFile, WritesItsHeadAndRows) { EXPECT_EQ(text_of(three_rows()), "time,kW\n1,10\n2,20\n3,30\n"); }

TEST(LogFile, RepeatsSwapsAndLosesRows) {
    auto file = three_rows();
    file.repeat(0);
    EXPECT_EQ(text_of(file), "time,kW\n1,10\n1,10\n2,20\n3,30\n");
    file.swap_with_next(2);
    EXPECT_EQ(text_of(file), "time,kW\n1,10\n1,10\n3,30\n2,20\n");
    file.lose(1, 2);
    EXPECT_EQ(text_of(file), "time,kW\n1,10\n2,20\n");
    EXPECT_EQ(file.imperfections(), (Imperfections{{Reason::duplicate, 1}, {Reason::out_of_order, 1}}));
}

TEST(LogFile, SpoilsSingleCellsAlsoTheLastOfARow) {
    auto file = three_rows();
    file.replace_cell(1, 1, "ERR", Reason::rejected_not_number);
    file.contradict(2, 1, "31");
    EXPECT_EQ(text_of(file), "time,kW\n1,10\n2,ERR\n3,30\n3,31\n");
    EXPECT_EQ(file.imperfections(), (Imperfections{{Reason::rejected_not_number, 1}, {Reason::duplicate, 1}}));
}

TEST(LogFile, ACutLastLineHasNoEnd) {
    auto file = three_rows({.line_end = "\r\n"});
    file.cut_last_line();
    EXPECT_EQ(text_of(file), "time,kW\r\n1,10\r\n2,20\r\n3,");
    EXPECT_EQ(file.imperfections(), (Imperfections{{Reason::rejected_cut_off, 1}}));
}

TEST(LogFile, WritesTheEncodingAndTheMarkOfItsStyle) {
    LogFile chinese("state.csv", {.encoding = "GB18030"}, {"状态"});
    EXPECT_EQ(text_of(chinese), "\xD7\xB4\xCC\xAC\n");  // by hand: 状 = D7B4, 态 = CCAC in GB 2312
    LogFile wide("state.txt", {.encoding = "UTF-16LE", .byte_order_mark = "\xFF\xFE"}, {"A"});
    EXPECT_EQ(text_of(wide), std::string("\xFF\xFE"
                                         "A\0\n\0",
                                         6));
}

TEST(LogFile, SaysWhenAnEncodingIsNotThere) {
    const auto refused = LogFile("x", {.encoding = "no such"}, {"A"}).encoded();
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().message, "this machine cannot write text in no such");
}

}  // namespace
}  // namespace loadstar::simulate
