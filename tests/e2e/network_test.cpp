// The built program trains a forecasting network, and forecasts with the one that comes with it.
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

TEST(NetworkVerb, PretrainsAndGoesOnWhereItStopped) {
    const TemporaryFolder folder;
    const auto run = [&](const char* steps) {
        return run_loadstar({"network", "pretrain", "--save", (folder.path() / "run").string(), "--steps", steps,
                             "--tokens", "32", "--decay", "1", "--warmup", "1", "--log-interval", "1", "--threads", "1",
                             "--json"});
    };
    const auto first = run("2");
    ASSERT_EQ(first.exit_code, 0) << first.errors;
    EXPECT_EQ(nlohmann::json::parse(first.output)["step"], 2);
    const auto second = run("3");
    ASSERT_EQ(second.exit_code, 0) << second.errors;
    const auto report = nlohmann::json::parse(second.output);
    EXPECT_EQ(report["schema"], "loadstar.network_pretrain/1");
    EXPECT_EQ(report["resumed_from"], 2);
    EXPECT_GT(report["validation_loss"], 0);
    const auto body = std::filesystem::path(report["network"].get<std::string>()) / "body.safetensors";
    const auto inspected = run_loadstar({"gpt", "inspect", body.string(), "--json"});
    ASSERT_EQ(inspected.exit_code, 0) << inspected.errors;
}

TEST(NetworkVerb, AFolderThatHoldsNoNetworkIsToldByName) {
    const TemporaryFolder folder;
    const auto result = run_loadstar({"network", "pretrain", "--save", (folder.path() / "run").string(), "--steps", "2",
                                      "--real-series", (folder.path() / "absent.safetensors").string()});
    EXPECT_NE(result.exit_code, 0);
    EXPECT_THAT(result.errors, HasSubstr("absent.safetensors"));
}

// No training precedes: the network that lies beside the program is found, and gives every day of the backtest.
TEST(ShippedNetwork, ForecastsAPlantWithoutTraining) {
    const auto history = test_support::history_of({.days = 100, .step = hours(1), .noise = 5});
    test_support::StoredPlant plant(test_support::forecast_plant);
    plant.store(history.target.info, history.target.axis.start, history.target.values);
    const auto result = run_loadstar({"backtest", plant.folder().string(), "--from", "2024-04-01", "--to", "2024-04-08",
                                      "--method", "network", "--json", "--no-store"});
    ASSERT_EQ(result.exit_code, 0) << result.errors;
    const auto report = nlohmann::json::parse(result.output);
    const auto& rows = report["targets"][0]["methods"];
    ASSERT_EQ(rows.size(), 1U) << report.dump(2);
    EXPECT_EQ(rows[0]["method"], "network");
    EXPECT_EQ(rows[0]["days"], 8);
    EXPECT_LT(rows[0]["crps"], 0.5);  // a flat forecast at the mean misses by more
}

}  // namespace
}  // namespace loadstar
