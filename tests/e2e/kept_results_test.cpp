// Results that verbs keep in the historian, and what happens when they cannot be kept.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "historian/records.hpp"
#include "support/plant_series.hpp"
#include "support/program.hpp"
#include "support/stored_plant.hpp"

namespace loadstar {
namespace {

using testing::HasSubstr;

constexpr int busy = 8;

constexpr const char* plant_file = R"([site]
name = "Works"
time_zone = "Asia/Shanghai"
[source.meter]
file = "meter.csv"
[source.meter.stamp]
column = "time"
[[source.meter.column]]
column = "kw"
series = "load"
kind = "mean_power"
unit = "kW"
[[forecast.target]]
series = "load"
)";

class KeptForecast : public testing::Test {
  protected:
    void SetUp() override {
        const auto history = test_support::history_of({.days = 30, .noise = 5});
        plant_.store(history.target.info, history.target.axis.start, history.target.values);
    }
    ProgramResult forecast(std::vector<std::string> more = {}) const {
        std::vector<std::string> arguments{"forecast", plant_.folder().string(), "--json"};
        arguments.insert(arguments.end(), more.begin(), more.end());
        return run_loadstar(arguments);
    }
    nlohmann::json ledger() const {
        const auto result = run_loadstar({"status", plant_.folder().string(), "--json"});
        EXPECT_EQ(result.exit_code, 0) << result.errors;
        return nlohmann::json::parse(result.output).at("ledger");
    }

    test_support::StoredPlant plant_{plant_file};
};

TEST_F(KeptForecast, IsShownByStatusAndReplacedWhenMadeAgain) {
    EXPECT_TRUE(ledger().at("forecasts").empty());
    for (int times = 0; times < 2; ++times) {
        const auto made = forecast({"--at", "2024-01-20 10:00"});
        ASSERT_EQ(made.exit_code, 0) << made.errors;
        EXPECT_EQ(nlohmann::json::parse(made.output).at("stored"), true);
    }
    const auto forecasts = ledger().at("forecasts");
    ASSERT_EQ(forecasts.size(), 1U);
    EXPECT_EQ(forecasts[0]["series"], "load");
    EXPECT_EQ(forecasts[0]["issued_at"], "2024-01-20T10:00:00+08:00");
    EXPECT_EQ(forecasts[0]["end"], "2024-01-22T00:00:00+08:00");
    const auto historian =
        historian::Historian::open(plant_.folder() / "loadstar.db", historian::OpenMode::read, {}).value();
    const auto kept = historian::forecasts(historian, "load", Instant::min(), Instant::max()).value();
    ASSERT_EQ(kept.size(), 1U);
    EXPECT_EQ(nlohmann::json::parse(kept[0].payload).at("quantiles").size(), 96U);
}

TEST_F(KeptForecast, IsOnlyPrintedWhenAskedSo) {
    const auto made = forecast({"--no-store"});
    EXPECT_EQ(made.exit_code, 0) << made.errors;
    EXPECT_FALSE(nlohmann::json::parse(made.output).contains("stored"));
    EXPECT_TRUE(ledger().at("forecasts").empty());
}

TEST_F(KeptForecast, IsPrintedAllTheSameWhileAnotherProcessWrites) {
    const auto other =
        historian::Historian::open(plant_.folder() / "loadstar.db", historian::OpenMode::write, {}).value();
    const auto made = forecast();
    EXPECT_EQ(made.exit_code, busy);
    EXPECT_EQ(nlohmann::json::parse(made.output).at("stored"), false);
    EXPECT_THAT(made.errors, HasSubstr("not stored: process"));
}

}  // namespace
}  // namespace loadstar
