#include "neural/pretraining.hpp"

#include <ATen/ATen.h>
#include <fstream>

#include <gtest/gtest.h>

#include "neural/network_folder.hpp"
#include "neural/training_windows.hpp"
#include "support/temporary_folder.hpp"

namespace loadstar::neural {
namespace {

PretrainingOptions quick(const std::filesystem::path& save, std::int64_t steps) {
    return {.save = save,
            .steps = steps,
            .tokens = 16,
            .warmup_steps = 2,
            .decay_steps = 1,
            .log_interval = 2,
            .save_interval = 3,
            .validation_batches = 1,
            .threads = 1};
}

/// Stops a run when it reports a step.
class StopAt final : public Progress {
  public:
    explicit StopAt(std::int64_t step) : step_(step) {}
    void report(std::string_view, std::int64_t done, std::int64_t) override {
        if (done == step_) cancel();
    }

  private:
    std::int64_t step_;
};

TEST(Pretraining, ARunThatWasStoppedEndsWithTheWeightsOfOneThatWasNot) {
    const TemporaryFolder folder;
    const SystemClock clock;
    NoProgress quiet;
    const auto whole = pretrain(quick(folder.path() / "whole", 6), quiet, clock);
    ASSERT_TRUE(whole) << to_string(whole.error());
    StopAt stop(4);
    EXPECT_EQ(pretrain(quick(folder.path() / "parts", 6), stop, clock).error().code, ErrorCode::cancelled);
    const auto resumed = pretrain(quick(folder.path() / "parts", 6), quiet, clock).value();
    EXPECT_EQ(resumed.resumed_from, 4);
    EXPECT_EQ(resumed.step, 6);
    const auto one = load_network(whole->network).value(), other = load_network(resumed.network).value();
    for (std::size_t at = 0; at < one.parameters().size(); ++at)
        EXPECT_TRUE(at::equal(one.parameters()[at].value, other.parameters()[at].value)) << one.parameters()[at].name;
    EXPECT_EQ(whole->validation_loss, resumed.validation_loss);
    EXPECT_TRUE(std::filesystem::exists(resumed.loss_curve));
}

TEST(Pretraining, AnotherRunInTheFolderIsAnError) {
    const TemporaryFolder folder;
    const SystemClock clock;
    NoProgress quiet;
    ASSERT_TRUE(pretrain(quick(folder.path(), 3), quiet, clock));
    auto other = quick(folder.path(), 3);
    other.learning_rate = 1e-4;
    const auto refused = pretrain(other, quiet, clock);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::invalid_argument);
    EXPECT_EQ(refused.error().hint, "choose another folder, or the options of that run");
}

TEST(TrainingWindows, ABatchDependsOnItsStepAlone) {
    const auto corpus = corpus::Corpus::open({}).value();
    const BatchRules rules{.tokens = 256};
    const auto first = batch_of(7, rules, corpus);
    batch_of(8, rules, corpus);
    const auto again = batch_of(7, rules, corpus);
    EXPECT_TRUE(at::equal(first.inputs, again.inputs));
    EXPECT_TRUE(at::equal(first.targets, again.targets));
    EXPECT_TRUE(at::isfinite(first.inputs).all().item<bool>());
    EXPECT_TRUE(at::isfinite(first.targets).all().item<bool>());
    EXPECT_FALSE(at::equal(first.targets, batch_of(9, rules, corpus).targets.new_zeros(first.targets.sizes())));
}

TEST(TrainingWindows, TheFirstPatchIsNeverHiddenAndNoHorizonIsLonger) {
    for (std::uint64_t seed = 0; seed < 2000; ++seed) {
        const auto hidden = hidden_patches(seed, 16, 6);
        EXPECT_EQ(hidden.front(), 0) << seed;
        int run = 0;
        for (auto at = hidden.rbegin(); at != hidden.rend() && *at; ++at) ++run;
        EXPECT_LE(run, 15) << seed;
    }
}

}  // namespace
}  // namespace loadstar::neural
