#include "site/plant_file.hpp"

#include <cstdlib>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "support/temporary_folder.hpp"

namespace loadstar {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::Field;
using testing::HasSubstr;

constexpr const char* small_plant = R"([site]
name = "Small"
time_zone = "Asia/Shanghai"

[source.meter]
file = "meter.csv"
[source.meter.stamp]
column = "time"
[[source.meter.column]]
column = "kWh"
series = "load"
unit = "kWh"

[meter.main]
carrier = "electricity"
series = "load"

[battery.b1]
max_charge_kw = 100.0
max_discharge_kw = 100
capacity_kwh = 200
)";

class PlantFile : public testing::Test {
  protected:
    PlantReading read(const std::string& content) {
        std::ofstream(folder_.path() / "plant.toml") << content;
        return read_plant_file(folder_.path()).value();
    }
    TemporaryFolder folder_;
};

TEST_F(PlantFile, ReadsASmallPlant) {
    const auto reading = read(small_plant);
    ASSERT_TRUE(reading.plant) << reading.mistakes.front().message;
    EXPECT_EQ(reading.plant->name, "Small");
    EXPECT_EQ(reading.plant->time_zone.name(), "Asia/Shanghai");
    EXPECT_EQ(reading.plant->batteries.front().capacity, Energy(200));
    EXPECT_EQ(reading.plant->sources.front().path, (folder_.path() / "meter.csv").string());
    EXPECT_NE(find_by_id(reading.plant->carriers, "electricity"), nullptr);
}

TEST_F(PlantFile, WrongUnitIsToldWithPlaceAndRepair) {
    std::string text = small_plant;
    text.replace(text.find("100.0"), 5, "\"250kW\"");
    const auto reading = read(text);
    ASSERT_EQ(reading.mistakes.size(), 1U);
    const auto& mistake = reading.mistakes.front();
    EXPECT_EQ(mistake.line, 19);
    EXPECT_THAT(mistake.where, HasSubstr("plant.toml:19:17"));
    EXPECT_EQ(mistake.message, "expected a number of kW for max_charge_kw, found \"250kW\"");
    EXPECT_EQ(mistake.hint, "write max_charge_kw = 250");
}

TEST_F(PlantFile, UnknownKeyNamesTheNearest) {
    const auto reading = read(std::string(small_plant) + "wear_per_kWh = 0.1\n");
    ASSERT_EQ(reading.mistakes.size(), 1U);
    EXPECT_EQ(reading.mistakes.front().message, "unknown key wear_per_kWh");
    EXPECT_EQ(reading.mistakes.front().hint, "did you mean wear_per_kwh?");
}

TEST_F(PlantFile, BatteryOfZeroSizeIsRefused) {
    std::string text = small_plant;
    text.replace(text.find("capacity_kwh = 200"), 18, "capacity_kwh = 0  ");
    const auto reading = read(text);
    ASSERT_EQ(reading.mistakes.size(), 1U);
    EXPECT_EQ(reading.mistakes.front().message, "expected a number of kWh above 0 for capacity_kwh, found 0");
}

TEST_F(PlantFile, AnOrderDueBeforeItsReleaseIsAMistake) {
    const auto reading = read(std::string(small_plant) + R"(
[machine.oven]
[job.J1]
machines = ["oven"]
profile_kw = [50, 50, 50, 50, 50]
release = 2026-03-02T06:00:00
due = 2026-03-02T05:00:00
)");
    ASSERT_EQ(reading.mistakes.size(), 1U);
    EXPECT_THAT(reading.mistakes.front().message, HasSubstr("due 2026-03-02T05:00:00+08:00, before its release"));
    EXPECT_THAT(reading.mistakes.front().hint, HasSubstr("2026-03-02T06:00:00+08:00"));
}

/// A measured temperature and what a weather service foretells.
std::string with_forecast(const std::string& keys) {
    return std::string(small_plant) + R"(
[source.weather]
file = "weather.csv"
[source.weather.stamp]
column = "time"
[[source.weather.column]]
column = "t"
series = "outdoors"
kind = "temperature"
unit = "C"
[[source.weather.column]]
column = "t_tomorrow"
series = "outdoors.foretold"
kind = "temperature"
unit = "C"
)" + keys;
}

TEST_F(PlantFile, AForecastFromElsewhereIsKnownAhead) {
    const auto reading = read(with_forecast("forecast_of = \"outdoors\"\n"));
    ASSERT_TRUE(reading.plant) << reading.mistakes.front().message;
    const auto* column = column_that_foretells(reading.plant->sources, "outdoors");
    ASSERT_NE(column, nullptr);
    EXPECT_EQ(column->series, "outdoors.foretold");
    EXPECT_TRUE(column->known_ahead);
    EXPECT_EQ(column_that_foretells(reading.plant->sources, "outdoors.foretold"), nullptr);
}

