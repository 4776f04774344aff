#include "neural/backbone.hpp"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gpt/weights.hpp"
#include "neural/learner.hpp"
#include "support/temporary_folder.hpp"
#include "support/text_checkpoint.hpp"

namespace loadstar::neural {
namespace {

using test_support::TinyForm;
using testing::HasSubstr;

constexpr int patch = 8;

/// One series that goes up and down, or two.
corpus::Window wave(int variates, int points) {
    corpus::Window window{
        .shape = {.variates = variates, .points = points}, .roles = {corpus::Role::target}, .values = {}};
    window.roles.resize(static_cast<std::size_t>(variates), corpus::Role::past);
    for (int at = 0; at < variates * points; ++at)
        window.values.push_back(5 + std::sin(0.3F * static_cast<float>(at)) + 0.1F * static_cast<float>(at % 7));
    return window;
}

PatchBatch batch_of(const corpus::Window& window) {
    const std::vector<char> hidden(static_cast<std::size_t>(window.shape.points / patch - 1), 0);
    return make_batch(std::vector<MaskedWindow>{{.window = &window, .hidden = hidden}}, patch);
}

std::map<std::string, at::Tensor> copies(const std::vector<gpt::Parameter>& parameters) {
    std::map<std::string, at::Tensor> copies;
    for (const auto& parameter : parameters) copies[parameter.name] = parameter.value.detach().clone();
    return copies;
}

/// Both forms of blocks: GPT-2's, as the released 345M has it, and Llama's.
class Backbones : public testing::TestWithParam<bool> {
  protected:
    Backbones() { test_support::write_text_checkpoint(folder_.path() / "text", form()); }

    [[nodiscard]] static TinyForm form() { return GetParam() ? test_support::tiny_llama() : TinyForm{}; }
    [[nodiscard]] Result<Backbone> open(int layers = 6, int context = 64) const {
        return Backbone::open(
            {.source = {.checkpoint = folder_.path() / "text", .weights = {.num_attention_heads = form().heads}},
             .layers = layers,
             .patch = patch,
             .context = context,
             .horizon = 2 * patch});
    }

