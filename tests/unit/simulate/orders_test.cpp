#include "simulate/orders.hpp"

#include <gtest/gtest.h>

namespace loadstar::simulate {
namespace {

const Instant monday = parse_instant("2025-03-03T06:00:00+08:00").value();

std::size_t family(const std::string& id) {
    for (std::size_t i = 0; i < products().size(); ++i)
        if (products()[i].id == id) return i;
    throw std::invalid_argument(id);
}

Order order(const std::string& product, int quantity, Duration due) {
    return {.id = product, .product = family(product), .quantity = quantity, .release = monday, .due = monday + due};
}

TEST(WorkInProgress, BoardsSkipTheOperationsThatTheirProductDoesNotNeed) {
    WorkInProgress work({order("METER", 100, hours(48))});  // neither coated nor burned in
    work.finish(0, Operation::assembly, 100, monday + hours(1));
    work.finish(0, Operation::wave, 60, monday + hours(2));
    EXPECT_EQ(work.waiting(0, Operation::wave, monday), 40);
    EXPECT_EQ(work.waiting(0, Operation::coating, monday), 0);
    EXPECT_EQ(work.waiting(0, Operation::test, monday), 60);
}

TEST(WorkInProgress, AnOrderIsFinishedWithItsLastBoardInTheLastOperationOfItsRoute) {
    WorkInProgress work({order("DRIVE", 10, hours(48)), order("METER", 10, hours(48))});
    for (const auto operation : {Operation::assembly, Operation::wave, Operation::coating, Operation::test})
        work.finish(0, operation, 10, monday + hours(1));
    EXPECT_FALSE(work.orders()[0].finished) << "drives are burned in";
    work.finish(0, Operation::burn_in, 9, monday + hours(2));
    EXPECT_FALSE(work.orders()[0].finished);
    work.finish(0, Operation::burn_in, 1, monday + hours(3));
    EXPECT_EQ(work.orders()[0].finished, monday + hours(3));
}

TEST(WorkInProgress, TheOrderDueFirstIsTheMostUrgentUnlessItIsTaken) {
    const WorkInProgress work({order("METER", 10, hours(72)), order("SENSOR", 10, hours(24))});
    EXPECT_EQ(work.most_urgent(Operation::assembly, monday, {}), 1U);
    EXPECT_EQ(work.most_urgent(Operation::assembly, monday, {1}), 0U);
    EXPECT_FALSE(work.most_urgent(Operation::test, monday, {}));
}

TEST(WorkInProgress, NothingWaitsBeforeItsRelease) {
    const WorkInProgress work({order("METER", 10, hours(72))});
    EXPECT_EQ(work.waiting(Operation::assembly, monday - minutes(15)), 0);
    EXPECT_EQ(work.unassembled(monday), 10);
}

TEST(WorkInProgress, KnowsWhenNothingMoreWillCome) {
    WorkInProgress work({order("METER", 10, hours(72))});
    EXPECT_FALSE(work.is_upstream_empty(Operation::wave, monday));
    work.finish(0, Operation::assembly, 10, monday);
    EXPECT_TRUE(work.is_upstream_empty(Operation::wave, monday));
}

TEST(Orders, AreReleasedOnWorkingDaysAndDueLater) {
    Plant plant(TimeZone::find("Asia/Shanghai").value());
    plant.calendar.holidays = {parse_day("2025-03-05").value()};
    const auto orders = make_orders(plant, {.first = parse_day("2025-03-01").value(), .days = 28});
    double pieces = 0;
    for (const auto& each : orders) {
        EXPECT_EQ(plant.calendar.day_type(plant.time_zone.day_of(each.release)), DayType::working);
        EXPECT_EQ(plant.calendar.day_type(plant.time_zone.day_of(each.due)), DayType::working);
        EXPECT_GT(each.due - each.release, hours(24));
        EXPECT_GE(each.quantity, 200);
        pieces += each.quantity;
    }
    constexpr int working_days = 19;
    EXPECT_GT(pieces / working_days, 2500);
    EXPECT_LT(pieces / working_days, 8000);
}

}  // namespace
}  // namespace loadstar::simulate
