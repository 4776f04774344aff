#include "neural/network_forecaster.hpp"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "gpt/load_model.hpp"
#include "neural/functions.hpp"
#include "neural/network_folder.hpp"
#include "neural/tuning.hpp"
#include "support/temporary_folder.hpp"
#include "support/tiny_network.hpp"

namespace loadstar::neural {
namespace {

using test_support::tiny_network;

NetworkForecaster tiny_forecaster(bool flip = false) { return {tiny_network(), "tiny", {.flip_average = flip}}; }

NetworkTask wavy_task(int context, int horizon) {
    const auto window = test_support::wavy_window(1, context + horizon);
    NetworkTask task{.context = {window.row(0), window.row(0) + context}, .horizon = horizon};
    task.beside.push_back({.role = corpus::Role::past, .values = {window.row(1), window.row(1) + context}});
    task.beside.push_back({.role = corpus::Role::ahead, .values = {window.row(2), window.row(2) + context + horizon}});
    return task;
}

std::vector<Quantiles> predict(const ForecastNetwork& network, const NetworkTask& task) {
    NoProgress quiet;
    return network.predict({task}, quiet).value().front();
}

TEST(NetworkForecaster, GivesOneSetOfQuantilesPerPoint) {
    const auto forecast = predict(tiny_forecaster(), wavy_task(50, 13));
    ASSERT_EQ(forecast.size(), 13U);
    for (const auto& point : forecast)
        for (std::size_t level = 1; level < levels.size(); ++level) EXPECT_LE(point[level - 1], point[level]);
}

TEST(NetworkForecaster, TasksOfAllSizesGoTogetherAndDoNotMix) {
    const auto network = tiny_forecaster();
    NoProgress quiet;
    const std::vector<NetworkTask> tasks{wavy_task(50, 13), wavy_task(20, 5), wavy_task(300, 40), wavy_task(48, 9)};
    const auto together = network.predict(tasks, quiet).value();
    for (std::size_t at = 0; at < tasks.size(); ++at) {
        const auto alone = predict(network, tasks[at]);
        ASSERT_EQ(together[at].size(), alone.size());
        for (std::size_t point = 0; point < alone.size(); ++point)
            EXPECT_NEAR(together[at][point][6], alone[point][6], 1e-3) << at << " " << point;
    }
}

// Energy in kWh or in MWh: the same forecast.
TEST(NetworkForecaster, AnotherUnitGivesTheSameForecast) {
    auto task = wavy_task(64, 16);
    const auto forecast = predict(tiny_forecaster(), task);
    for (auto& value : task.context) value /= 1000;
    const auto other = predict(tiny_forecaster(), task);
    for (std::size_t point = 0; point < forecast.size(); ++point)
        EXPECT_NEAR(other[point][2], forecast[point][2] / 1000, 1e-4);
}

TEST(NetworkForecaster, HorizonsBeyondOnePassFollowOnTheMedians) {
    const auto network = tiny_forecaster();
    const auto task = wavy_task(40, 70);  // 32 + 32 + 6
    const auto forecast = predict(network, task);
    ASSERT_EQ(forecast.size(), 70U);
    auto rest = task;
    rest.horizon = 38;
    for (int point = 0; point < 32; ++point) rest.context.push_back(forecast[static_cast<std::size_t>(point)][6]);
    rest.beside[0].values.resize(72, std::numeric_limits<float>::quiet_NaN());
    const auto after = predict(network, rest);
    EXPECT_EQ(forecast[32], after[0]);
    EXPECT_EQ(forecast[69], after[37]);
}

TEST(NetworkForecaster, FlippedSeriesGiveFlippedForecasts) {
    auto task = wavy_task(40, 10);
    const auto forecast = predict(tiny_forecaster(true), task);
    for (auto& value : task.context) value = -value;
    for (auto& beside : task.beside)
        for (auto& value : beside.values) value = -value;
    const auto flipped = predict(tiny_forecaster(true), task);
    for (std::size_t level = 0; level < levels.size(); ++level)
        EXPECT_NEAR(forecast[3][level], -flipped[3][levels.size() - 1 - level], 1e-3);
}

TEST(NetworkForecaster, MissingReadingsAreNoZeros) {
    auto task = wavy_task(64, 8);
    const auto complete = predict(tiny_forecaster(), task);
    for (int at = 40; at < 48; ++at) task.context[static_cast<std::size_t>(at)] = std::nanf("");
    const auto gap = predict(tiny_forecaster(), task);
    for (int at = 40; at < 48; ++at) task.context[static_cast<std::size_t>(at)] = 0;
    const auto zeros = predict(tiny_forecaster(), task);
    EXPECT_TRUE(std::isfinite(gap[0][6]));
    EXPECT_LT(std::abs(gap[0][6] - complete[0][6]), std::abs(zeros[0][6] - complete[0][6]));
}

TEST(NetworkForecaster, SaysWhatIsWrongWithATask) {
    const auto network = tiny_forecaster();
    NoProgress quiet;
    const auto message = [&](const NetworkTask& task) { return network.predict({task}, quiet).error().message; };
    EXPECT_EQ(message({.context = {}, .horizon = 3}), "a forecast needs a context, found none");
    EXPECT_EQ(message({.context = {1, 2}, .horizon = 0}), "expected a horizon of 1 point or more, found 0");
    auto task = wavy_task(20, 5);
    task.beside[1].values.pop_back();
    EXPECT_EQ(message(task), "a series known ahead has 24 points, expected 25");
    quiet.cancel();
    EXPECT_EQ(network.predict({wavy_task(20, 5)}, quiet).error().code, ErrorCode::cancelled);
}

TEST(NetworkFolder, GivesTheNetworkBack) {
    const TemporaryFolder folder;
    NoProgress quiet;
    const auto network = tiny_network();
    ASSERT_TRUE(save_network(network, folder.path() / "tiny", at::kFloat, {}, quiet));
    const auto again = load_network(folder.path() / "tiny").value();
    EXPECT_EQ(gpt::arguments_of(again.form().body), gpt::arguments_of(network.form().body));
    EXPECT_EQ(numbers_of(again.form()), numbers_of(network.form()));
    for (std::size_t at = 0; at < network.parameters().size(); ++at)
        EXPECT_TRUE(at::equal(again.parameters()[at].value, network.parameters()[at].value))
            << network.parameters()[at].name;
    const auto opened = open_network(folder.path() / "tiny", {.threads = 1}).value();
    EXPECT_EQ(opened->name(), "tiny");
    EXPECT_EQ(opened->longest_context(), 64);
}

// The body is a checkpoint of Megatron-LM's GPT: the model of the text layer takes it, strictly by name and shape.
TEST(NetworkFolder, TheBodyIsAGptOfMegatron) {
    const TemporaryFolder folder;
    NoProgress quiet;
    const auto network = tiny_network();
    ASSERT_TRUE(save_network(network, folder.path(), at::kFloat, {}, quiet));
    const auto model = gpt::load_model({.checkpoint = folder.path() / body_file}, {});
    ASSERT_TRUE(model) << to_string(model.error());
    EXPECT_EQ(gpt::arguments_of(model->configuration()), gpt::arguments_of(network.form().body));
    ASSERT_EQ(model->parameters().size(), network.body().size());
    for (std::size_t at = 0; at < network.body().size(); ++at)
        EXPECT_TRUE(at::equal(model->parameters()[at].value, network.body()[at].value));
}

TEST(NetworkFolder, SaysWhatIsMissing) {
    const TemporaryFolder folder;
    NoProgress quiet;
    EXPECT_EQ(load_network(folder.path()).error().code, ErrorCode::not_found);
    ASSERT_TRUE(save_network(tiny_network(), folder.path(), at::kFloat, {}, quiet));
    folder.write(head_file, "no tensors here");
    EXPECT_EQ(load_network(folder.path()).error().code, ErrorCode::invalid_input);
}

std::vector<TuningSeries> wavy_past(int points) {
    const auto window = test_support::wavy_window(3, points);
    return {{.target = {window.row(0), window.row(0) + points},
             .beside = {{.role = corpus::Role::ahead, .values = {window.row(2), window.row(2) + points}}}}};
}

TuningOptions quick(std::vector<TuningScope> scopes) {
    return {.horizon = 16,
            .step = 16,
            .scopes = std::move(scopes),
            .most_steps = 60,
            .trial_interval = 20,
            .tokens = 128,
            .learning_rate = 3e-3};
}

TEST(Tuning, LowersTheLossOnATrialItHasNotLearntFrom) {
    NoProgress quiet;
    for (const auto scope : {TuningScope::all, TuningScope::head, TuningScope::low_rank}) {
        const auto tuned = tune(tiny_network(), wavy_past(800), quick({scope}), quiet);
        ASSERT_TRUE(tuned) << to_string(tuned.error());
        ASSERT_TRUE(tuned->report.chosen) << to_string(scope);
        EXPECT_LT(tuned->report.chosen->loss, tuned->report.loss_before) << to_string(scope);
    }
}

TEST(Tuning, TheHeadLearnsAloneAndTheSourceStaysAsItIs) {
    NoProgress quiet;
    const auto network = tiny_network();
    const auto tuned = tune(network, wavy_past(800), quick({TuningScope::head}), quiet).value();
    for (std::size_t at = 0; at < network.body().size(); ++at)
        EXPECT_TRUE(at::equal(tuned.network.body()[at].value, network.body()[at].value)) << network.body()[at].name;
    EXPECT_FALSE(at::equal(tuned.network.head().back().value, network.head().back().value));
    EXPECT_TRUE(at::equal(network.head().back().value, tiny_network().head().back().value));
}

TEST(Tuning, WhatTheTrialHoldsChangesNothingThatWasLearntBeforeIt) {
    NoProgress quiet;
    auto past = wavy_past(800);
    auto options = quick({TuningScope::all});
    options.most_steps = options.trial_interval;  // so that the trial chooses nothing
    const auto one = tune(tiny_network(), past, options, quiet).value();
    for (std::size_t at = 640; at < 800; ++at) past[0].target[at] *= 1.01F;
    const auto other = tune(tiny_network(), past, options, quiet).value();
    ASSERT_TRUE(one.report.chosen && other.report.chosen);
    for (std::size_t at = 0; at < one.before_trial.parameters().size(); ++at)
        EXPECT_TRUE(at::equal(one.before_trial.parameters()[at].value, other.before_trial.parameters()[at].value));
}

/// Every second point of the series as well, as one in steps twice as long.
std::vector<TuningSeries> two_views(int points) {
    auto past = wavy_past(points);
    auto& coarse = past.emplace_back(past.front());
    coarse.every = 2;
    const auto thin = [](std::vector<float>& values) {
        for (std::size_t at = 0; 2 * at < values.size(); ++at) values[at] = values[2 * at];
        values.resize(values.size() / 2);
    };
    thin(coarse.target);
    for (auto& beside : coarse.beside) thin(beside.values);
    return past;
}

TEST(Tuning, LearnsFromTwoViewsAndNeverFromTheTrialOfEither) {
    NoProgress quiet;
    auto past = two_views(800);
    auto options = quick({TuningScope::all});
    const auto tuned = tune(tiny_network(), past, options, quiet).value();
    ASSERT_TRUE(tuned.report.chosen);
    EXPECT_LT(tuned.report.chosen->loss, tuned.report.loss_before);
    options.most_steps = options.trial_interval;
    const auto one = tune(tiny_network(), past, options, quiet).value();
    for (std::size_t at = 640; at < 800; ++at) past[0].target[at] *= 1.01F;
    for (std::size_t at = 320; at < 400; ++at) past[1].target[at] *= 1.01F;
    const auto other = tune(tiny_network(), past, options, quiet).value();
    ASSERT_TRUE(one.report.chosen && other.report.chosen);
    for (std::size_t at = 0; at < one.before_trial.parameters().size(); ++at)
        EXPECT_TRUE(at::equal(one.before_trial.parameters()[at].value, other.before_trial.parameters()[at].value));
    past[1].every = 3;
    EXPECT_EQ(tune(tiny_network(), past, options, quiet).error().message,
              "a horizon of 16 points and a step of 16 are no multiples of 3");
}

TEST(Tuning, WeightsTravelAsBytes) {
    const auto network = tiny_forecaster();
    const auto other = NetworkForecaster(tiny_network(7), "tiny", {});
    const auto taken = network.with_weights(other.weights()).value();
    EXPECT_EQ(taken->weights(), other.weights());
    EXPECT_NE(network.weights(), other.weights());
    const auto task = wavy_task(64, 8);
    EXPECT_EQ(predict(*taken, task), predict(*taken->with_weights(other.weights()).value(), task));
    EXPECT_EQ(network.with_weights("short").error().code, ErrorCode::invalid_input);
}

TEST(Tuning, SaysWhenThePastIsTooShortAndStopsWhenAsked) {
    NoProgress quiet;
    EXPECT_EQ(tune(tiny_network(), wavy_past(60), quick({TuningScope::all}), quiet).error().code,
              ErrorCode::invalid_argument);
    quiet.cancel();
    EXPECT_EQ(tune(tiny_network(), wavy_past(800), quick({TuningScope::all}), quiet).error().code,
              ErrorCode::cancelled);
}

}  // namespace
}  // namespace loadstar::neural
