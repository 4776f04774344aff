// The verb `plan` of the built program.
#include <algorithm>
#include <fstream>
#include <map>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "base/time_zone.hpp"
#include "support/program.hpp"
#include "support/shared.hpp"
#include "support/small_works.hpp"
#include "support/steel_works.hpp"
#include "support/stored_plant.hpp"

namespace loadstar {
namespace {

using testing::HasSubstr;

/// A table of a plant file, from its header to the next.
std::string without_table(std::string text, const std::string& header) {
    const auto start = text.find(header);
    return text.erase(start, text.find("\n[", start) + 1 - start);
}

/// The steel works with a battery of the examples, its year in the historian. The optima that are known for it are
/// those of its contract without the power factor.
class PlanVerb : public testing::Test {
  protected:
    static void SetUpTestSuite() {
        const auto shared = test_support::shared_folder();
        if (!shared) return;
        plant_ = stored(without_table(plant_text(), "[contract.two_part.power_factor]"));
        std::ifstream known(*shared / "cases/plans/steel_battery_2018.json");
        cases_ = nlohmann::json::parse(known).at("cases");
    }
    static void TearDownTestSuite() { plant_.reset(); }
    void SetUp() override {
        if (!plant_) GTEST_SKIP() << "the folder of published data is not there";
    }

    static std::string plant_text() {
        std::ifstream file(test_support::source_root() / "examples/steel_battery/plant.toml");
        std::stringstream text;
        text << file.rdbuf();
        return text.str();
    }
    static std::unique_ptr<test_support::StoredPlant> stored(const std::string& text) {
        auto plant = std::make_unique<test_support::StoredPlant>(text);
        const auto start = TimeZone::find("Asia/Seoul").value().start_of_day(parse_day("2018-01-01").value());
        const auto year = test_support::steel_works_year(*test_support::shared_folder());
        const auto store = [&](const char* id, const char* unit, const std::vector<double>& values) {
            plant->store({.id = id, .kind = SeriesKind::interval_energy, .unit = unit}, start, values);
        };
        store("load", "kWh", year.kwh);
        store("reactive_lagging", "kvarh", year.lagging_kvarh);
        store("reactive_leading", "kvarh", year.leading_kvarh);
        return plant;
    }

    static ProgramResult plan(std::vector<std::string> arguments) {
        arguments.insert(arguments.begin(), {"plan", plant_->folder().string()});
        return run_loadstar(std::move(arguments));
    }