TEST_F(PlantFile, AForecastOfAnotherKindTwiceOrOfItselfIsAMistake) {
    const auto message = [this](const std::string& keys) {
        const auto mistakes = read(with_forecast(keys)).mistakes;
        return mistakes.empty() ? "none" : mistakes.front().message;
    };
    EXPECT_THAT(message("forecast_of = \"load\"\n"), HasSubstr("expected a forecast of the kind of load"));
    EXPECT_THAT(message("forecast_of = \"outdoors.foretold\"\n"), HasSubstr("is said to foretell itself"));
    EXPECT_THAT(message("forecast_of = \"outdoor\"\n"), HasSubstr("outdoor"));
    EXPECT_THAT(message("forecast_of = \"outdoors\"\n[[source.weather.column]]\ncolumn = \"u\"\nseries = \"other\"\n"
                        "kind = \"temperature\"\nunit = \"C\"\nforecast_of = \"outdoors\"\n"),
                HasSubstr("outdoors is foretold by two series"));
}

TEST_F(PlantFile, UnsetEnvironmentVariableIsNamedAndADefaultIsUsed) {
    unsetenv("LOADSTAR_TEST_NOWHERE");
    std::string text = small_plant;
    text.replace(text.find("meter.csv"), 9, "$LOADSTAR_TEST_NOWHERE/m.csv");
    const auto reading = read(text);
    ASSERT_EQ(reading.mistakes.size(), 1U);
    EXPECT_THAT(reading.mistakes.front().message, HasSubstr("LOADSTAR_TEST_NOWHERE is not set"));
    text = small_plant;
    text.replace(text.find("meter.csv"), 9, "${LOADSTAR_TEST_NOWHERE:-data}/m.csv");
    EXPECT_EQ(read(text).plant->sources.front().path, (folder_.path() / "data/m.csv").string());
}

// Twenty mistakes of different kinds: all are shown at once, each with its line.
TEST_F(PlantFile, ListsTwentyMistakesAtOnce) {
    const auto reading = read(R"(version = 1
[site]
nam = "Bad"
time_zone = "Asia/Shanghia"
currency = 7
step_minutes = 17
[calendar]
holidays = ["2026-10-01"]
[carrier.gas]
carbon_kg_per_unit = 0.2
[source.meter]
fiel = "meter.csv"
[[source.meter.column]]
column = "kWh"
series = "load"
kind = "energy"
scale = "x10"
[meter.main]
carrier = "electrictiy"
series = "lod"
billing = "yes"
[grid.main]
contract = "none"
max_import_kw = -5
[battery.b]
max_charge_kw = 0
max_discharge_kw = "100 kW"
capacity_kwh = 0
charge_efficiency = 95
[shiftable_load.pump]
energy_per_day_kwh = 500
max_power_kw = 10
window = ["8-12"]
[forecast]
issue_time = "ten"
[plann]
)");
    EXPECT_FALSE(reading.plant);
    EXPECT_GE(reading.mistakes.size(), 20U);
    for (const auto& mistake : reading.mistakes) {
        EXPECT_GT(mistake.line, 0) << mistake.message;
        EXPECT_FALSE(mistake.message.empty());
    }
    const auto says = [](const char* text) { return Contains(Field(&Mistake::message, HasSubstr(text))); };
    EXPECT_THAT(reading.mistakes,
                AllOf(says("unknown key nam"), says("unknown time zone"), says("step_minutes, found 17"),
                      says("carbon_source is missing"), says("unknown key fiel"), says("stamp is missing"),
                      says("no carrier named \"electrictiy\""), says("no series named \"lod\""),
                      says("do not fit into the window"), says("found \"8-12\""), says("unknown key plann")));
}

TEST_F(PlantFile, BrokenTomlIsOneMistakeWithItsPlace) {
    const auto reading = read("[site]\nname = Small\n");
    ASSERT_EQ(reading.mistakes.size(), 1U);
    EXPECT_EQ(reading.mistakes.front().line, 2);
    EXPECT_THAT(reading.mistakes.front().message, HasSubstr("not valid TOML"));
}

TEST_F(PlantFile, MissingFileIsNotFound) {
    const auto reading = read_plant_file(folder_.path() / "nowhere");
    ASSERT_FALSE(reading);
    EXPECT_EQ(reading.error().code, ErrorCode::not_found);
}

TEST_F(PlantFile, NewerFormatVersionIsRefused) {
    const auto reading = read("version = 9\n" + std::string(small_plant));
    ASSERT_EQ(reading.mistakes.size(), 1U);
    EXPECT_THAT(reading.mistakes.front().message, HasSubstr("expected version 1 or older, found 9"));
}

TEST(PlantFileSchema, DescribesTheKeysTheReaderReads) {
    const auto schema = plant_file_schema();
    const auto& battery = schema["properties"]["battery"]["additionalProperties"];
    EXPECT_EQ(battery["properties"]["capacity_kwh"]["exclusiveMinimum"], 0);
    EXPECT_EQ(battery["additionalProperties"], false);
    EXPECT_THAT(battery["required"].dump(), HasSubstr("max_charge_kw"));
    EXPECT_TRUE(schema["properties"]["source"]["additionalProperties"]["properties"].contains("stamp"));
    EXPECT_TRUE(schema["properties"]["forecast"]["properties"].contains("target"));
}

}  // namespace
}  // namespace loadstar
