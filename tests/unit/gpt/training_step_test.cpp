#include "gpt/training_step.hpp"

#include <limits>

#include <gtest/gtest.h>

#include "support/ranks.hpp"
#include "support/small_gpt.hpp"
#include "support/temporary_folder.hpp"

namespace loadstar::gpt {
namespace {

using test_support::small_gpt;

MicroBatch batch_of(std::int64_t first, std::int64_t samples) {
    const auto text = (at::arange(first * 17, (first + samples) * 17).view({samples, 17}) * 7).remainder(61);
    return {.input = {.tokens = text.narrow(1, 0, 16).contiguous()},
            .labels = text.narrow(1, 1, 16).contiguous(),
            .loss_mask = at::ones({samples, 16})};
}

struct Training {
    GptModel model = GptModel::create({.configuration = small_gpt()}).value();
    Optimizer optimizer = Optimizer(model.parameters(), {});
    TokenLoss token_loss = [this](const MicroBatch& batch) { return model.loss(batch.input, batch.labels); };
};

TEST(TrainingStep, MicroBatchesGiveTheGradientsOfTheWholeBatch) {
    Training training;
    GradientMaker maker(training.token_loss, {});
    const auto whole = maker.make({batch_of(0, 4)}, training.optimizer);
    const auto expected = training.optimizer.gradients().clone();
    const auto parts = maker.make({batch_of(0, 2), batch_of(2, 2)}, training.optimizer);
    EXPECT_NEAR(parts.loss, whole.loss, 1e-6);
    EXPECT_NEAR(parts.grad_norm, whole.grad_norm, 1e-6);
    EXPECT_LE((training.optimizer.gradients() - expected).abs().max().item<double>(), 1e-7);
    const auto scaled = maker.make({batch_of(0, 4)}, training.optimizer, /*loss_scale=*/1024);
    EXPECT_NEAR(scaled.grad_norm, whole.grad_norm, 1e-6) << "the scale of the loss is taken out again";
}

TEST(TrainingStep, MaskedTokensHaveNoLossAndNoGradient) {
    Training training;
    GradientMaker maker(training.token_loss, {});
    auto batch = batch_of(0, 2);
    batch.loss_mask.zero_();
    const auto nothing = maker.make({batch}, training.optimizer);
    EXPECT_EQ(nothing.loss, 0);
    EXPECT_EQ(nothing.grad_norm, 0);
    batch.loss_mask[0].fill_(1);
    EXPECT_NEAR(maker.make({batch}, training.optimizer).loss, maker.make({batch_of(0, 1)}, training.optimizer).loss,
                1e-6);
}

TEST(TrainingStep, OneBatchCanBeLearntByHeart) {
    Training training;
    GradientMaker maker(training.token_loss, {});
    const std::vector<MicroBatch> batches{batch_of(0, 2)};
    for (int step = 0; step < 150; ++step) {
        const auto gradients = maker.make(batches, training.optimizer);
        clip_gradients(training.optimizer, gradients, 1);
        training.optimizer.step(3e-3, 0.01);
    }
    EXPECT_LT(maker.loss(batches), 0.05);
}

TEST(TrainingStep, GradientsThatAreNotFiniteAreSeen) {
    Training training;
    GradientMaker maker(
        [&](const MicroBatch& batch) {
            return training.model.loss(batch.input, batch.labels) * std::numeric_limits<double>::quiet_NaN();
        },
        {});
    EXPECT_FALSE(maker.make({batch_of(0, 1)}, training.optimizer).finite());
}

// Two processes with half of the batch each take the step that one takes with all of it.
TEST(TrainingStep, ProcessesTakeTheMeanOfTheirGradients) {
    const TemporaryFolder folder;
    EXPECT_TRUE(test_support::in_processes(2, [&](int rank) {
        Training training;
        const auto group = join_gloo({.meeting_file = folder.path() / "meeting", .rank = rank, .size = 2}).value();
        GradientMaker together(training.token_loss, {.data_parallel = group});
        const auto parts = together.make({batch_of(2 * rank, 2)}, training.optimizer);
        const auto gradients = training.optimizer.gradients().clone();
        GradientMaker alone(training.token_loss, {});
        const auto whole = alone.make({batch_of(0, 4)}, training.optimizer);
        return std::abs(parts.loss - whole.loss) < 1e-6 && std::abs(parts.grad_norm - whole.grad_norm) < 1e-6 &&
               (gradients - training.optimizer.gradients()).abs().max().item<double>() < 1e-7;
    }));
}

}  // namespace
}  // namespace loadstar::gpt
