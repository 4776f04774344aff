#include "simulate/crew.hpp"

#include <gtest/gtest.h>

namespace loadstar::simulate {
namespace {

Plant plant_with(const Shift& shift) {
    Plant plant(TimeZone::find("Asia/Shanghai").value());
    plant.calendar.holidays = {parse_day("2025-10-01").value()};
    plant.calendar.make_up_workdays = {parse_day("2025-09-28").value()};
    plant.calendar.shutdowns = {parse_day("2025-09-24").value()};
    plant.shifts = {shift};
    return plant;
}

bool works(const Shift& shift, const char* instant) {
    const auto plant = plant_with(shift);
    return is_crewed(plant, parse_instant(instant).value());
}

const Shift early{.name = "early", .window = {.from_minute = 6 * 60, .to_minute = 14 * 60}};
const Shift night{.name = "night", .window = {.from_minute = 22 * 60, .to_minute = 6 * 60}};

TEST(Crew, WorksInItsWindowOnWorkingDaysOnly) {
    EXPECT_FALSE(works(early, "2025-09-25T05:45:00+08:00"));
    EXPECT_TRUE(works(early, "2025-09-25T06:00:00+08:00"));
    EXPECT_TRUE(works(early, "2025-09-25T13:45:00+08:00"));
    EXPECT_FALSE(works(early, "2025-09-25T14:00:00+08:00"));
    EXPECT_FALSE(works(early, "2025-09-27T08:00:00+08:00")) << "Saturday";
    EXPECT_FALSE(works(early, "2025-10-01T08:00:00+08:00")) << "holiday";
    EXPECT_FALSE(works(early, "2025-09-24T08:00:00+08:00")) << "shutdown";
    EXPECT_TRUE(works(early, "2025-09-28T08:00:00+08:00")) << "Sunday worked instead";
}

TEST(Crew, AWindowPastMidnightBelongsToTheDayOnWhichItStarts) {
    EXPECT_TRUE(works(night, "2025-09-26T23:00:00+08:00"));
    EXPECT_TRUE(works(night, "2025-09-27T05:00:00+08:00")) << "the end of Friday's night";
    EXPECT_FALSE(works(night, "2025-09-27T23:00:00+08:00")) << "Saturday";
}

TEST(Crew, KeepsToTheWeekdaysOfItsShift) {
    auto saturdays = early;
    saturdays.weekdays = {5};
    EXPECT_TRUE(works(saturdays, "2025-09-27T08:00:00+08:00"));
    EXPECT_FALSE(works(saturdays, "2025-09-25T08:00:00+08:00"));
}

TEST(Crew, MachinesWithoutShiftsMayAlwaysRun) {
    const auto plant = plant_with(early);
    const auto sunday = parse_instant("2025-09-21T03:00:00+08:00").value();
    EXPECT_TRUE(at_work(plant, std::vector<std::string>{}, sunday));
    EXPECT_FALSE(at_work(plant, std::vector<std::string>{"early"}, sunday));
}

}  // namespace
}  // namespace loadstar::simulate
