// The built program finds what is wrong with a plant, and mends a historian that was damaged on disk.
#include <algorithm>
#include <fstream>
#include <random>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "base/instant.hpp"
#include "support/program.hpp"

namespace loadstar {
namespace {

using testing::HasSubstr;

constexpr const char* plant_file = R"([site]
name = "Works"
time_zone = "Asia/Shanghai"
[source.meter]
file = "meter.csv"
[source.meter.stamp]
column = "time"
format = "unix_seconds"
[[source.meter.column]]
column = "kWh"
series = "load"
unit = "kWh"
)";

/// Half a year of quarter-hours that do not compress, so that the historian is mostly blocks.
std::string noisy_meter() {
    std::mt19937 random(7);
    std::uniform_int_distribution<int> watt_hours(0, 99'999'999);
    std::string text = "time,kWh\n";
    for (int slot = 0; slot < 180 * 96; ++slot)
        text += fmt::format("{},{}\n", 1'514'736'000 + slot * 900, watt_hours(random) / 1e6);
    return text;
}

/// A plant with one imported meter file.
class DoctorVerb : public testing::Test {
  protected:
    void SetUp() override {
        folder_.write("plant.toml", plant_file);
        folder_.write("meter.csv", noisy_meter());
        ASSERT_EQ(run_loadstar({"import", folder_.path().string()}).exit_code, 0);
    }
    ProgramResult doctor(std::vector<std::string> more = {}) const {
        std::vector<std::string> arguments{"doctor", folder_.path().string(), "--json"};
        arguments.insert(arguments.end(), more.begin(), more.end());
        return run_loadstar(arguments);
    }
    std::string digest() const {
        const auto result = run_loadstar({"status", folder_.path().string(), "--json"});
        EXPECT_EQ(result.exit_code, 0) << result.errors;
        return nlohmann::json::parse(result.output).at("digest");
    }
    std::string historian() const {
        std::ifstream stream(folder_.path() / "loadstar.db", std::ios::binary);
        return {std::istreambuf_iterator<char>(stream), {}};
    }

    TemporaryFolder folder_;
};

/// Findings of one severity as "subject: found".
std::vector<std::string> told(const ProgramResult& result, std::string_view severity) {
    std::vector<std::string> texts;
    const auto report = nlohmann::json::parse(result.output);
    for (const auto& finding : report.at("findings"))
        if (finding.at("severity") == severity)
            texts.push_back(finding.at("subject").get<std::string>() + ": " +
                            finding.at("found").at("en").get<std::string>());
    return texts;
}

TEST_F(DoctorVerb, FindsNothingWrongWithAPlantThatWorks) {
    const auto result = doctor();
    EXPECT_EQ(result.exit_code, 0) << result.output << result.errors;
    EXPECT_TRUE(nlohmann::json::parse(result.output).at("healthy"));
    EXPECT_THAT(told(result, "fine"), testing::IsSupersetOf({"plant file: no mistakes", "sources: imported as it is",
                                                             "historian: every stored reading can be read"}));
    const auto readable = run_loadstar({"doctor", folder_.path().string(), "--lang", "zh"});
    EXPECT_THAT(readable.output, HasSubstr("一切正常"));
}

TEST_F(DoctorVerb, TellsFilesThatChangedOrWereNeverImported) {
    folder_.write("meter.csv", noisy_meter() + "1600000000,1\n");
    EXPECT_THAT(told(doctor(), "warning"), testing::Contains(HasSubstr("sources: has changed since it was imported")));
    std::filesystem::remove(folder_.path() / "loadstar.db");
    const auto result = doctor();
    EXPECT_EQ(result.exit_code, 0);
    EXPECT_THAT(told(result, "warning"),
                testing::IsSupersetOf({"historian: nothing has been imported yet", "sources: has not been imported"}));
}

TEST_F(DoctorVerb, EndsWithTheCodeOfTheFirstProblem) {
    folder_.write("plant.toml", std::string(plant_file) + "[batery.main]\n");
    const auto mistake = doctor();
    EXPECT_EQ(mistake.exit_code, 3);
    EXPECT_THAT(told(mistake, "problem"), testing::Contains(HasSubstr("plant file: ")));
    folder_.write("plant.toml", plant_file);
    std::filesystem::remove(folder_.path() / "meter.csv");
    EXPECT_EQ(doctor().exit_code, 4);
    std::filesystem::remove(folder_.path() / "plant.toml");
    EXPECT_EQ(doctor().exit_code, 4);
}

TEST_F(DoctorVerb, SetsDamagedBlocksAsideSoThatImportingAgainHealsThem) {
    const auto before = digest();
    auto bytes = historian();
    // Blocks are Zstandard frames: this is where one of them begins in the file.
    const auto block = bytes.find("\x28\xb5\x2f\xfd", bytes.size() / 2);
    ASSERT_NE(block, std::string::npos);
    for (std::size_t i = 40; i < 60; ++i) bytes[block + i] = static_cast<char>(~bytes[block + i]);
    folder_.write("loadstar.db", bytes);

    const auto damaged = doctor();
    EXPECT_EQ(damaged.exit_code, 10);
    EXPECT_THAT(told(damaged, "problem"), testing::Contains(HasSubstr("readings cannot be read")));
    const auto import = run_loadstar({"import", folder_.path().string()});
    EXPECT_EQ(import.exit_code, 10);
    EXPECT_THAT(import.errors, HasSubstr("loadstar doctor --repair"));

    const auto repaired = doctor({"--repair"});
    EXPECT_EQ(repaired.exit_code, 0) << repaired.output;
    const auto aside = nlohmann::json::parse(repaired.output).at("set_aside");
    ASSERT_EQ(aside.size(), 1U);
    EXPECT_EQ(aside[0]["series"], "load");
    EXPECT_GT(aside[0]["readings"], 500);
    EXPECT_EQ(aside[0]["import_again"], nlohmann::json({"meter.csv"}));
    EXPECT_THAT(told(repaired, "warning"), testing::Contains(HasSubstr("were set aside and are not back yet")));

    EXPECT_EQ(run_loadstar({"import", folder_.path().string()}).exit_code, 0);
    EXPECT_EQ(digest(), before);
    EXPECT_EQ(doctor().exit_code, 0);
    EXPECT_THAT(told(doctor(), "warning"), testing::Not(testing::Contains(HasSubstr("set aside"))));
}

TEST_F(DoctorVerb, AFileThatIsDamagedBeyondBlocksIsToldAndLeftAlone) {
    auto bytes = historian();
    constexpr std::size_t page = 4096;
    std::fill_n(bytes.begin() + page, page, '\x55');  // the root of the first table
    folder_.write("loadstar.db", bytes);
    for (const auto& more : {std::vector<std::string>{}, {"--repair"}}) {
        const auto result = doctor(more);
        EXPECT_EQ(result.exit_code, 10) << result.output;
        EXPECT_THAT(result.output, HasSubstr("restore it from a backup, or move it away and import again"));
    }
}

TEST_F(DoctorVerb, AHistorianOfANewerVersionIsNamed) {
    auto bytes = historian();
    bytes[60 + 2] = '\x12';  // user_version, big-endian at byte 60
    folder_.write("loadstar.db", bytes);
    for (const auto* verb : {"doctor", "import", "status"}) {
        const auto result = run_loadstar({verb, folder_.path().string()});
        EXPECT_EQ(result.exit_code, 11) << verb;
        EXPECT_THAT(result.output + result.errors, HasSubstr("the historian has version 46")) << verb;
    }
    EXPECT_EQ(historian(), bytes);
}

}  // namespace
}  // namespace loadstar
