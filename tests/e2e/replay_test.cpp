// The built program replays three months of the steel works with a battery. Only what must hold of any sound policy is
// asserted: cheaper than doing nothing in each month, never cheaper than perfect foresight over all three.
#include <cstdlib>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "support/program.hpp"
#include "support/shared.hpp"

namespace loadstar {
namespace {

TEST(ReplayVerb, EveryMonthOfTheSteelWorksEndsCheaperThanDoingNothing) {
    const auto shared = test_support::shared_folder();
    if (!shared) GTEST_SKIP() << "the folder with published data sets is not there";
    setenv("LOADSTAR_SHARED", std::filesystem::absolute(*shared).c_str(), 1);
    const TemporaryFolder folder;
    std::filesystem::copy_file(test_support::source_root() / "examples/steel_battery/plant.toml",
                               folder.path() / "plant.toml");
    const auto plant = folder.path().string();
    ASSERT_EQ(run_loadstar({"import", plant}).exit_code, 0);
    // The ridge trains in a second; what is usually trained takes longer and must hold the same.
    const auto result = run_loadstar(
        {"replay", plant, "--from", "2018-08-01", "--to", "2018-10-31", "--method", "ridge_hour", "--json"});
    ASSERT_EQ(result.exit_code, 0) << result.errors;
    const auto report = nlohmann::json::parse(result.output);
    EXPECT_EQ(report["schema"], "loadstar.replay/1");
    ASSERT_EQ(report["periods"].size(), 3U);
    for (const auto& period : report["periods"])
        EXPECT_LT(period["plan_cost"], period["do_nothing_cost"]) << period["period"];
    EXPECT_EQ(report["days"].size(), 92U);
    EXPECT_GT(report["kept_percent"], 0);
    EXPECT_LE(report["kept_percent"], 100);
    ASSERT_EQ(report["refits"].size(), 4U);  // on the first day and every 28 days
    for (const auto& refit : report["refits"]) EXPECT_EQ(refit["series"], "load");
    EXPECT_EQ(report["refits"][1]["day"], "2018-08-29");
    for (const auto& refit : report["refits"]) {
        const double challenger = refit["challenger"]["score"]["crps"];
        EXPECT_EQ(refit["kept"], challenger < refit["champion"]["score"]["crps"]) << refit["day"];
    }
}

TEST(ReplayVerb, RefusesDaysInTheWrongOrder) {
    const auto shared = test_support::shared_folder();
    if (!shared) GTEST_SKIP() << "the folder with published data sets is not there";
    setenv("LOADSTAR_SHARED", std::filesystem::absolute(*shared).c_str(), 1);
    const TemporaryFolder folder;
    std::filesystem::copy_file(test_support::source_root() / "examples/steel_battery/plant.toml",
                               folder.path() / "plant.toml");
    const auto plant = folder.path().string();
    ASSERT_EQ(run_loadstar({"import", plant}).exit_code, 0);
    const auto result = run_loadstar({"replay", plant, "--from", "2018-08-31", "--to", "2018-08-01"});
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_NE(result.errors.find("lies before the first"), std::string::npos) << result.errors;
}

}  // namespace
}  // namespace loadstar