    static inline std::unique_ptr<test_support::StoredPlant> plant_;
    static inline nlohmann::json cases_;
};

TEST_F(PlanVerb, ReachesTheKnownOptimaOnStoredReadings) {
    for (const auto& known : cases_) {
        const auto result =
            plan({"--from", known["start"].get<std::string>(), "--days", std::to_string(known["days"].get<int>()),
                  "--incurred-peak", std::to_string(known["incurred_peak_kw"].get<double>()), "--perfect", "--json"});
        ASSERT_EQ(result.exit_code, 0) << result.errors;
        const auto json = nlohmann::json::parse(result.output);
        EXPECT_EQ(json["schema"], "loadstar.plan/1");
        EXPECT_EQ(json["outcome"], "optimal");
        const double optimal = known["optimal_cost"];
        const double idle = known["do_nothing"];
        const double fixed = json["fixed_cost"];
        EXPECT_NEAR(json["cost_after"].get<double>() - fixed, optimal, 1e-7 * optimal);
        EXPECT_NEAR(json["cost_before"].get<double>() - fixed, idle, 1e-7 * idle);
        EXPECT_EQ(json["import"]["values"].size(), 96 * known["days"].get<std::size_t>());
        EXPECT_EQ(json["assets"][0]["id"], "main");
    }
}

// A whole month that is left alone costs what `bill` says of it, line by line: its power factor of 0.87 costs 1.5 %.
// The battery draws a little more than it gives, and the adjustment goes with what it saves.
TEST_F(PlanVerb, PlansThePowerFactorOfAMonthAsItsBill) {
    const auto plant = stored(plant_text());
    const auto folder = plant->folder().string();
    const auto planned = run_loadstar({"plan", folder, "--from", "2018-03-01", "--days", "31", "--perfect", "--json"});
    ASSERT_EQ(planned.exit_code, 0) << planned.errors;
    const auto json = nlohmann::json::parse(planned.output);
    EXPECT_TRUE(json["not_planned"].empty());
    std::map<std::string, double> before;
    for (const auto& cost : json["costs"]) before[cost["id"]] += cost["before"].get<double>();
    const auto billed = run_loadstar({"bill", folder, "--from", "2018-03", "--to", "2018-03", "--json"});
    ASSERT_EQ(billed.exit_code, 0) << billed.errors;
    for (const auto& line : nlohmann::json::parse(billed.output)["bills"][0]["lines"])
        EXPECT_NEAR(before[line["line"]], line["amount"].get<double>(), 0.02) << line["line"];
    EXPECT_GT(before["power_factor"], 1000);
    EXPECT_LT(json["cost_after"], json["cost_before"]);
}

TEST_F(PlanVerb, TakesThePeakFromTheStoredReadingsWhenNoneIsGiven) {
    const auto costs = [](const std::vector<std::string>& more) {
        std::vector<std::string> arguments{"--from", "2018-03-06", "--days", "2", "--perfect", "--json"};
        arguments.insert(arguments.end(), more.begin(), more.end());
        return nlohmann::json::parse(plan(arguments).output)["fixed_cost"].get<double>();
    };
    // The first five days of March are days 60 to 64 of the year.
    const auto year = test_support::steel_works_year(*test_support::shared_folder());
    const double peak = 4 * *std::max_element(year.kwh.begin() + 59 * 96, year.kwh.begin() + 64 * 96);
    EXPECT_NEAR(costs({}), costs({"--incurred-peak", std::to_string(peak)}), 0.01);
    EXPECT_GT(costs({}), costs({"--incurred-peak", "480"}));
}

TEST_F(PlanVerb, TellsAPersonWhatIsSavedAndWhy) {
    const auto result = plan({"--from", "2018-03-06", "--perfect"});
    ASSERT_EQ(result.exit_code, 0) << result.errors;
    EXPECT_THAT(result.output, HasSubstr("discharges"));
    EXPECT_THAT(plan({"--from", "2018-03-06", "--perfect", "--lang", "zh"}).output, HasSubstr("放电"));
}

TEST_F(PlanVerb, PlansTheComingDayOnForecasts) {
    const auto result = plan({"--scenarios", "5", "--json"});
    ASSERT_EQ(result.exit_code, 0) << result.errors;
    const auto json = nlohmann::json::parse(result.output);
    EXPECT_EQ(json["foresight"], "forecast");
    EXPECT_EQ(json["scenarios"], 5);
    EXPECT_EQ(json["start"], "2019-01-01T00:00:00+09:00");
    EXPECT_EQ(json["basis"][0]["issued_at"], "2019-01-01T00:00:00+09:00");
    EXPECT_EQ(json["start_state"]["levels"][0]["from"], "plant_file");
}

TEST_F(PlanVerb, NamesTheFirstSlotWithoutAReading) {
    const auto result = plan({"--from", "2018-12-31", "--days", "2", "--perfect", "--json"});
    EXPECT_EQ(result.exit_code, 3);
    EXPECT_THAT(result.errors, HasSubstr("2019-01-01T00:00"));
}

TEST(PlanVerbAtALimit, NamesTheLimitThatCannotBeKeptAndWhen) {
    std::string file = test_support::small_works_file;
    const std::string usual = "max_import_kw = 1000";
    file.replace(file.find(usual), usual.size(), "max_import_kw = 30");  // the works draw 120 kW by day
    test_support::StoredPlant plant(file);
    test_support::fill(plant);
    const auto text = run_loadstar({"plan", plant.folder().string(), "--from", "2025-03-11", "--perfect"}).output;
    EXPECT_THAT(text, HasSubstr("cannot be kept: import limit of the connection: 2025-03-11T08:00 - "));
    EXPECT_THAT(
        run_loadstar({"plan", plant.folder().string(), "--from", "2025-03-11", "--perfect", "--lang", "zh"}).output,
        HasSubstr("无法满足：并网点购电限值"));
}

}  // namespace
}  // namespace loadstar
