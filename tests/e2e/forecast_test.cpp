// The built program predicts what is stored, and nothing that came after the issue time.
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "support/forecast_plant.hpp"
#include "support/plant_series.hpp"
#include "support/program.hpp"
#include "support/stored_plant.hpp"

namespace loadstar {
namespace {

class ForecastVerb : public testing::Test {
  protected:
    void store(int days) {
        const auto history = test_support::history_of({.days = days, .noise = 5});
        plant_.store(history.target.info, history.target.axis.start, history.target.values);
    }
    ProgramResult forecast(std::vector<std::string> arguments) {
        arguments.insert(arguments.begin(), {"forecast", plant_.folder().string()});
        return run_loadstar(arguments);
    }
    test_support::StoredPlant plant_{test_support::forecast_plant};
};

TEST_F(ForecastVerb, PredictsTheDayAfterTheIssueAsQuantiles) {
    store(40);
    const auto result = forecast({"--at", "2024-02-05 10:00", "--days", "2", "--scenarios", "5", "--json"});
    ASSERT_EQ(result.exit_code, 0) << result.errors;
    const auto json = nlohmann::json::parse(result.output);
    EXPECT_EQ(json["schema"], "loadstar.forecast/1");
    const auto& load = json["forecasts"][0];
    EXPECT_EQ(load["issued_at"], "2024-02-05T10:00:00+08:00");
    EXPECT_EQ(load["start"], "2024-02-06T00:00:00+08:00");
    ASSERT_EQ(load["quantiles"].size(), 192U);
    EXPECT_NEAR(load["quantiles"][48][4], 400, 20);
    EXPECT_EQ(load["scenarios"].size(), 5U);
    ASSERT_EQ(load["maximum"].size(), 9U);
    EXPECT_NEAR(load["maximum"][4], 410, 20);  // the largest of 40 noisy quarter-hours
}

TEST_F(ForecastVerb, ThreeDaysOfHistoryGiveASimplerForecastThatSaysSo) {
    store(3);
    const auto english = forecast({});
    ASSERT_EQ(english.exit_code, 0) << english.errors;
    EXPECT_NE(english.output.find("3 whole days of history: repeats the day before"), std::string::npos);
    const auto chinese = forecast({"--lang", "zh"});
    EXPECT_NE(chinese.output.find("历史数据仅 3 个整天"), std::string::npos) << chinese.output;
}

TEST_F(ForecastVerb, SaysWhatIsWrongWithAQuestionItCannotAnswer) {
    store(5);
    EXPECT_EQ(forecast({"--at", "2023-12-31 10:00"}).exit_code, 4);
    EXPECT_EQ(forecast({"--at", "tomorrow"}).exit_code, 2);
    const auto unknown = forecast({"--series", "lod"});
    EXPECT_EQ(unknown.exit_code, 4);
    EXPECT_NE(unknown.errors.find("did you mean load?"), std::string::npos) << unknown.errors;
}

}  // namespace
}  // namespace loadstar
