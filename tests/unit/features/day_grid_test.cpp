#include "features/day_grid.hpp"

#include <gtest/gtest.h>

#include "support/plant_series.hpp"

namespace loadstar::features {
namespace {

Instant at(const char* text) { return parse_instant(text).value(); }

TEST(DayGrid, PutsSlotsOnTheWallClockOfThePlant) {
    const auto history = test_support::history_of({.zone = "Asia/Shanghai", .days = 3});
    const DayGrid grid(Known(history, at("2024-01-03T02:00:00Z")));  // 10:00 local
    EXPECT_EQ(grid.slots(), 96);
    EXPECT_EQ(grid.end(), (Cell{.day = 2, .slot = 40}));
    EXPECT_EQ(grid.value({.day = 0, .slot = 31}), 100);
    EXPECT_EQ(grid.value({.day = 0, .slot = 32}), 400);
    EXPECT_THROW((void)grid.value({.day = 2, .slot = 40}), std::logic_error);
}

TEST(DayGrid, LeavesTheSkippedHourUnmeasuredAndFilled) {
    const auto history = test_support::history_of({.zone = "Europe/Berlin", .first_day = "2024-03-29", .days = 4});
    const DayGrid grid(Known(history, at("2024-04-02T00:00:00Z")));
    const int sunday = 2;  // 31 March: 02:00 to 03:00 does not exist
    EXPECT_FALSE(grid.measured({.day = sunday, .slot = 8}));
    EXPECT_EQ(grid.value({.day = sunday, .slot = 8}), 100);
    EXPECT_TRUE(grid.measured({.day = sunday, .slot = 12}));
    EXPECT_EQ(grid.day_type(sunday), DayType::rest);
}

TEST(DayGrid, AveragesTheRepeatedHour) {
    auto history = test_support::history_of({.zone = "Europe/Berlin", .first_day = "2024-10-26", .days = 3});
    const int first_pass = history.target.axis.slot_of(at("2024-10-27T00:00:00Z"));
    history.target.set(first_pass, 60);
    history.target.set(first_pass + 4, 80);  // 02:00 again, an hour later
    const DayGrid grid(Known(history, at("2024-10-29T00:00:00Z")));
    EXPECT_DOUBLE_EQ(grid.value({.day = 1, .slot = 8}), 70);
    EXPECT_EQ(grid.cell_of(at("2024-10-27T22:45:00Z")), (Cell{.day = 1, .slot = 95}));
}

TEST(DayGrid, FillsAGapFromTheLastDayOfTheSameType) {
    auto history = test_support::history_of({.zone = "UTC", .days = 9});
    history.target.clear(8 * 96 + 40, Reason::missing);  // Tuesday 9 January 10:00; Monday was a working day
    history.target.set(7 * 96 + 40, 333);
    const DayGrid grid(Known(history, at("2024-01-10T00:00:00Z")));
    EXPECT_EQ(grid.value({.day = 8, .slot = 40}), 333);
    EXPECT_FALSE(grid.measured({.day = 8, .slot = 40}));
}

TEST(DayGrid, CountsAnAnnouncedShutdownAsARestDay) {
    auto history = test_support::history_of({.zone = "UTC", .days = 9});
    history.calendar.shutdowns.insert(parse_day("2024-01-03").value());
    const DayGrid grid(Known(history, at("2024-01-05T00:00:00Z")));
    EXPECT_EQ(grid.day_type(1), DayType::working);
    EXPECT_EQ(grid.day_type(2), DayType::rest);
}

TEST(Seen, ThrowsOnACellAfterItsOwnIssueEvenWhenTheGridHoldsIt) {
    const auto history = test_support::history_of({.zone = "UTC", .days = 9});
    const DayGrid grid(Known(history, at("2024-01-10T00:00:00Z")));
    const Seen seen(grid, {.day = 4, .slot = 40});
    EXPECT_EQ(seen.value(4, 39), 400);
    EXPECT_THROW((void)seen.value(4, 40), std::logic_error);
    EXPECT_EQ(seen.whole_days(), 4);
}

}  // namespace
}  // namespace loadstar::features