    TemporaryFolder folder_;
};
INSTANTIATE_TEST_SUITE_P(Forms, Backbones, testing::Bool(),
                         [](const auto& llama) { return llama.param ? "Llama" : "Gpt2"; });

TEST_P(Backbones, TheBodyIsThatOfTheCheckpointButForItsWords) {
    const auto text = test_support::tiny_gpt(form());
    const auto backbone = open();
    ASSERT_TRUE(backbone) << backbone.error().message;
    const auto network = backbone->network({}, 1);
    ASSERT_TRUE(network) << network.error().message;
    EXPECT_EQ(network->form().body.num_layers, 2) << "fewer than asked for";
    for (const auto& parameter : network->body()) {
        if (parameter.name == "embedding.word_embeddings.weight") {
            EXPECT_EQ(parameter.value.size(0), kinds);
            continue;
        }
        const auto* expected = text.find(parameter.name);
        ASSERT_TRUE(expected) << parameter.name;
        EXPECT_TRUE(parameter.value.equal(gpt::tensor_of(*expected))) << parameter.name;
    }
}

TEST_P(Backbones, OnlyTheFirstLayersServe) {
    const auto network = open(1)->network({}, 1).value();
    EXPECT_EQ(network.form().body.num_layers, 1);
    for (const auto& parameter : network.body())
        EXPECT_FALSE(parameter.name.starts_with("decoder.layers.1.")) << parameter.name;
}

TEST_P(Backbones, ARandomBodyHasTheSpreadOfTheCheckpointAndTheSameHead) {
    const auto backbone = open().value();
    const auto text = backbone.network({}, 3).value(),
               random = backbone.network({.weights = BodyWeights::random}, 3).value();
    for (std::size_t at = 0; at < text.body().size(); ++at) {
        const auto& name = text.body()[at].name;
        const auto& taken = text.body()[at].value;
        const auto& drawn = random.body()[at].value;
        if (name == "embedding.word_embeddings.weight") {
            EXPECT_TRUE(drawn.equal(taken));
        } else if (drawn.dim() > 1) {
            EXPECT_FALSE(drawn.equal(taken)) << name;
            EXPECT_NEAR(drawn.std().item<double>(), taken.std().item<double>(), 0.15) << name;
        }
    }
    for (std::size_t at = 0; at < text.head().size(); ++at)
        EXPECT_TRUE(text.head()[at].value.equal(random.head()[at].value)) << text.head()[at].name;
}

TEST_P(Backbones, FrozenWeightsStayToTheBitWhileTheOthersLearn) {
    const auto network = open()->network({}, 1).value();
    const auto before = copies(network.parameters());
    const auto learning = learning_parameters(network, Learning::norms_and_positions);
    auto learner = Learner::create(learning, {.schedule = {.init_lr = 1e-2,
                                                           .max_lr = 1e-2,
                                                           .min_lr = 1e-2,
                                                           .lr_decay_samples = 10,
                                                           .lr_decay_style = gpt::DecayStyle::constant}})
                       .value();
    const auto batch = batch_of(wave(1, 64));
    for (int step = 0; step < 3; ++step) ASSERT_TRUE(learner.step(network, batch));
    for (const auto& parameter : network.parameters()) {
        const auto frozen =
            parameter.name.starts_with("decoder.layers.") && parameter.name.find("layernorm") == std::string::npos;
        EXPECT_EQ(parameter.value.equal(before.at(parameter.name)), frozen) << parameter.name;
    }
}

TEST_P(Backbones, AForecastDoesNotLookAhead) {
    const at::NoGradGuard no_gradients;
    const auto network = open()->network({}, 1).value();
    auto window = wave(1, 64);
    const auto before = network.forward(batch_of(window));  // [1, 1, 7, P, levels]
    for (int at = 4 * patch; at < window.shape.points; ++at) window.values[static_cast<std::size_t>(at)] *= 3;
    const auto after = network.forward(batch_of(window));
    EXPECT_TRUE(before.narrow(2, 0, 4).equal(after.narrow(2, 0, 4)));
    EXPECT_FALSE(before.narrow(2, 4, 3).equal(after.narrow(2, 4, 3)));
}

TEST_P(Backbones, AllLayersLookAlongTime) {
    const at::NoGradGuard no_gradients;
    const auto network = open()->network({}, 1).value();
    auto window = wave(2, 64);
    const auto before = network.forward(batch_of(window));
    for (int at = 0; at < window.shape.points; ++at) window.row(1)[at] += static_cast<float>(at % 5);
    EXPECT_TRUE(before.select(1, 0).equal(network.forward(batch_of(window)).select(1, 0)));
}

TEST_P(Backbones, WithoutLayersAPatchIsPredictedFromTheOneBefore) {
    const at::NoGradGuard no_gradients;
    const auto backbone = open();
    const auto network = backbone->network({.weights = BodyWeights::random, .layers = 0}, 1);
    ASSERT_TRUE(network) << network.error().message;
    auto batch = batch_of(wave(1, 64));
    const auto before = network->forward(batch);
    batch.inputs.narrow(2, 0, 3).add_(1);
    const auto after = network->forward(batch);
    EXPECT_FALSE(before.narrow(2, 0, 3).equal(after.narrow(2, 0, 3)));
    EXPECT_TRUE(before.narrow(2, 3, 4).equal(after.narrow(2, 3, 4)));
}

TEST_P(Backbones, LongerThanThePositionsIsRefusedWhereTheyAreATable) {
    const auto backbone = open(6, 128);  // 17 tokens of 16
    EXPECT_EQ(backbone.has_value(), GetParam());
    if (!backbone) {
        EXPECT_THAT(backbone.error().message, HasSubstr("take 17 positions, the checkpoint has 16"));
    }
    EXPECT_THAT(open(6, 60).error().message, HasSubstr("multiple of the patch"));
}

}  // namespace
}  // namespace loadstar::neural
