// The report of example plants: what converters give, what tanks hold, all bills, scenarios side by side.
#include <algorithm>
#include <cmath>

#include <gmock/gmock.h>

#include "support/example.hpp"

namespace loadstar {
namespace {

using test_support::Example;

const nlohmann::json* row(const nlohmann::json& rows, const std::string& id) {
    for (const auto& one : rows)
        if (one.at("id") == id) return &one;
    return nullptr;
}

double sum_of(const nlohmann::json& values) {
    double sum = 0;
    for (const double value : values) sum += value;
    return sum;
}

/// Every section renders in both languages, looks and widths and on paper; nothing where there is no browser.
void expect_shown(const std::filesystem::path& page) {
    const auto seen = run_program(test_support::source_root() / "script/check-page", {page.string()});
    constexpr int no_browser = 77;
    if (seen.exit_code == no_browser) GTEST_SKIP() << seen.output;
    EXPECT_EQ(seen.exit_code, 0) << seen.output << seen.errors;
}

TEST(ExampleReports, CombinedHeatAndPowerHasItsBillsAndItsPlan) {
    const Example example("chp_and_heat");
    const auto data = example.json({"report"}, {});
    EXPECT_NE(row(data.at("bill").at("lines"), "network"), nullptr);
    EXPECT_GT(data.at("bill").at("total_cost"), 0);
    const auto& plan = data.at("plan");
    const auto* tank = row(plan.at("stores"), "heat");
    ASSERT_NE(tank, nullptr);
    EXPECT_EQ(tank->at("unit"), "kWh");
    EXPECT_EQ(tank->at("capacity"), 4000);
    EXPECT_EQ(tank->at("level").at("values").front(), 2000);
    const auto* power = row(plan.at("converters"), "chp.electricity");
    const auto* heat = row(plan.at("converters"), "chp.heat");
    ASSERT_NE(power, nullptr);
    ASSERT_NE(heat, nullptr);
    EXPECT_EQ(heat->at("name").at("en"), "Gas engine");
    EXPECT_EQ(heat->at("unit"), "kW");
    // 1130 of heat for 1000 of power at full load, 620 for 500 at half.
    EXPECT_GT(sum_of(power->at("after").at("values")), 0);
    EXPECT_GE(sum_of(heat->at("after").at("values")), 1.13 * sum_of(power->at("after").at("values")) - 1e-6);
    EXPECT_LE(sum_of(heat->at("after").at("values")), 1.24 * sum_of(power->at("after").at("values")) + 1e-6);
    for (const auto& cost : data.at("plan_costs").at("terms"))
        EXPECT_GE(
            std::max(std::abs(cost.at("before_cost").get<double>()), std::abs(cost.at("after_cost").get<double>())),
            0.005)
            << cost;
    EXPECT_NE(row(data.at("plan_costs").at("terms"), "converter.chp.running"), nullptr);
    expect_shown(example.plant() / "report.html");
}

TEST(ExampleReports, AirCountsInCubicMetres) {
    const auto plan = Example("compressed_air").json({"report"}, {}).at("plan");
    EXPECT_EQ(row(plan.at("converters"), "fixed_speed.air")->at("unit"), "Nm3/h");
    EXPECT_EQ(row(plan.at("stores"), "receiver")->at("unit"), "Nm3");
}

TEST(ExampleReports, ShowsTheScenariosOfTheLastStudy) {
    const Example example("battery_and_sun");
    EXPECT_FALSE(example.json({"report"}, {}).contains("what_if"));
    const auto study = example.json({"whatif"}, {"--from", "2026-05-04", "--to", "2026-05-10", "--scenarios",
                                                 (example.plant() / "scenarios.toml").string()});
    EXPECT_EQ(study.at("stored"), true);
    const auto section = example.json({"report"}, {"--lang", "zh"}).at("what_if");
    EXPECT_EQ(section.at("base"), "as_it_is");
    ASSERT_EQ(section.at("scenarios").size(), study.at("outcomes").size());
    for (std::size_t i = 0; i < study.at("outcomes").size(); ++i) {
        const auto& scenario = section.at("scenarios")[i];
        EXPECT_EQ(scenario.at("cost"), study["outcomes"][i].at("cost"));
        double sum = 0;
        for (const auto& term : scenario.at("terms")) sum += term.at("cost").get<double>();
        EXPECT_NEAR(sum, scenario.at("cost").get<double>(), 1e-6);
        EXPECT_EQ(scenario.contains("sizes"), study["outcomes"][i].contains("sizes"));
    }
    const auto& chosen = study.at("outcomes").back();  // the scenario that leaves a size open
    const auto& shown = section.at("scenarios").back();
    ASSERT_EQ(shown.at("sizes").size(), 1U);
    EXPECT_EQ(shown["sizes"][0].at("size"), chosen.at("sizes")[0].at("size"));
    EXPECT_EQ(shown["sizes"][0].at("values").size(), chosen["sizes"][0].at("set").size());
    EXPECT_EQ(shown.at("annuity_cost_per_year"), chosen.at("annuity_per_year"));
    EXPECT_TRUE(section.at("scenarios")[0].at("saving_cost_per_year").is_null());
    EXPECT_EQ(section.at("period").at("start"), "2026-05-04T00:00:00+08:00");
    expect_shown(example.plant() / "report.html");
}

TEST(ExampleReports, AStudyThatIsNotKeptIsNotShown) {
    const Example example("battery_and_sun");
    const auto study = example.json({"whatif"}, {"--from", "2026-05-04", "--to", "2026-05-05", "--set",
                                                 "battery.main.capacity_kwh=1400", "--no-store"});
    EXPECT_FALSE(study.contains("stored"));
    EXPECT_FALSE(example.json({"report"}, {}).contains("what_if"));
}

}  // namespace
}  // namespace loadstar
