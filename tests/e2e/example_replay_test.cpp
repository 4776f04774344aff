// The verb `replay` of the built program on the example plants with converters and stores. What must hold of any sound
// replay: cheaper than doing nothing, never cheaper than knowing everything, every need served, all money told.
#include <algorithm>
#include <cmath>

#include <gmock/gmock.h>

#include "support/example.hpp"

namespace loadstar {
namespace {

using test_support::Example;
using testing::HasSubstr;

double sum_of(const nlohmann::json& rows, const char* key) {
    double sum = 0;
    for (const auto& row : rows) sum += row.at(key).get<double>();
    return sum;
}

/// Two days, planned anew every few hours by a method that trains in a second.
nlohmann::json replayed(const Example& example, const std::string& from, const std::string& to) {
    return example.json({"replay"}, {"--from", from, "--to", to, "--method", "ridge_hour", "--replan-minutes", "240"});
}

void expect_sound(const nlohmann::json& report) {
    const double idle = sum_of(report.at("periods"), "do_nothing_cost");
    const double planned = sum_of(report.at("periods"), "plan_cost");
    const double perfect = sum_of(report.at("periods"), "perfect_cost");
    EXPECT_LT(planned, idle);
    EXPECT_GE(planned, perfect * (1 - 1e-3));  // the plan that knows everything is proven to a thousandth
    EXPECT_NEAR(sum_of(report.at("costs"), "do_nothing_cost"), idle, 0.01);
    EXPECT_NEAR(sum_of(report.at("costs"), "plan_cost"), planned, 0.01);
    EXPECT_NEAR(sum_of(report.at("costs"), "perfect_cost"), perfect, 0.01);
    for (const auto& need : report.at("unserved")) EXPECT_NEAR(need.at("plan_amount").get<double>(), 0, 0.05) << need;
}

bool has_cost(const nlohmann::json& report, const std::string& id) {
    const auto& costs = report.at("costs");
    return std::any_of(costs.begin(), costs.end(), [&](const auto& cost) { return cost.at("id") == id; });
}

TEST(ExampleReplays, CombinedHeatAndPowerCountsEveryBillAndServesEveryNeed) {
    const auto report = replayed(Example("chp_and_heat"), "2026-02-09", "2026-02-10");
    expect_sound(report);
    for (const auto* id : {"power", "gas", "carbon", "gas.carbon", "converter.chp.running"})
        EXPECT_EQ(has_cost(report, id), std::string(id) != "carbon") << id;  // electricity has no factor there
    EXPECT_EQ(report.at("unserved")[0].at("carrier"), "heat");
    EXPECT_EQ(report.at("unserved")[0].at("unit"), "kWh");
    EXPECT_GT(report.at("kept_percent"), 0);
}

TEST(ExampleReplays, CompressorsFollowTheAir) {
    const auto report = replayed(Example("compressed_air"), "2026-04-07", "2026-04-07");
    expect_sound(report);
    EXPECT_TRUE(has_cost(report, "converter.fixed_speed.running"));
}

TEST(ExampleReplays, IceIsMadeOnForecastsOfColdAndWeather) {
    expect_sound(replayed(Example("cold_store"), "2026-08-03", "2026-08-04"));
}

TEST(ExampleReplays, PlansOfComingDaysTakeTheWeatherServiceAtItsWord) {
    const auto plan = Example("cold_store").json({"plan"}, {"--from", "2026-08-10", "--days", "2"});
    const auto& basis = plan.at("basis");
    const auto outdoors =
        std::find_if(basis.begin(), basis.end(), [](const auto& one) { return one.at("series") == "outdoors"; });
    ASSERT_NE(outdoors, basis.end());
    EXPECT_EQ(outdoors->at("method"), "foretold");
    EXPECT_EQ(outdoors->at("note").at("en"), "foretold by outdoors.foretold");
}

TEST(ExampleReplays, TellsMoneyAndNeedsInBothLanguages) {
    const Example example("chp_and_heat");
    const std::vector<std::string> options{"--from",     "2026-02-10",       "--to", "2026-02-10", "--method",
                                           "ridge_hour", "--replan-minutes", "1440"};
    const auto english = example.run({"replay"}, options);
    EXPECT_EQ(english.exit_code, 0) << english.errors;
    EXPECT_THAT(english.output, HasSubstr("bill of gas"));
    EXPECT_THAT(english.output, HasSubstr("chp: running"));
    auto in_chinese = options;
    in_chinese.insert(in_chinese.end(), {"--lang", "zh"});
    EXPECT_THAT(example.run({"replay"}, in_chinese).output, HasSubstr("gas账单"));
}

TEST(ExampleReplays, RefusesPlansAnewBetweenTwoSteps) {
    const auto refused = Example("chp_and_heat")
                             .run({"replay"}, {"--from", "2026-02-10", "--to", "2026-02-10", "--replan-minutes", "15",
                                               "--method", "ridge_hour"});
    EXPECT_EQ(refused.exit_code, 2);
    EXPECT_THAT(refused.errors, HasSubstr("expected plans anew every multiple of 60 minutes, found 15 minutes"));
}

}  // namespace
}  // namespace loadstar
