// What comparisons are scored on must not get into the file that networks are pre-trained on.
#include "pretraining_hold_out.hpp"

#include <cmath>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace loadstar::bench {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

/// Wanders without repeating itself.
Row wandering(std::size_t points) {
    Row row;
    for (std::size_t at = 0; at < points; ++at) {
        const auto x = static_cast<double>(at);
        row.push_back(static_cast<float>(std::sin(x) + std::cos(1.7 * x) + 0.01 * x));
    }
    return row;
}

Panel panel_of(const std::string& name, const char* start, std::size_t days) {
    Panel panel{name, axis_of(start, 60, 24 * days)};
    return panel.add(Role::target, wandering(24 * days));
}

const HeldOutValues nothing({});

TEST(PretrainingHoldOut, CutsAPanelAtItsSpan) {
    const auto part = learnable(panel_of("steel_works_2018/hourly", "2018-01-01T00:00:00Z", 365));
    EXPECT_EQ(to_string(part.axis.end()), "2018-08-01T00:00:00Z");
    EXPECT_EQ(part.variates[0].values.size(), 212 * 24);
    EXPECT_NO_THROW(check_nothing_held_out({part}, nothing));
}

TEST(PretrainingHoldOut, CutsBeforeASpanToo) {
    const auto part = learnable(panel_of("price_carbon_weather/de_price", "2021-01-01T00:00:00Z", 1000));
    EXPECT_EQ(to_string(part.axis.start), "2021-01-10T00:00:00Z");
    EXPECT_EQ(to_string(part.axis.end()), "2023-05-27T00:00:00Z");
    EXPECT_EQ(part.variates[0].values[0], wandering(24 * 1000)[9 * 24]);
}

TEST(PretrainingHoldOut, RefusesAPanelThatReachesTooFar) {
    const std::vector<Panel> panels{panel_of("pjm_hourly/AEP", "2016-07-01T00:00:00Z", 31)};  // an hour too long
    EXPECT_THAT([&] { check_nothing_held_out(panels, nothing); },
                ThrowsMessage<std::runtime_error>(HasSubstr("pjm_hourly/AEP: its span")));
}

TEST(PretrainingHoldOut, RefusesAPanelWithoutASpan) {
    EXPECT_THAT([] { learnable(panel_of("ett/h1", "2016-07-01T00:00:00Z", 1)); },
                ThrowsMessage<std::runtime_error>(HasSubstr("nobody said what may be learned of ett/h1")));
}

TEST(PretrainingHoldOut, FindsHeldOutValuesAtAnotherScale) {
    const HeldOutValues values({wandering(100)});
    auto panel = panel_of("taxi", "2014-07-01T00:00:00Z", 4);
    panel.name = "nab/taxi";
    for (auto& value : panel.variates[0].values) value = 4 * value + 100;
    EXPECT_THAT([&] { check_nothing_held_out({panel}, values); },
                ThrowsMessage<std::runtime_error>(HasSubstr("nab/taxi, variate 0: the values of")));
}

TEST(PretrainingHoldOut, DoesNotTakeFlagsOrGapsForHeldOutValues) {
    Row flags(200, 0.0F);
    for (std::size_t at = 0; at < flags.size(); at += 7) flags[at] = 1;
    const HeldOutValues values({flags, Row(200, missing), Row(200, 5.0F)});
    EXPECT_EQ(values.size(), 0U);
}

}  // namespace
}  // namespace loadstar::bench
