// Ten optimiser steps beside the real Megatron-LM core 0.16 (AdamW groups, clipping, schedule, two micro-batches a
// step): losses, gradient norms, final weights and moments of Adam to 1e-5. The files are not part of the project.
#include <cmath>
#include <fstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "gpt/parameter_schedule.hpp"
#include "gpt/training_step.hpp"
#include "support/reference_gpt.hpp"
#include "support/shared.hpp"

namespace loadstar::gpt {
namespace {

using namespace test_support;
using megatron::SafetensorsFile;

ParameterSchedule schedule_of(const nlohmann::json& log) {
    const auto& optimizer = log.at("optimizer");
    const auto& schedule = log.at("schedule");
    const double weight_decay = optimizer.at("weight_decay");
    return ParameterSchedule::create({.init_lr = schedule.at("init_lr"),
                                      .max_lr = optimizer.at("lr"),
                                      .min_lr = optimizer.at("min_lr"),
                                      .lr_warmup_samples = schedule.at("warmup_samples"),
                                      .lr_decay_samples = schedule.at("decay_samples"),
                                      .start_wd = weight_decay,
                                      .end_wd = weight_decay})
        .value();
}

/// Step `number` of the reference: 4 samples as two micro-batches of 2.
std::vector<MicroBatch> micro_batches(const SafetensorsFile& file, std::size_t number) {
    const auto tokens = tensor_in(file, "tokens." + std::to_string(number)).split(2);  // [2, s] each
    const auto labels = tensor_in(file, "labels." + std::to_string(number)).split(2);  // [2, s] each
    std::vector<MicroBatch> batches;
    for (std::size_t i = 0; i < tokens.size(); ++i)
        batches.push_back({.input = {.tokens = tokens[i]},
                           .labels = labels[i],
                           .loss_mask = at::ones(tokens[i].sizes(), at::kFloat)});
    return batches;
}

/// Largest differences of weights. The bias of a key adds the same to all scores of a query, so its gradient is 0 in
/// exact arithmetic. What is left is rounding noise (1e-10), and Adam divides it by its own size: which way such a bias
/// drifts depends on the order of additions, and no other order of them can give the same drift.
struct Worst {
    double all = 0;
    double key_bias = 0;

    void add(const std::string& name, const at::Tensor& difference) {
        constexpr int heads = 4;
        if (!name.ends_with("linear_qkv.bias")) {
            all = std::max(all, difference.abs().max().item<double>());
            return;
        }
        const auto kinds = difference.view({heads, 3, -1}).abs().amax({0, 2});  // [query, key, value]
        all = std::max({all, kinds[0].item<double>(), kinds[2].item<double>()});
        key_bias = std::max(key_bias, kinds[1].item<double>());
    }
};

TEST(MegatronTraining, TenStepsAgree) {
    const auto shared = shared_folder();
    if (!shared) GTEST_SKIP() << "the folder of published data is not there";
    const auto folder = *shared / "cases/megatron";
    const auto open = [&](const char* name) { return SafetensorsFile::open(folder / name).value(); };
    std::ifstream stream(folder / "train/log.json");
    const auto log = nlohmann::json::parse(stream);

    auto model = GptModel::create({.configuration = gpt2_tanh()}).value();
    ASSERT_TRUE(load_weights(model, open("mcore/tp1/gpt2_tanh.weights.safetensors").tensors()));
    const auto& adam = log.at("optimizer");
    Optimizer optimizer(
        model.parameters(),
        {.adam_beta1 = adam.at("betas").at(0), .adam_beta2 = adam.at("betas").at(1), .adam_eps = adam.at("eps")});
    ASSERT_EQ(optimizer.places().size(), log.at("groups").size());
    for (std::size_t i = 0; i < optimizer.places().size(); ++i) {
        EXPECT_EQ(optimizer.places()[i].name, log.at("groups")[i].at("name"));
        EXPECT_EQ(optimizer.places()[i].weight_decay_multiplier, log.at("groups")[i].at("wd_mult"));
    }

    const auto schedule = schedule_of(log);
    const std::int64_t samples_of_step = log.at("schedule").at("step_increment");
    const auto batches = open("train/batches.safetensors");
    GradientMaker maker([&model](const MicroBatch& batch) { return model.loss(batch.input, batch.labels); }, {});
    double loss = 0;
    double norm = 0;
    for (std::size_t step = 0; step < log.at("log").size(); ++step) {
        const auto& expected = log.at("log")[step];
        const auto samples = static_cast<std::int64_t>(step) * samples_of_step;
        const auto gradients = maker.make(micro_batches(batches, step), optimizer);
        clip_gradients(optimizer, gradients, adam.at("clip_grad"));
        EXPECT_NEAR(schedule.learning_rate(samples), expected.at("lr"), 1e-12);
        optimizer.step(schedule.learning_rate(samples), schedule.weight_decay(samples));
        loss = std::max(loss, std::abs(gradients.loss - expected.at("lm_loss").get<double>()));
        norm = std::max(norm, std::abs(gradients.grad_norm - expected.at("grad_norm").get<double>()));
    }

    const auto final_weights = open("train/final.weights.safetensors");
    const auto moments = open("train/adam_state.safetensors");
    Worst weights;
    double adam_state = 0;
    const auto state = optimizer.state();
    for (std::size_t i = 0; i < state.size(); ++i) {
        const auto& name = optimizer.places()[i].name;
        weights.add(name, state[i].main - tensor_in(final_weights, name));
        adam_state = std::max({adam_state, distance(state[i].exp_avg, tensor_in(moments, "exp_avg." + name)),
                               distance(state[i].exp_avg_sq, tensor_in(moments, "exp_avg_sq." + name))});
    }
    std::fprintf(stderr, "loss %.2e, gradient norm %.2e, weights %.2e, Adam %.2e (gates 1e-5); biases of keys %.2e\n",
                 loss, norm, weights.all, adam_state, weights.key_bias);
    EXPECT_LE(loss, 1e-5);
    EXPECT_LE(norm, 1e-5);
    EXPECT_LE(weights.all, 1e-5);
    EXPECT_LE(weights.key_bias, 1e-3) << "further than its noise can drive it";
    EXPECT_LE(adam_state, 1e-5);
}

}  // namespace
}  // namespace loadstar::gpt
