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
    explicit ForecastVerb(const std::string& plant_file = test_support::forecast_plant) : plant_(plant_file) {}
    void store(int days) {
        const auto history = test_support::history_of({.days = days, .noise = 5});
        plant_.store(history.target.info, history.target.axis.start, history.target.values);
    }
    ProgramResult forecast(std::vector<std::string> arguments) {
        arguments.insert(arguments.begin(), {"forecast", plant_.folder().string()});
        return run_loadstar(arguments);
    }
    test_support::StoredPlant plant_;
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

/// The day after the issue is a holiday: nothing else takes the working hours away.
class ExplainedForecast : public ForecastVerb {
  protected:
    ExplainedForecast() : ForecastVerb(std::string(test_support::forecast_plant) + holiday) { store(40); }
    ProgramResult explain(std::vector<std::string> more) {
        more.insert(more.begin(), {"--at", "2024-02-05 10:00", "--explain"});
        return forecast(std::move(more));
    }
    static constexpr const char* holiday = "[calendar]\nholidays = [2024-02-06]\n";
};

TEST_F(ExplainedForecast, AddsUpToTheMedian) {
    const auto result = explain({"--json"});
    ASSERT_EQ(result.exit_code, 0) << result.errors;
    const auto load = nlohmann::json::parse(result.output)["forecasts"][0];
    const auto& explanation = load["explanation"];
    ASSERT_EQ(explanation["base"].size(), 96U);
    for (std::size_t slot = 0; slot < 96; ++slot) {
        double sum = explanation["base"][slot];
        for (const auto& driver : explanation["drivers"]) sum += driver["parts"][slot].get<double>();
        const double median = load["quantiles"][slot][4];
        EXPECT_NEAR(sum, median, 1e-6 * median);
    }
    const auto& calendar = explanation["drivers"][0];
    EXPECT_EQ(calendar["driver"], "calendar");
    EXPECT_EQ(calendar["name"]["zh"], "节假日与停产");
    EXPECT_NEAR(calendar["parts"][48], -300, 30);
    EXPECT_NEAR(calendar["parts"][4], 0, 15);
    EXPECT_EQ(explanation["days"][0]["day"], "2024-02-06");
    EXPECT_EQ(explanation["figure"], "mean");
}

TEST_F(ExplainedForecast, IsATableInBothLanguages) {
    const auto english = explain({});
    ASSERT_EQ(english.exit_code, 0) << english.errors;
    EXPECT_NE(english.output.find("drivers of 2024-02-06 (mean)"), std::string::npos) << english.output;
    EXPECT_NE(english.output.find("holidays and stops"), std::string::npos) << english.output;
    const auto chinese = explain({"--lang", "zh"});
    EXPECT_NE(chinese.output.find("影响因素，2024-02-06（平均）"), std::string::npos) << chinese.output;
    EXPECT_NE(chinese.output.find("最近两天的读数"), std::string::npos) << chinese.output;
}

TEST_F(ExplainedForecast, IsLeftOutUnlessAskedFor) {
    const auto result = forecast({"--json"});
    EXPECT_FALSE(nlohmann::json::parse(result.output)["forecasts"][0].contains("explanation"));
}

TEST_F(ForecastVerb, SaysWhyAForecastCannotBeExplained) {
    store(2);  // without its last two days nothing is left
    const auto result = forecast({"--explain"});
    ASSERT_EQ(result.exit_code, 0) << result.errors;
    EXPECT_NE(result.output.find("no forecast could be made without readings of the last two days: "),
              std::string::npos)
        << result.output;
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
