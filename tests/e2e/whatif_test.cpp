// The verbs `plan` and `whatif` of the built program on the example plants that bring their own readings.
#include <cmath>
#include <filesystem>
#include <fstream>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "support/example.hpp"

namespace loadstar {
namespace {

using test_support::Example;
using testing::HasSubstr;

double saving(const nlohmann::json& plan) {
    return plan.at("cost_before").get<double>() - plan.at("cost_after").get<double>();
}

double told_saving(const nlohmann::json& plan) {
    double sum = 0;
    for (const auto& action : plan.at("actions")) sum += action.at("saving").get<double>();
    return sum;
}

nlohmann::json asset(const nlohmann::json& plan, const std::string& id) {
    for (const auto& one : plan.at("assets"))
        if (one.at("id") == id) return one;
    return {};
}

TEST(ExamplePlans, CombinedHeatAndPowerSavesMoneyAndSaysWhatHeatIsWorth) {
    const Example example("chp_and_heat");
    const auto plan = example.json({"plan"}, {"--from", "2026-02-09", "--days", "2", "--perfect"});
    EXPECT_EQ(plan.at("outcome"), "optimal");
    EXPECT_GT(saving(plan), 1000);
    EXPECT_NEAR(told_saving(plan), saving(plan), 1e-3 * saving(plan));
    EXPECT_TRUE(plan.at("breaches").empty());
    ASSERT_EQ(plan.at("carriers").size(), 2U);
    EXPECT_EQ(plan["carriers"][0].at("carrier"), "gas");
    EXPECT_EQ(plan["carriers"][1].at("carrier"), "heat");
    // Heat is never worth more than making it in a boiler: gas, its tax and its carbon over 92 %.
    for (const double value : plan["carriers"][1].at("value_per_unit").get<std::vector<double>>())
        EXPECT_LE(value, (0.048 + 0.202 * 0.065) / 0.92 + 1e-3);
    EXPECT_EQ(asset(plan, "chp").at("running").size(), 48U);
}

TEST(ExamplePlans, CompressorsAreCountedAndColdIsMadeAtNight) {
    const auto air = Example("compressed_air").json({"plan"}, {"--from", "2026-04-07", "--days", "1", "--perfect"});
    EXPECT_GT(saving(air), 0);
    for (const int running : asset(air, "fixed_speed").at("running")) EXPECT_LE(running, 4);
    const auto cold = Example("cold_store").json({"plan"}, {"--from", "2026-08-03", "--days", "2", "--perfect"});
    EXPECT_GT(saving(cold), 1000);
    const auto level = asset(cold, "ice").at("level").get<std::vector<double>>();
    EXPECT_GT(level[7], level[0]);   // filled by seven in the morning
    EXPECT_LT(level[22], level[7]);  // used during the day
}

TEST(ExamplePlans, APlanOnForecastsNeedsNoReadingOfTheDay) {
    const auto plan = Example("chp_and_heat").json({"plan"}, {"--days", "1"});
    EXPECT_EQ(plan.at("foresight"), "forecast");
    EXPECT_FALSE(plan.at("actions").empty());
    EXPECT_NE(plan["basis"][0].at("method"), "measured");
}

TEST(WhatIf, ComparesScenariosSideBySide) {
    const Example example("battery_and_sun");
    const auto report = example.json({"whatif"}, {"--from", "2026-04-06", "--to", "2026-05-17", "--scenarios",
                                                  (example.plant() / "scenarios.toml").string()});
    EXPECT_EQ(report.at("schema"), "loadstar.what_if/1");
    EXPECT_EQ(report.at("days"), 42);
    EXPECT_EQ(report.at("billing_periods"), 2);
    const auto outcome = [&](const std::string& id) {
        for (const auto& one : report.at("outcomes"))
            if (one.at("id") == id) return one;
        return nlohmann::json();
    };
    const double as_it_is = outcome("as_it_is").at("cost");
    EXPECT_LT(as_it_is, outcome("nothing_done").at("cost"));
    // Without its battery the plant does what it does when nothing is done.
    EXPECT_NEAR(outcome("no_battery").at("cost").get<double>(), outcome("nothing_done").at("cost").get<double>(), 1e-6);
    EXPECT_LT(outcome("large_battery").at("cost"), as_it_is);
    EXPECT_GT(outcome("large_battery").at("payback_years"), 0);
    EXPECT_LT(outcome("more_sun").at("carbon_kg"), outcome("as_it_is").at("carbon_kg"));
    EXPECT_TRUE(outcome("no_battery").at("payback_years").is_null());
    double sum = 0;
    const auto costs = outcome("as_it_is").at("costs");
    for (const auto& cost : costs) sum += cost.at("amount").get<double>();
    EXPECT_NEAR(sum, as_it_is, 1e-6);
}

/// What a year costs with the plant's own sizes set to these, and what they cost.
std::string battery_scenario(const std::string& id, double kwh) {
    return fmt::format(
        "[scenario.{0}]\nset = {{ \"battery.main.capacity_kwh\" = {1}, \"battery.main.max_charge_kw\" = {2}, "
        "\"battery.main.max_discharge_kw\" = {2} }}\n",
        id, kwh, kwh / 2);
}

TEST(WhatIf, ChoosesTheSizeThatMakesAYearCheapest) {
    const Example example("battery_and_sun");
    const std::string open_size = R"([scenario.best]
[[scenario.best.size]]
per_unit = { "battery.main.capacity_kwh" = 1, "battery.main.max_charge_kw" = 0.5, "battery.main.max_discharge_kw" = 0.5 }
max = 4000
cost_per_unit = 880
years = 12
interest = 0.05
)";
    const auto study = [&](const std::string& scenarios) {
        const auto file = example.plant() / "sizes.toml";
        std::ofstream(file) << scenarios;
        return example.json({"whatif"}, {"--from", "2026-04-06", "--to", "2026-05-10", "--scenarios", file.string()})
            .at("outcomes");
    };
    const auto best = study(open_size).back();
    ASSERT_EQ(best.at("sizes").size(), 1U);
    const double size = best["sizes"][0].at("size");
    EXPECT_GT(size, 1);
    EXPECT_LT(size, 3999);
    EXPECT_NEAR(best["sizes"][0]["set"].at("battery.main.max_charge_kw").get<double>(), size / 2, 1e-9);
    EXPECT_NEAR(best.at("investment").get<double>(), 880 * size, 1e-6);
    const double annuity = 0.05 / (1 - std::pow(1.05, -12));
    EXPECT_NEAR(best.at("annuity_per_year").get<double>(), 880 * size * annuity, 1e-6);
    // The same size set by hand is the same plant; larger and smaller ones are dearer, annuity included.
    const auto others = study(battery_scenario("same", size) + battery_scenario("smaller", 0.7 * size) +
                              battery_scenario("larger", 1.4 * size));
    const auto yearly = [&](const nlohmann::json& outcome, double kwh) {
        return outcome.at("cost_per_year").get<double>() + 880 * annuity * kwh;
    };
    const double least = yearly(best, size);
    EXPECT_NEAR(yearly(others[2], size), least, 1e-6 * least);
    EXPECT_GE(yearly(others[3], 0.7 * size), least - 1e-5 * least);
    EXPECT_GE(yearly(others[4], 1.4 * size), least - 1e-5 * least);
}

TEST(WhatIf, ChoosesWholeModulesWhereOnlyThoseAreBuilt) {
    const Example example("battery_and_sun");
    const auto file = example.plant() / "modules.toml";
    std::ofstream(file) << R"([scenario.modules]
[[scenario.modules.size]]
per_unit = { "battery.main.capacity_kwh" = 1, "battery.main.max_charge_kw" = 0.5, "battery.main.max_discharge_kw" = 0.5 }
max = 4000
cost_per_unit = 880
years = 12
interest = 0.05
multiple_of = 300
)";
    const auto study =
        example.json({"whatif"}, {"--from", "2026-04-06", "--to", "2026-05-10", "--scenarios", file.string()});
    const auto& size = study.at("outcomes").back().at("sizes")[0];
    EXPECT_EQ(size.at("multiple_of"), 300);
    const double modules = size.at("size").get<double>() / 300;
    EXPECT_EQ(modules, std::round(modules));
    EXPECT_GE(modules, 1);
}

TEST(WhatIf, NamesTheChangeThatDoesNotFit) {
    const Example example("battery_and_sun");
    const auto error_of = [&](const std::string& change) {
        return example.run({"whatif"}, {"--from", "2026-05-01", "--to", "2026-05-02", "--set", change}).errors;
    };
    EXPECT_THAT(error_of("battery.main.capacity=3"), HasSubstr("did you mean capacity_kwh?"));
    EXPECT_THAT(error_of("battery.main.capacity_kwh=-4"),
                HasSubstr("--set battery.main.capacity_kwh=-4: expected a number"));
    EXPECT_THAT(error_of("contract.two_part.demand[3].rate_per_kw=3"), HasSubstr("demand has 1 elements"));
    EXPECT_THAT(error_of("battery.main.min_level=abc"), HasSubstr("abc is no value for battery.main.min_level"));
    EXPECT_THAT(error_of("no equals sign"), HasSubstr("expected KEY=VALUE"));
}

}  // namespace
}  // namespace loadstar
