// What drives a forecast: laid out by day, kept with it, shown by the report.
#include "service/explanation.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "service/forecast.hpp"
#include "service/report_power.hpp"
#include "support/small_works.hpp"
#include "support/toy_forecaster.hpp"

namespace loadstar::service {
namespace {

using nlohmann::json;
using testing::ElementsAre;

const FixedClock noon_after(parse_instant("2025-03-25T04:00:00Z").value());

Horizon days_of(const TimeZone& zone, const char* first, int count) {
    const auto day = parse_day(first).value();
    const auto start = zone.start_of_day(day);
    return {.start = start,
            .step = minutes(15),
            .slots = static_cast<int>((zone.start_of_day(add_days(day, count)) - start) / minutes(15))};
}

/// A base of 8 and one driver that does something from 09:00 to 13:00 of each day, most at 10:00.
forecast::Attribution morning(const Horizon& axis, const TimeZone& zone) {
    forecast::Attribution attribution{.base = std::vector<double>(static_cast<std::size_t>(axis.slots), 8.0)};
    std::vector<double> parts;
    for (int slot = 0; slot < axis.slots; ++slot) {
        const int hour = zone.to_civil(axis.slot_start(slot)).hour;
        parts.push_back(hour == 10 ? -4.0 : hour >= 9 && hour < 13 ? -1.0 * (20 - hour) / 10 : 0.0);
    }
    attribution.parts.push_back({.group = {.id = "boards", .name = {"boards", "电路板"}}, .values = std::move(parts)});
    return attribution;
}

TEST(ExplainedDays, AddUpAmountsAndAverageTheRest) {
    const auto zone = TimeZone::find("Asia/Shanghai").value();
    const auto axis = days_of(zone, "2025-03-25", 2);
    const auto means = explained_days(morning(axis, zone), axis, false, zone);
    ASSERT_EQ(means.size(), 2U);
    EXPECT_EQ(to_string(means[1].day), "2025-03-26");
    const double part = -(1.1 + 4.0 + 0.9 + 0.8) / 24;
    EXPECT_NEAR(means[0].base, 8, 1e-9);
    EXPECT_NEAR(means[0].drivers[0].part, part, 1e-9);
    EXPECT_NEAR(means[0].forecast, 8 + part, 1e-9);
    EXPECT_NEAR(*means[0].drivers[0].percent, 100 * part / (8 + part), 1e-9);
    const auto sums = explained_days(morning(axis, zone), axis, true, zone);
    EXPECT_NEAR(sums[0].forecast, 96 * (8 + part), 1e-9);
}

TEST(ExplainedDays, NameTheThreeLargestHoursInOrderOfTime) {
    const auto zone = TimeZone::find("Asia/Shanghai").value();
    const auto axis = days_of(zone, "2025-03-25", 1);
    const auto day = explained_days(morning(axis, zone), axis, false, zone).front();
    std::vector<std::string> hours;
    for (const auto& hour : day.drivers[0].hours) hours.push_back(zone.format(hour.start).substr(11, 5));
    EXPECT_THAT(hours, ElementsAre("09:00", "10:00", "11:00"));
    EXPECT_NEAR(day.drivers[0].hours[1].part, -4, 1e-9);
}

TEST(ExplainedDays, HoldTheDaysOfClockChanges) {
    const auto zone = TimeZone::find("Europe/Berlin").value();
    const auto axis = days_of(zone, "2024-03-30", 3);
    const auto days = explained_days(morning(axis, zone), axis, true, zone);
    ASSERT_EQ(days.size(), 3U);
    EXPECT_NEAR(days[0].base, 96 * 8, 1e-9);
    EXPECT_NEAR(days[1].base, 92 * 8, 1e-9);
}

TEST(Explanation, IsReadBackFromItsJson) {
    const auto zone = TimeZone::find("Asia/Shanghai").value();
    const auto axis = days_of(zone, "2025-03-25", 1);
    const auto attribution = morning(axis, zone);
    const auto read = attribution_of(json::parse(to_json({.attribution = attribution}, axis, zone).dump())).value();
    EXPECT_EQ(read.base, attribution.base);
    ASSERT_EQ(read.parts.size(), 1U);
    EXPECT_EQ(read.parts[0].values, attribution.parts[0].values);
    EXPECT_EQ(read.parts[0].group.name, attribution.parts[0].group.name);
    EXPECT_FALSE(attribution_of(to_json({.why_not = {"too little", "太少"}}, axis, zone)));
}

class KeptExplanation : public testing::Test {
  protected:
    void SetUp() override { test_support::fill(plant_); }
    Session open() { return Session::open(plant_.folder(), historian::OpenMode::read, noon_after).value(); }
    void predict(const ForecastChoice& choice) {
        auto session = open();
        NoProgress progress;
        const auto made = forecast_days(session, choice, progress).value();
        ASSERT_TRUE(keep_forecasts(session, made));
    }
    json section() {
        auto session = open();
        return load_forecast_section(session, report_scope(session, "").value()).value();
    }
    test_support::StoredPlant plant_{test_support::small_works_file};
};

TEST_F(KeptExplanation, IsShownByTheReportAsPower) {
    EXPECT_FALSE(section().contains("drivers"));
    predict({.explain = true});
    const auto shown = section();
    const auto& drivers = shown.at("drivers");
    EXPECT_EQ(drivers["period"]["start"], "2025-03-24T00:00:00+08:00");
    EXPECT_EQ(drivers["period"]["end"], "2025-03-25T00:00:00+08:00");
    double median = 0;
    for (const auto& value : shown["q50_kw"]["values"]) median += value.get<double>() / 96;
    EXPECT_NEAR(drivers["forecast_kw"].get<double>(), median, 1e-6 * median);
    double sum = drivers["base_kw"];
    for (const auto& part : drivers["parts"]) sum += part["mean_kw"].get<double>();
    EXPECT_NEAR(sum, median, 1e-6 * median);
}

TEST_F(KeptExplanation, StaysWhenTheSameForecastIsMadeWithoutOne) {
    predict({.explain = true});
    const auto before = section().at("drivers");
    predict({});
    EXPECT_EQ(section().at("drivers"), before);
}

TEST_F(KeptExplanation, SaysWhyThereIsNone) {
    const auto toy = std::make_shared<test_support::ToyForecaster>(
        [](const features::TargetHistory& history, const forecast::Query&, int) -> Result<double> {
            if (history.target.valid_count() == history.target.size()) return 1.0;
            return Error{.code = ErrorCode::not_found, .message = "a gap"};
        });
    const auto zone = TimeZone::find("Asia/Shanghai").value();
    const auto past = days_of(zone, "2025-03-01", 20);
    auto target = Series::missing({.id = "load", .unit = "kW"}, past);
    for (int slot = 0; slot < past.slots; ++slot) target.set(slot, 5);
    const TargetForecaster forecaster{.history = {.target = std::move(target), .zone = zone}, .method = toy};
    const forecast::Query query{.issued_at = past.end(), .axis = days_of(zone, "2025-03-21", 1)};
    const auto forecast = forecaster.predict(query).value();
    NoProgress progress;
    auto session = open();
    const auto explanation = explain(forecaster, query, forecast, session.plant(), progress).value();
    EXPECT_FALSE(explanation.attribution);
    EXPECT_EQ(explanation.why_not.en, "no forecast could be made without readings of the last two days: a gap");
}

}  // namespace
}  // namespace loadstar::service
