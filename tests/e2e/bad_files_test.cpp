// What people really hand over: each bad file ends with a clear message and the right exit code, and nothing half-done.

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "support/program.hpp"

namespace loadstar {
namespace {

using testing::HasSubstr;

constexpr int invalid_input = 3;
constexpr int not_found = 4;
constexpr int permission_denied = 7;

/// A plant with one meter file, meter.csv.
class BadFile : public testing::Test {
  protected:
    void SetUp() override { write_plant("Asia/Shanghai", ""); }

    void write_plant(const std::string& zone, const std::string& extra) {
        folder_.write("plant.toml", fmt::format(R"([site]
name = "Works"
time_zone = "{}"
[source.meter]
file = "meter.csv"
{}
[source.meter.stamp]
column = "time"
format = "%Y-%m-%d %H:%M"
[[source.meter.column]]
column = "kWh"
series = "load"
unit = "kWh"
)",
                                                zone, extra));
    }
    ProgramResult import() const { return run_loadstar({"import", folder_.path().string()}); }
    ProgramResult import(std::string_view text) const {
        folder_.write("meter.csv", text);
        return import();
    }
    nlohmann::json imported(std::string_view text) const {
        folder_.write("meter.csv", text);
        const auto result = run_loadstar({"import", folder_.path().string(), "--json"});
        EXPECT_EQ(result.exit_code, 0) << result.errors;
        return nlohmann::json::parse(result.output).at("files").at(0);
    }
    nlohmann::json status() const {
        const auto result = run_loadstar({"status", folder_.path().string(), "--json"});
        EXPECT_EQ(result.exit_code, 0) << result.errors;
        return nlohmann::json::parse(result.output);
    }
    void expect_nothing_stored() const { EXPECT_TRUE(status().at("series").empty()); }

