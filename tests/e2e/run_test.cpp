// The built program does the main job in one command.
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "support/program.hpp"

namespace loadstar {
namespace {

constexpr const char* plant_file = R"(version = 1
[site]
name = "Works"
time_zone = "UTC"
[carrier.electricity]
[source.meter]
file = "meter.csv"
[source.meter.stamp]
column = "time"
[[source.meter.column]]
column = "kwh"
series = "load"
unit = "kWh"
)";

constexpr const char* readings =
    "time,kwh\n2025-03-01 00:00,1\n2025-03-01 00:15,2\n2025-03-01 00:30,three\n2025-03-01 00:45,4\n";

nlohmann::json step_named(const nlohmann::json& report, const std::string& verb) {
    for (const auto& step : report["steps"])
        if (step["verb"] == verb) return step;
    return nullptr;
}

TEST(RunVerb, TakesTheStepsThatThePlantHasSomethingFor) {
    const TemporaryFolder folder;
    folder.write("plant.toml", plant_file);
    folder.write("meter.csv", readings);
    const auto result = run_loadstar({"run", folder.path().string(), "--json"});
    ASSERT_EQ(result.exit_code, 0) << result.errors << result.output;
    const auto report = nlohmann::json::parse(result.output);
    EXPECT_EQ(report["schema"], "loadstar.run/1");
    EXPECT_EQ(report["plant"], "Works");
    EXPECT_EQ(step_named(report, "check")["outcome"], "done");
    const auto import = step_named(report, "import");
    EXPECT_EQ(import["outcome"], "done");
    EXPECT_EQ(import["summary"]["en"], "1 files, 4 rows: 3 new readings, 0 known already, 1 rejected, 0 repaired");
    const auto bill = step_named(report, "bill");
    EXPECT_EQ(bill["outcome"], "skipped");
    EXPECT_EQ(bill["summary"]["en"], "no connection of the plant file has a contract");
    for (const auto* verb : {"train", "forecast", "plan", "advise", "report"})
        EXPECT_EQ(step_named(report, verb)["outcome"], "skipped") << verb;
}

TEST(RunVerb, TellsEachStepInTheChosenLanguage) {
    const TemporaryFolder folder;
    folder.write("plant.toml", plant_file);
    folder.write("meter.csv", readings);
    const auto result = run_loadstar({"run", folder.path().string(), "--lang", "zh"});
    ASSERT_EQ(result.exit_code, 0) << result.errors;
    EXPECT_NE(result.output.find("新读数 3"), std::string::npos) << result.output;
    EXPECT_NE(result.output.find("跳过"), std::string::npos) << result.output;
}

TEST(RunVerb, StopsAtAPlantFileWithMistakes) {
    const TemporaryFolder folder;
    folder.write("plant.toml", std::string(plant_file) + "[meeter.main]\n");
    folder.write("meter.csv", readings);
    const auto result = run_loadstar({"run", folder.path().string(), "--json"});
    EXPECT_EQ(result.exit_code, 3);
    const auto report = nlohmann::json::parse(result.output);
    ASSERT_EQ(report["steps"].size(), 1U);
    EXPECT_EQ(report["steps"][0]["outcome"], "failed");
    EXPECT_NE(report["steps"][0]["error"]["where"].get<std::string>().find("plant.toml:"), std::string::npos);
    EXPECT_FALSE(std::filesystem::exists(folder.path() / "loadstar.db"));
}

TEST(RunVerb, EndsWithTheCodeOfAFailedImport) {
    const TemporaryFolder folder;
    folder.write("plant.toml", plant_file);
    const auto result = run_loadstar({"run", folder.path().string()});
    EXPECT_EQ(result.exit_code, 4);
    EXPECT_NE(result.output.find("meter.csv"), std::string::npos) << result.output;
    EXPECT_EQ(result.output.find("status"), std::string::npos) << result.output;
}

}  // namespace
}  // namespace loadstar
