#include "features/history.hpp"

#include <stdexcept>

#include <gtest/gtest.h>

namespace loadstar::features {
namespace {

TargetHistory day_of_slots() {
    const Horizon axis{.start = Instant{}, .step = minutes(15), .slots = 96};
    auto target = Series::missing({.id = "load"}, axis);
    for (int slot = 0; slot < axis.slots; ++slot) target.set(slot, slot);
    auto plan = target;
    return {.target = target, .known = {plan}, .zone = TimeZone::find("UTC").value()};
}

TEST(Known, ASlotCountsWhenItHasEnded) {
    const auto history = day_of_slots();
    EXPECT_EQ(Known(history, Instant{} + hours(10)).end(), 40);
    EXPECT_EQ(Known(history, Instant{} + hours(10) + minutes(14)).end(), 40);
    EXPECT_EQ(Known(history, Instant{} + hours(10) + minutes(15)).end(), 41);
    EXPECT_EQ(Known(history, Instant{} + hours(240)).end(), 96);
    EXPECT_EQ(Known(history, Instant{} - hours(1)).end(), 0);
}

TEST(Known, ReadingsArriveLateByTheLatency) {
    auto history = day_of_slots();
    history.latency = hours(2);
    const Known known(history, Instant{} + hours(10));
    EXPECT_EQ(known.target(31), 31);
    EXPECT_THROW(static_cast<void>(known.target(32)), std::logic_error);
}

TEST(Known, LookingAheadIsABrokenContractButAPlanMayBeRead) {
    auto history = day_of_slots();
    history.temperature = history.target;
    history.past = {history.target};
    const Known known(history, Instant{} + hours(10));
    EXPECT_EQ(known.target(39), 39);
    EXPECT_THROW(static_cast<void>(known.target(40)), std::logic_error);
    EXPECT_THROW(static_cast<void>(known.covariate(0, 40)), std::logic_error);
    EXPECT_THROW(static_cast<void>(known.covariate(1, 40)), std::logic_error);
    EXPECT_EQ(known.covariate(2, 90), 90);
}

TEST(Known, WhatLiesOutsideTheAxisIsMissing) {
    const auto history = day_of_slots();
    const Known known(history, Instant{} + hours(10));
    EXPECT_EQ(known.target(-1), std::nullopt);
    EXPECT_EQ(known.covariate(0, 96), std::nullopt);
}

}  // namespace
}  // namespace loadstar::features
