// The three faults on the script of the demonstration plant are found by `detect`, in a whole simulated year.
#include <algorithm>
#include <fstream>
#include <map>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "base/time_zone.hpp"
#include "support/program.hpp"
#include "support/temporary_folder.hpp"

namespace loadstar {
namespace {

nlohmann::json json_of(const ProgramResult& result) {
    EXPECT_EQ(result.exit_code, 0) << result.errors;
    return nlohmann::json::parse(result.output);
}

Instant instant_of(const nlohmann::json& text) { return parse_instant(text.get<std::string>()).value(); }

TEST(Faults, OfTheDemoAreFoundWhileTheyLast) {
    const TemporaryFolder work;
    const auto plant = (work.path() / "plant").string();
    json_of(run_loadstar({"demo", plant, "--json"}));
    json_of(run_loadstar({"import", plant, "--json"}));
    const std::map<std::string, std::string> meters{
        {"chiller", "chiller.power"}, {"compressor", "compressor.power"}, {"reflow2", "reflow2.power"}};
    std::vector<std::string> arguments{"detect", plant, "--json"};
    for (const auto& [asset, series] : meters) arguments.insert(arguments.end(), {"--series", series});
    const auto report = json_of(run_loadstar(arguments));
    const auto faults = nlohmann::json::parse(std::ifstream(plant + "/truth/faults.json"));
    ASSERT_EQ(faults.size(), 3U);
    for (const auto& fault : faults) {
        const auto& alarms = report["alarms"];
        const bool found = std::any_of(alarms.begin(), alarms.end(), [&](const nlohmann::json& alarm) {
            const auto detected = instant_of(alarm["detected"]);
            return alarm["series"] == meters.at(fault["asset"]) && alarm["excess"] > 1000 &&
                   detected > instant_of(fault["start"]) && detected < instant_of(fault["end"]);
        });
        EXPECT_TRUE(found) << fault;
    }
}

}  // namespace
}  // namespace loadstar
