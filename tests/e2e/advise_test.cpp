// The verb `advise` of the built program.
#include "service/advise.hpp"

#include <map>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "base/time_zone.hpp"
#include "support/program.hpp"
#include "support/shared.hpp"
#include "support/stored_plant.hpp"

namespace loadstar {
namespace {

using testing::AllOf;
using testing::HasSubstr;

constexpr std::string_view plant_with_contract = R"(version = 1
[site]
id = "works"
name = "Works"
time_zone = "Asia/Shanghai"
[carrier.electricity]
unit = "kWh"
carbon_kg_per_unit = 0.5
carbon_source = "made up for a test"
[source.meter]
file = "meter.csv"
step_minutes = 15
[source.meter.stamp]
column = "at"
format = "iso8601"
[[source.meter.column]]
column = "kwh"
series = "load"
kind = "interval_energy"
unit = "kWh"
[meter.main]
carrier = "electricity"
series = "load"
billing = true
[contract.flat]
[[contract.flat.energy]]
line = "energy"
price_per_kwh = 1
[[contract.flat.demand]]
mode = "contract"
rate_per_kw = 40
contract_kw = 800
[grid.main]
carrier = "electricity"
contract = "flat"
meter = "main"
)";

/// Three months of 2025: 100 kW, and 420, 525, 630 kW in one quarter-hour of each.
void store_three_months(test_support::StoredPlant& plant) {
    const auto zone = TimeZone::find("Asia/Shanghai").value();
    const auto start = zone.start_of_day(parse_day("2025-01-01").value());
    std::vector<double> kwh(static_cast<std::size_t>(90 * 96), 25.0);
    kwh.at(10 * 96) = 105;
    kwh.at(40 * 96) = 131.25;
    kwh.at(70 * 96) = 157.5;
    plant.store({.id = "load", .kind = SeriesKind::interval_energy, .unit = "kWh"}, start, kwh);
}

// By hand: 800 kW cost 96,000 in three months, the best contract of 500 kW 68,400 (see contract_demand_test).
TEST(AdviseVerb, TellsTheSavingOfABetterContractInBothLanguages) {
    test_support::StoredPlant plant(plant_with_contract);
    store_three_months(plant);
    const auto result = run_loadstar({"advise", plant.folder().string(), "--json"});
    ASSERT_EQ(result.exit_code, 0) << result.errors;
    const auto json = nlohmann::json::parse(result.output);
    EXPECT_EQ(json["schema"], "loadstar.advise/1");
    EXPECT_EQ(json["billed_periods"], nlohmann::json({"2025-01", "2025-02", "2025-03"}));
    const auto& advice = json["advice"].at(0);
    EXPECT_EQ(advice["id"], "contract_demand");
    EXPECT_DOUBLE_EQ(advice["saving_cost_per_year"], 110400.0);
    EXPECT_DOUBLE_EQ(advice["saving_tco2_per_year"], 0.0);
    EXPECT_EQ(advice["confidence"], "medium");
    for (const auto* text : {"title", "text", "how_computed", "confidence_reason"}) {
        EXPECT_FALSE(advice[text]["en"].get<std::string>().empty()) << text;
        EXPECT_FALSE(advice[text]["zh"].get<std::string>().empty()) << text;
    }
    const auto chinese = run_loadstar({"advise", plant.folder().string(), "--lang", "zh"});
    EXPECT_THAT(chinese.output, AllOf(HasSubstr("核定需量由 800 kW 调整为 500 kW"), HasSubstr("110,400")));
}

TEST(AdviseVerb, EveryTopicComesBackWithAVerdict) {
    test_support::StoredPlant plant(plant_with_contract);
    store_three_months(plant);
    const auto json = nlohmann::json::parse(run_loadstar({"advise", plant.folder().string(), "--json"}).output);
    std::map<std::string, std::string> verdicts;
    for (const auto& topic : json["examined"]) verdicts[topic["topic"]] = topic["verdict"];
    EXPECT_EQ(verdicts["contract_demand"], "advised");
    EXPECT_EQ(verdicts["idle_machines"], "not_examined");
    EXPECT_EQ(verdicts["power_factor"], "fine");
    EXPECT_EQ(verdicts["load_shift"], "fine");  // one price at all hours
}

TEST(AdviseVerb, WithoutACompletePeriodItSaysSo) {
    test_support::StoredPlant plant(plant_with_contract);
    const auto start = TimeZone::find("Asia/Shanghai").value().start_of_day(parse_day("2025-01-10").value());
    plant.store({.id = "load", .kind = SeriesKind::interval_energy, .unit = "kWh"}, start,
                std::vector<double>(static_cast<std::size_t>(10 * 96), 25.0));
    const auto result = run_loadstar({"advise", plant.folder().string()});
    ASSERT_EQ(result.exit_code, 0) << result.errors;
    EXPECT_THAT(result.output, AllOf(HasSubstr("Billing period 2025-01 was left out: 32 % of it is measured"),
                                     HasSubstr("Only 10 days are measured"), HasSubstr("no money can be told")));
}

TEST(AdviseVerb, KeptAdviceTakesThePlaceOfWhatStoodBefore) {
    test_support::StoredPlant plant(plant_with_contract);
    store_three_months(plant);
    const SystemClock clock;
    const auto kept_section = [&] {
        auto session = service::Session::open(plant.folder(), historian::OpenMode::read, clock).value();
        return service::kept_advice_section(session, "main").value();
    };
    ASSERT_EQ(run_loadstar({"advise", plant.folder().string(), "--no-store"}).exit_code, 0);
    EXPECT_FALSE(kept_section()) << "only printed";
    for (int twice = 0; twice < 2; ++twice) {
        const auto result = run_loadstar({"advise", plant.folder().string(), "--json"});
        ASSERT_EQ(result.exit_code, 0) << result.errors;
        EXPECT_EQ(nlohmann::json::parse(result.output)["stored"], true);
    }
    const auto section = kept_section().value();
    EXPECT_EQ(section["examined"].size(), 7U);
    std::set<std::string> ids;
    for (const auto& advice : section["advice"]) ids.insert(advice["id"].get<std::string>());
    EXPECT_EQ(ids.size(), section["advice"].size());
    EXPECT_TRUE(ids.contains("contract_demand"));
    EXPECT_DOUBLE_EQ(section["advice"].at(0)["saving_cost_per_year"], 110400.0);
}

TEST(AdviseVerb, AnUnknownConnectionIsNotFound) {
    test_support::StoredPlant plant(plant_with_contract);
    store_three_months(plant);
    const auto result = run_loadstar({"advise", plant.folder().string(), "--grid", "mian"});
    EXPECT_EQ(result.exit_code, 4);
    EXPECT_THAT(result.errors, HasSubstr("known: main"));
}

}  // namespace
}  // namespace loadstar
