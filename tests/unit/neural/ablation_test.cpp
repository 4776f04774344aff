#include "neural/ablation.hpp"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "neural/history_windows.hpp"
#include "support/temporary_folder.hpp"
#include "support/text_checkpoint.hpp"

namespace loadstar::neural {
namespace {

using testing::ElementsAre;

constexpr WindowRules rules{.patch = 8, .context = 64, .horizon = 16, .batch = 4, .evaluations = 9};

std::vector<float> day_and_night(int points) {
    std::vector<float> values;
    for (int at = 0; at < points; ++at) values.push_back(10 + 4 * std::sin(0.26F * static_cast<float>(at)));
    return values;
}

TEST(HistoryWindows, ABatchIsTheSameWheneverAskedForAndKnowsNothingOfTheLastPart) {
    auto history = day_and_night(1000);
    const auto windows = HistoryWindows::create(history, rules).value();
    for (std::size_t at = 800; at < history.size(); ++at) history[at] = 1e6;
    const auto others = HistoryWindows::create(history, rules).value();
    for (std::int64_t step = 0; step < 50; ++step)
        ASSERT_TRUE(windows.batch(1, step).inputs.equal(others.batch(1, step).inputs)) << step;
    EXPECT_FALSE(windows.batch(1, 0).inputs.equal(windows.batch(2, 0).inputs));
    EXPECT_FALSE(windows.batch(1, 0).inputs.equal(windows.batch(1, 1).inputs));
}

TEST(HistoryWindows, OnlyTheHorizonIsLearnt) {
    const auto batch = HistoryWindows::create(day_and_night(1000), rules).value().batch(1, 0);
    const auto asked = batch.weights.sum({0, 1, 3});  // [token]
    EXPECT_EQ(asked.narrow(0, 0, 7).sum().item<float>(), 0);
    EXPECT_EQ(asked.narrow(0, 7, 2).sum().item<float>(), 4 * 16);
    EXPECT_EQ(batch.kinds.select(2, 8).min().item<std::int64_t>(), static_cast<int>(Kind::hidden_target));
}

TEST(HistoryWindows, EvaluationsSpanTheLastPart) {
    auto history = day_and_night(1000);
    const auto evaluations = HistoryWindows::create(history, rules).value().evaluations();
    ASSERT_EQ(evaluations.size(), 9);
    EXPECT_EQ(evaluations.front().outcome.front(), history[800]);
    EXPECT_EQ(evaluations.front().task.context.back(), history[799]);
    EXPECT_EQ(evaluations.back().outcome.back(), history.back());
    for (const auto& one : evaluations) EXPECT_EQ(one.task.context.size(), 64);
}

TEST(HistoryWindows, ATooShortHistoryIsRefused) {
    const auto windows = HistoryWindows::create(day_and_night(90), rules);
    ASSERT_FALSE(windows);
    EXPECT_EQ(windows.error().message,
              "the series has 72 points to learn from and 18 after them, expected 80 and 16 or more");
}

// Every decile at 3, outcomes 5, 2 and missing: the mean of 2 level 2 is 2, that of 2 (1 - level) 1 is 1.
TEST(CrpsOfDeciles, IsTwiceThePinballLossInTheUnitOfTheSeries) {
    Quantiles three{};
    three.fill(3);
    const std::vector<Evaluation> evaluations{{.task = {}, .outcome = {5, 2, std::nanf("")}}};
    EXPECT_NEAR(crps_of_deciles({{three, three, three}}, evaluations), 1.5, 1e-6);
}

std::vector<ArmResult> frozen_arms(std::vector<double> pretrained, std::vector<double> random) {
    return {{.name = pretrained_frozen, .crps = std::move(pretrained)},
            {.name = random_frozen, .crps = std::move(random)}};
}

TEST(TextHelps, OnlyWithMoreThanAPercentOnEachOfThreeSeeds) {
    EXPECT_TRUE(text_helps(frozen_arms({0.98, 0.97, 1.9}, {1, 1, 2})));
    EXPECT_FALSE(text_helps(frozen_arms({0.98, 0.5, 0.995}, {1, 1, 1})));
    EXPECT_FALSE(text_helps(frozen_arms({0.5, 0.5}, {1, 1}))) << "two seeds do not decide";
    EXPECT_FALSE(text_helps({}));
}

class AblationRun : public testing::Test {
  protected:
    AblationRun() { test_support::write_text_checkpoint(folder_.path() / "text", {.positions = 16}); }
    [[nodiscard]] AblationOptions options() const {
        return {.text = {.checkpoint = folder_.path() / "text", .weights = {.num_attention_heads = 4}},
                .history = day_and_night(1000),
                .windows = rules,
                .seeds = 2,
                .steps = 4,
                .threads = 1};
    }
    TemporaryFolder folder_;
    NoProgress quiet_;
    SystemClock clock_;
};

TEST_F(AblationRun, JudgesFiveArmsAndRepeatsItself) {
    const auto report = ablate(options(), quiet_, clock_);
    ASSERT_TRUE(report) << report.error().message;
    std::vector<std::string> names;
    for (const auto& arm : report->arms) {
        names.push_back(arm.name);
        ASSERT_EQ(arm.crps.size(), 2);
        EXPECT_NE(arm.crps[0], arm.crps[1]);
        EXPECT_NEAR(arm.mean, (arm.crps[0] + arm.crps[1]) / 2, 1e-12);
        EXPECT_TRUE(std::isfinite(arm.mean));
    }
    EXPECT_THAT(names, ElementsAre("pretrained_frozen", "random_frozen", "random_trained", "one_layer", "none"));
    EXPECT_EQ(report->layers, 2);
    EXPECT_EQ(report->arms[0].parameters, report->arms[2].trained);
    EXPECT_EQ(report->arms[0].trained, report->arms[1].trained);
    EXPECT_LT(report->arms[4].trained, report->arms[3].trained);
    const auto again = ablate(options(), quiet_, clock_).value();
    for (std::size_t at = 0; at < report->arms.size(); ++at) EXPECT_EQ(report->arms[at].crps, again.arms[at].crps);
}

TEST_F(AblationRun, StopsBetweenTwoSteps) {
    quiet_.cancel();
    EXPECT_EQ(ablate(options(), quiet_, clock_).error().code, ErrorCode::cancelled);
}

TEST_F(AblationRun, WithoutStepsItIsRefused) {
    auto none = options();
    none.steps = 0;
    EXPECT_EQ(ablate(none, quiet_, clock_).error().message, "expected 1 seed and 1 step or more, found 2 and 0");
}

}  // namespace
}  // namespace loadstar::neural
