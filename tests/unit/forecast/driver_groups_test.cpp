#include "forecast/driver_groups.hpp"

#include <gmock/gmock.h>

#include "support/plant_series.hpp"

namespace loadstar::forecast {
namespace {

using features::TargetHistory;
using testing::ElementsAre;

Series beside(const TargetHistory& history, const std::string& id, SeriesKind kind) {
    return {.info = {.id = id, .kind = kind, .unit = "1", .step = history.target.axis.step},
            .axis = history.target.axis,
            .values = history.target.values,
            .reasons = history.target.reasons};
}

std::vector<std::string> ids_of(const std::vector<DriverGroup>& groups) {
    std::vector<std::string> ids;
    for (const auto& group : groups) ids.push_back(group.id);
    return ids;
}

Query query_of(const TargetHistory& history, const char* day) {
    const auto local = parse_day(day).value();
    return {.issued_at = issue_of(local, 600, history.zone), .axis = axis_of_day(local, history)};
}

TEST(DriverGroups, SeriesOfOneKindStandTogetherAndOthersByThemselves) {
    auto history = test_support::history_of({.days = 10});
    history.temperature = beside(history, "outdoor", SeriesKind::temperature);
    history.past = {beside(history, "sun", SeriesKind::mean_power), beside(history, "state", SeriesKind::state)};
    history.known = {beside(history, "boards", SeriesKind::count), beside(history, "warmth", SeriesKind::temperature)};
    const auto groups = driver_groups(history);
    EXPECT_THAT(ids_of(groups), ElementsAre("calendar", "recent", "temperature", "production", "sun"));
    EXPECT_THAT(groups[2].covariates, ElementsAre(0U, 4U));
    EXPECT_THAT(groups[3].covariates, ElementsAre(2U, 3U));
    EXPECT_THAT(groups[4].covariates, ElementsAre(1U));
    EXPECT_EQ(groups[3].name.zh, "生产");
}

TEST(DriverGroups, AreAtMostTwelve) {
    auto history = test_support::history_of({.days = 10});
    for (int i = 0; i < 14; ++i)
        history.past.push_back(beside(history, "meter" + std::to_string(i), SeriesKind::mean_power));
    history.known = {beside(history, "tariff", SeriesKind::price)};
    const auto groups = driver_groups(history);
    ASSERT_EQ(groups.size(), most_driver_groups);
    EXPECT_EQ(groups[2].id, "price");
    EXPECT_EQ(groups[10].id, "meter7");
    EXPECT_EQ(groups[11].id, "others");
    EXPECT_THAT(groups[11].covariates, ElementsAre(8U, 9U, 10U, 11U, 12U, 13U));
}

TEST(HiddenHistory, HasTheUsualOfTheSameKindOfDayInPlaceOfTheNewest) {
    auto history = test_support::history_of({.days = 60});
    history.past = {beside(history, "meter", SeriesKind::mean_power)};
    const auto slot_of = [&](const char* instant) {
        return history.target.axis.slot_of(parse_instant(instant).value());
    };
    const int noon = slot_of("2024-02-14T04:00:00Z");    // a Wednesday
    const int before = slot_of("2024-02-12T01:00:00Z");  // 49 hours before the issue
    const int gap = slot_of("2024-02-14T01:00:00Z");
    for (const int slot : {noon - 8, before}) history.past[0].set(slot, 9999);
    history.past[0].clear(gap, Reason::missing);
    const auto hidden = with_all_hidden(history, query_of(history, "2024-02-15"));
    EXPECT_EQ(hidden.past[0].at(noon - 8), 400.0);
    EXPECT_EQ(hidden.past[0].at(before), 9999.0);
    EXPECT_FALSE(hidden.past[0].has(gap));
    EXPECT_FALSE(hidden.target.has(noon - 8));
    EXPECT_TRUE(hidden.target.has(before));
}

TEST(HiddenHistory, KeepsThePastDaysOfTheCalendar) {
    auto history = test_support::history_of({.days = 60});
    const auto past = parse_day("2024-02-14").value();
    const auto coming = parse_day("2024-02-15").value();
    history.calendar = {.holidays = {past, coming}, .make_up_workdays = {past, coming}, .shutdowns = {past, coming}};
    const auto hidden = with_all_hidden(history, query_of(history, "2024-02-15"));
    EXPECT_THAT(hidden.calendar.holidays, ElementsAre(past));
    EXPECT_THAT(hidden.calendar.make_up_workdays, ElementsAre(past));
    EXPECT_THAT(hidden.calendar.shutdowns, ElementsAre(past));
}

}  // namespace
}  // namespace loadstar::forecast