    TemporaryFolder folder_;
};

TEST_F(BadFile, AnEmptyFileIsNamed) {
    const auto result = import("");
    EXPECT_EQ(result.exit_code, invalid_input);
    EXPECT_THAT(result.errors, HasSubstr("meter.csv: source meter: the file is empty"));
    expect_nothing_stored();
}

TEST_F(BadFile, AHeaderWithoutRowsIsNamed) {
    const auto result = import("time,kWh\n");
    EXPECT_EQ(result.exit_code, invalid_input);
    EXPECT_THAT(result.errors, HasSubstr("the file has a header but no rows"));
    expect_nothing_stored();
}

TEST_F(BadFile, AWrongDelimiterIsToldWithTheRightOne) {
    write_plant("Asia/Shanghai", "delimiter = \",\"");
    const auto result = import("time;kWh\n2018-01-01 00:00;1\n");
    EXPECT_EQ(result.exit_code, invalid_input);
    EXPECT_THAT(result.errors, HasSubstr("meter.csv:1: source meter: no column \"time\""));
    EXPECT_THAT(result.errors, HasSubstr("try delimiter = \";\""));
    expect_nothing_stored();
}

TEST_F(BadFile, AMissingColumnIsToldWithTheNearestOne) {
    const auto result = import("time,kWh_total\n2018-01-01 00:00,1\n");
    EXPECT_EQ(result.exit_code, invalid_input);
    EXPECT_THAT(result.errors, HasSubstr("no column \"kWh\"; the header has: time, kWh_total"));
    expect_nothing_stored();
}

TEST_F(BadFile, AMissingFileIsNamed) {
    const auto result = import();
    EXPECT_EQ(result.exit_code, not_found);
    EXPECT_THAT(result.errors, HasSubstr("meter.csv"));
}

TEST_F(BadFile, AFolderIsNoFile) {
    std::filesystem::create_directory(folder_.path() / "meter.csv");
    const auto result = import();
    EXPECT_EQ(result.exit_code, invalid_input);
    EXPECT_THAT(result.errors, HasSubstr("expected a file, found a folder"));
}

TEST_F(BadFile, ACutOffLastLineLosesOnlyItself) {
    EXPECT_EQ(imported("time,kWh\n2018-01-01 00:00,1.25\n2018-01-01 00:15,2.5")["reasons"]["rejected_cut_off"], 1);
    EXPECT_EQ(status()["series"][0]["readings"], 1);
    // The whole file, later: the row is healed and no conflict is left.
    const auto whole = imported("time,kWh\n2018-01-01 00:00,1.25\n2018-01-01 00:15,2.53\n");
    EXPECT_EQ(whole["added"], 1);
    EXPECT_EQ(whole["conflicting"], 0);
}

TEST_F(BadFile, ALineInAnotherEncodingLosesOnlyItself) {
    const auto report = imported(
        "time,kWh,备注\n2018-01-01 00:00,1,运行\n2018-01-01 00:15,2,\xD4\xCB\xD0\xD0\n2018-01-01 00:30,3,停\n");
    EXPECT_EQ(report["encoding"], "UTF-8");
    EXPECT_EQ(report["readings"], 2);
    EXPECT_EQ(report["reasons"]["rejected_encoding"], 1);
    const auto example = status()["examples"][0];
    EXPECT_EQ(example["line"], 3);
    EXPECT_EQ(example["reason"], "rejected_encoding");
}

TEST_F(BadFile, ADamagedGzipFileSaysSo) {
    write_plant("Asia/Shanghai", "");
    const auto result = import(std::string_view("\x1f\x8b\x08\0\0\0\0\0\0\x03 this is no deflate stream", 36));
    EXPECT_EQ(result.exit_code, 10);
    EXPECT_THAT(result.errors, HasSubstr("copy the file again"));
    expect_nothing_stored();
}

TEST_F(BadFile, ALineOfTwoGigabytesIsSkippedInLittleMemory) {
    const auto file = folder_.write("meter.csv", "time,kWh\n2018-01-01 00:00,1\n2018-01-01 00:15,");
    constexpr off_t two_gigabytes = off_t{2} << 30;  // a hole: takes no room on the disk
    const std::string rest = "\n2018-01-01 00:30,3\n";
    const int descriptor = open(file.c_str(), O_WRONLY);
    ASSERT_GE(descriptor, 0);
    ASSERT_EQ(pwrite(descriptor, rest.data(), rest.size(), two_gigabytes), std::ssize(rest));
    close(descriptor);
    const auto result = run_loadstar({"import", folder_.path().string(), "--json"});
    ASSERT_EQ(result.exit_code, 0) << result.errors;
    const auto report = nlohmann::json::parse(result.output).at("files").at(0);
    EXPECT_EQ(report["readings"], 2);
    EXPECT_EQ(report["reasons"]["rejected_line_too_long"], 1);
    rusage used{};
    getrusage(RUSAGE_CHILDREN, &used);
    EXPECT_LT(used.ru_maxrss, 200'000) << "kB";
}

TEST_F(BadFile, NoPermissionIsToldAsSuch) {
    const auto file = folder_.write("meter.csv", "time,kWh\n2018-01-01 00:00,1\n");
    chmod(file.c_str(), 0);
    ProgramResult result;
    if (geteuid() != 0) {
        result = import();
    } else {  // nothing is forbidden to root: run as nobody
        chmod(folder_.path().c_str(), 0777);
        const std::vector<std::string> nobody{"--reuid=65534", "--regid=65534", "--clear-groups",
                                              test_support::program_path().string()};
        auto arguments = nobody;
        arguments.emplace_back("--version");
        if (run_program("/usr/bin/setpriv", arguments).exit_code != 0)
            GTEST_SKIP() << "the program cannot be run as another user here";
        arguments = nobody;
        arguments.insert(arguments.end(), {"import", folder_.path().string()});
        result = run_program("/usr/bin/setpriv", arguments);
    }
    EXPECT_EQ(result.exit_code, permission_denied) << result.errors;
    EXPECT_THAT(result.errors, HasSubstr("meter.csv"));
    EXPECT_THAT(result.errors, HasSubstr("check the rights of the file"));
}

TEST_F(BadFile, AnUnknownTimeZoneIsToldWithTheNearestOne) {
    write_plant("Asia/Shanghay", "time_zone = \"Europe/Berlinn\"");
    const auto result = import("time,kWh\n2018-01-01 00:00,1\n");
    EXPECT_EQ(result.exit_code, invalid_input);
    EXPECT_THAT(result.errors, HasSubstr("plant.toml:3:"));
    EXPECT_THAT(result.errors, HasSubstr("did you mean Asia/Shanghai?"));
    EXPECT_THAT(result.errors, HasSubstr("did you mean Europe/Berlin?"));
    EXPECT_FALSE(std::filesystem::exists(folder_.path() / "loadstar.db"));
}

TEST_F(BadFile, AllTwentyMistakesOfAPlantFileAreListedAtOnce) {
    folder_.write("plant.toml", R"(version = 2
colour = "red"
[site]
nam = "Works"
time_zone = "Mars/Base"
step_minutes = 7
[calendar]
holidays = ["2018-02-30"]
[source.meter]
format = "xls"
decimal_mark = ";"
skip_lines = -1
revision = 70000
[source.meter.stamp]
marks = "middle"
format = 5
[[source.meter.column]]
colum = "kWh"
kind = "energy"
scale = "ten"
[meter.main]
series = "lod"
carrier = "steam"
[battery.main]
max_charge_kw = "200kW"
[forecast]
issue_time = "25:00"
[detect]
false_alarms_per_month = -1
)");
    const auto check = run_loadstar({"check", folder_.path().string(), "--json"});
    EXPECT_EQ(check.exit_code, invalid_input);
    const auto mistakes = nlohmann::json::parse(check.output).at("mistakes");
    EXPECT_GE(mistakes.size(), 20U) << check.output;
    for (const auto& mistake : mistakes) EXPECT_FALSE(mistake.at("message").get<std::string>().empty());

    const auto result = import();
    EXPECT_EQ(result.exit_code, invalid_input);
    for (const auto& mistake : mistakes) EXPECT_THAT(result.errors, HasSubstr(mistake.at("where").get<std::string>()));
    EXPECT_FALSE(std::filesystem::exists(folder_.path() / "loadstar.db"));
}

}  // namespace
}  // namespace loadstar
