// The built program tells how complete what is stored is.
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "support/program.hpp"
#include "support/stored_plant.hpp"

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

TEST(StatusVerb, TellsGapsAndCoverageByDay) {
    test_support::StoredPlant plant(plant_file);
    std::vector<std::optional<double>> values(2 * 96, 1.0);
    for (std::size_t slot = 100; slot < 112; ++slot) values[slot].reset();
    plant.store({.id = "load", .kind = SeriesKind::interval_energy, .unit = "kWh"},
                parse_instant("2025-03-01T00:00:00Z").value(), values);
    const auto result = run_loadstar({"status", plant.folder().string(), "--json"});
    ASSERT_EQ(result.exit_code, 0) << result.errors;
    const auto report = nlohmann::json::parse(result.output);
    EXPECT_EQ(report["schema"], "loadstar.status/1");
    const auto& load = report["series"][0];
    EXPECT_EQ(load["slots"], 192);
    EXPECT_EQ(load["valid_slots"], 180);
    ASSERT_EQ(load["gaps"].size(), 1U);
    EXPECT_EQ(load["gaps"][0]["start"], "2025-03-02T01:00:00+00:00");
    EXPECT_EQ(load["gaps"][0]["end"], "2025-03-02T04:00:00+00:00");
    EXPECT_EQ(load["day_share"]["2025-03-01"], 1.0);
    EXPECT_EQ(load["day_share"]["2025-03-02"], 0.875);
}

constexpr const char* plant_with_market_prices = R"([[source.meter.column]]
column = "price"
series = "spot"
kind = "price"
unit = "CNY/kWh"
[meter.main]
carrier = "electricity"
series = "load"
billing = true
[contract.market]
[[contract.market.energy]]
line = "energy"
price_series = "spot"
[grid.main]
carrier = "electricity"
contract = "market"
meter = "main"
)";

// A plan of tomorrow needs tomorrow's prices; who sees today that they are not there can still fetch them.
TEST(StatusVerb, TellsThatPricesEndBeforeTheNextPlanDoes) {
    test_support::StoredPlant plant(std::string(plant_file) + plant_with_market_prices);
    const auto start = parse_instant("2025-03-01T00:00:00Z").value();
    plant.store({.id = "load", .kind = SeriesKind::interval_energy, .unit = "kWh"}, start,
                std::vector<double>(96, 1.0));
    const SeriesInfo prices{.id = "spot", .kind = SeriesKind::price, .unit = "CNY/kWh"};
    plant.store(prices, start, std::vector<double>(96 + 40, 0.5));
    const auto told = run_loadstar({"status", plant.folder().string()});
    EXPECT_NE(told.output.find("the prices of spot end at 2025-03-02T10:00:00+00:00"), std::string::npos)
        << told.output << told.errors;
    plant.store(prices, start + hours(24), std::vector<double>(96, 0.5));
    EXPECT_EQ(run_loadstar({"status", plant.folder().string()}).output.find("note:"), std::string::npos);
}

TEST(StatusVerb, WithoutAHistorianItSaysHowToMakeOne) {
    const TemporaryFolder folder;
    folder.write("plant.toml", plant_file);
    const auto result = run_loadstar({"status", folder.path().string()});
    EXPECT_EQ(result.exit_code, 4);
    EXPECT_NE(result.errors.find("run `loadstar import` first"), std::string::npos) << result.errors;
}

}  // namespace
}  // namespace loadstar
