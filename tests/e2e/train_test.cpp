// The built program trains a model, keeps it, and forecasts with it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "support/forecast_plant.hpp"
#include "support/plant_series.hpp"
#include "support/program.hpp"
#include "support/stored_plant.hpp"

namespace loadstar {
namespace {

using testing::HasSubstr;

TEST(TrainVerb, KeepsAWinnerListsItAndForecastsWithIt) {
    const auto history = test_support::history_of(
        {.days = 140, .noise = 5, .level = [](int day) { return 1 + 0.4 * std::sin(0.35 * day); }});
    test_support::StoredPlant plant(test_support::forecast_plant);
    plant.store(history.target.info, history.target.axis.start, history.target.values);
    const auto folder = plant.folder().string();
    const auto trained = run_loadstar({"train", folder, "--method", "ridge", "--json"});
    ASSERT_EQ(trained.exit_code, 0) << trained.errors;
    const auto report = nlohmann::json::parse(trained.output);
    EXPECT_EQ(report["schema"], "loadstar.train/1");
    EXPECT_EQ(report["targets"][0]["kept"], true) << report.dump(2);
    EXPECT_THAT(run_loadstar({"train", folder, "--list"}).output, HasSubstr("ridge"));
    const auto forecast = run_loadstar({"forecast", folder, "--at", "2024-05-18 10:00", "--json"});
    ASSERT_EQ(forecast.exit_code, 0) << forecast.errors;
    EXPECT_EQ(nlohmann::json::parse(forecast.output)["forecasts"][0]["method"], "ridge");
    const auto again = run_loadstar({"train", folder, "--method", "seasonal_day", "--lang", "zh"});
    ASSERT_EQ(again.exit_code, 0) << again.errors;
    EXPECT_THAT(again.output, HasSubstr("现役模型保留"));
}

TEST(TrainVerb, AnUnknownMethodIsRefused) {
    const auto history = test_support::history_of({.days = 40});
    test_support::StoredPlant plant(test_support::forecast_plant);
    plant.store(history.target.info, history.target.axis.start, history.target.values);
    const auto result = run_loadstar({"train", plant.folder().string(), "--method", "oracle"});
    EXPECT_EQ(result.exit_code, 4);
    EXPECT_THAT(result.errors, HasSubstr("there is no forecasting method oracle; expected one of seasonal_day"));
}

}  // namespace
}  // namespace loadstar
