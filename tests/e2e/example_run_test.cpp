// The main job in one command, and what is known afterwards, on every example that brings its own readings.
#include <algorithm>

#include <gmock/gmock.h>

#include "support/example.hpp"

namespace loadstar {
namespace {

using test_support::Example;
using testing::HasSubstr;

class ExampleRuns : public testing::TestWithParam<const char*> {};

TEST_P(ExampleRuns, PlansReportsAndKeepsBoth) {
    const Example example(GetParam());
    const auto report = example.json({"run"}, {});
    for (const auto* verb : {"check", "import", "bill", "forecast", "plan", "advise", "report"}) {
        const auto& steps = report.at("steps");
        const auto step = std::ranges::find_if(steps, [&](const auto& one) { return one.at("verb") == verb; });
        ASSERT_NE(step, steps.end()) << verb;
        EXPECT_EQ(step->at("outcome"), "done") << *step;
    }
    EXPECT_TRUE(std::filesystem::exists(example.plant() / "report.html"));
    const auto status = example.run({"status"}, {"--lang", "zh"});
    EXPECT_EQ(status.exit_code, 0) << status.errors;
    EXPECT_THAT(status.output, HasSubstr("计划"));
}

INSTANTIATE_TEST_SUITE_P(WithTheirOwnReadings, ExampleRuns,
                         testing::Values("battery_and_sun", "chp_and_heat", "compressed_air", "cold_store"));

}  // namespace
}  // namespace loadstar
