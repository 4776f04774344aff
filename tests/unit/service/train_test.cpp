#include "service/train.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "service/forecasting.hpp"
#include "support/forecast_plant.hpp"
#include "support/plant_series.hpp"
#include "support/stored_plant.hpp"

namespace loadstar::service {
namespace {

using testing::HasSubstr;

/// A plant whose level swings from day to day and shows in the morning already: a regression sees it, a mean does not.
class Train : public testing::Test {
  protected:
    void store(int days) {
        const auto history = test_support::history_of(
            {.days = days, .noise = 5, .level = [](int day) { return 1 + 0.4 * std::sin(0.35 * day); }});
        plant_.store(history.target.info, history.target.axis.start, history.target.values);
    }
    Session open(historian::OpenMode mode) { return Session::open(plant_.folder(), mode, clock_).value(); }
    Result<TrainReport> run(const TrainChoice& choice) {
        auto session = open(historian::OpenMode::write);
        return train(session, choice, quiet_);
    }
    forecast::Forecast forecast_at(const char* issued_at, int days) {
        auto session = open(historian::OpenMode::read);
        const auto issue = parse_instant(issued_at).value();
        const auto start = parse_instant(std::string(issued_at).substr(0, 10) + "T16:00:00Z").value();
        return forecast_of(session, "load",
                           {.issued_at = issue, .axis = {.start = start, .slots = 96 * days}, .scenarios = 10})
            .value();
    }
    test_support::StoredPlant plant_{test_support::forecast_plant};
    FixedClock clock_{parse_instant("2024-06-01T00:00:00Z").value()};
    NoProgress quiet_;
};

TEST_F(Train, AModelThatBeatsTheMeanOfLikeDaysIsKept) {
    store(140);
    const auto report = run({.method = "ridge"});
    ASSERT_TRUE(report) << to_string(report.error());
    const auto& target = report->targets.at(0);
    EXPECT_TRUE(target.kept) << target.verdict.en;
    EXPECT_EQ(target.champion.method, "seasonal_mean3");
    EXPECT_EQ(target.challenger.version, 1);
    EXPECT_LT(target.challenger.score->crps, target.champion.score->crps);
    EXPECT_EQ(days_between(target.days->first, target.days->last), 27);
    EXPECT_LT(days_between(target.days->learnt_to, target.days->first), 3);
    EXPECT_GT(days_between(target.days->learnt_to, target.days->first), 0);
}

TEST_F(Train, AMethodThatDoesNotWinIsNotStored) {
    store(140);
    const auto report = run({.method = "seasonal_mean3"});
    ASSERT_TRUE(report) << to_string(report.error());
    EXPECT_FALSE(report->targets.at(0).kept);
    EXPECT_THAT(report->targets.at(0).verdict.en, HasSubstr("the champion stays"));
    auto session = open(historian::OpenMode::read);
    EXPECT_TRUE(list_models(session)->versions.empty());
}

TEST_F(Train, TheKeptModelIsTheChampionOfTheNextTraining) {
    store(140);
    ASSERT_TRUE(run({.method = "ridge"}));
    const auto again = run({.method = "seasonal_day"});
    ASSERT_TRUE(again) << to_string(again.error());
    EXPECT_EQ(again->targets.at(0).champion.method, "ridge");
    EXPECT_EQ(again->targets.at(0).champion.version, 1);
    EXPECT_FALSE(again->targets.at(0).kept);
    auto session = open(historian::OpenMode::read);
    const auto list = list_models(session);
    ASSERT_EQ(list->versions.size(), 1U);
    const auto json = to_json(*list);
    EXPECT_EQ(json["models"][0]["training"]["champion"]["method"], "seasonal_mean3");
    EXPECT_TRUE(json["models"][0]["champion"]);
}

TEST_F(Train, ForecastsComeFromTheModelInService) {
    store(140);
    const auto before = forecast_at("2024-05-18T02:00:00Z", 1);
    EXPECT_EQ(before.method, "seasonal_mean3");
    EXPECT_THAT(before.note.en, HasSubstr("no trained model is in service"));
    ASSERT_TRUE(run({.method = "ridge"})->targets.at(0).kept);
    const auto after = forecast_at("2024-05-18T02:00:00Z", 1);
    EXPECT_EQ(after.method, "ridge");
    EXPECT_EQ(after.note.en, "");
    EXPECT_EQ(after.scenarios.size(), 10U);
    EXPECT_NE(after.quantiles, before.quantiles);
}

TEST_F(Train, AModelDoesNotForecastDaysItLearntFrom) {
    store(140);
    ASSERT_TRUE(run({.method = "ridge"})->targets.at(0).kept);
    const auto forecast = forecast_at("2024-03-01T02:00:00Z", 1);
    EXPECT_EQ(forecast.method, "seasonal_mean3");
    EXPECT_THAT(forecast.note.en, HasSubstr("later than the issue"));
}

TEST_F(Train, AModelForTomorrowSaysThatItCannotForecastTheDayAfter) {
    store(140);
    ASSERT_TRUE(run({.method = "ridge"})->targets.at(0).kept);
    const auto forecast = forecast_at("2024-05-18T02:00:00Z", 2);
    EXPECT_EQ(forecast.method, "seasonal_mean3");
    EXPECT_THAT(forecast.note.en, HasSubstr("the trained ridge forecasts 2024-05-20 from the readings until 10 h"));
}

TEST_F(Train, WithLessHistoryThanTheWeeksToCompareOnNothingIsTrained) {
    store(20);
    const auto report = run({});
    ASSERT_TRUE(report) << to_string(report.error());
    EXPECT_FALSE(report->targets.at(0).kept);
    EXPECT_FALSE(report->targets.at(0).days.has_value());
    EXPECT_THAT(report->targets.at(0).verdict.en, HasSubstr("20 whole days are stored, too few"));
    EXPECT_TRUE(to_json(*report)["targets"][0]["learnt_to"].is_null());
}

TEST_F(Train, AgainOnTheSameReadingsChangesNothing) {
    store(140);
    ASSERT_TRUE(run({.method = "ridge"})->targets.at(0).kept);
    const auto again = run({.method = "ridge"});
    ASSERT_TRUE(again) << to_string(again.error());
    EXPECT_FALSE(again->targets.at(0).kept);
    EXPECT_EQ(again->targets.at(0).champion.score->crps, again->targets.at(0).challenger.score->crps);
}

TEST_F(Train, StopsWhenAsked) {
    store(140);
    auto session = open(historian::OpenMode::write);
    quiet_.cancel();
    const auto report = train(session, {.method = "ridge"}, quiet_);
    ASSERT_FALSE(report);
    EXPECT_EQ(report.error().code, ErrorCode::cancelled);
}

TEST_F(Train, AnUnknownMethodIsRefusedWithTheNearestKnownOne) {
    store(40);
    const auto report = run({.method = "stacks"});
    ASSERT_FALSE(report);
    EXPECT_EQ(report.error().hint, "did you mean stack?");
}

TEST_F(Train, RetrainedForecastsTellWhatWasTrainedOnTheWay) {
    store(140);
    auto session = open(historian::OpenMode::read);
    const auto rolled = retrained_forecasts(
        session, "load",
        {.from = parse_day("2024-04-10").value(), .to = parse_day("2024-05-15").value(), .method = "ridge"}, quiet_);
    ASSERT_TRUE(rolled) << to_string(rolled.error());
    EXPECT_EQ(rolled->forecasts.size(), 35U);
    ASSERT_EQ(rolled->refits.size(), 2U);
    EXPECT_TRUE(rolled->refits[0].contest.won());
    EXPECT_EQ(rolled->forecasts.back().method, "ridge");
}

}  // namespace
}  // namespace loadstar::service
