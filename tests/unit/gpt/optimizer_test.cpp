#include "gpt/optimizer.hpp"

#include <ATen/ATen.h>
#include <cmath>

#include <gtest/gtest.h>

namespace loadstar::gpt {
namespace {

at::Tensor leaf(const at::Tensor& values) { return values.clone().set_requires_grad(true); }

// One weight of one number, by hand: the first step of Adam moves it by the learning rate against the gradient.
TEST(Optimizer, FirstStepMovesByTheLearningRateAndDecaysMatricesOnly) {
    auto matrix = leaf(at::full({1, 1}, 2.0));
    auto bias = leaf(at::full({3}, 2.0));
    auto vector = leaf(at::full({3}, 2.0));
    Optimizer optimizer({{"x.bias", bias}, {"x.weight", matrix}, {"norm.weight", vector}}, {});
    EXPECT_EQ(optimizer.places()[0].name, "x.weight") << "what decays comes first";
    optimizer.zero_gradients();
    (matrix.sum() * 4 - bias.sum() * 9).backward();
    optimizer.collect_gradients();
    optimizer.step(0.1, 0.5);
    EXPECT_NEAR(matrix.item<double>(), 2.0 * (1 - 0.1 * 0.5) - 0.1, 1e-6);
    EXPECT_NEAR(bias[0].item<double>(), 2.0 + 0.1, 1e-6);
    EXPECT_EQ(vector[2].item<double>(), 2.0) << "no gradient, no decay";
}

TEST(Optimizer, NormCountsEveryParameterOnceAndClipsAboveTheLimitOnly) {
    auto matrix = leaf(at::zeros({2, 2}));
    auto bias = leaf(at::zeros({5}));
    Optimizer optimizer({{"x.weight", matrix}, {"x.bias", bias}}, {});
    optimizer.zero_gradients();
    (matrix.sum() * 3 + bias.sum() * 2).backward();
    const auto group = single_process();
    const auto norm = optimizer.gradient_norm(*group);
    EXPECT_NEAR(norm, std::sqrt(4 * 9.0 + 5 * 4.0), 1e-9);
    EXPECT_NEAR(clip_coefficient(norm, 1.0), 1 / (norm + 1e-6), 1e-12);
    EXPECT_EQ(clip_coefficient(0.5, 1.0), 1);
    EXPECT_EQ(clip_coefficient(5, 0), 1) << "0 clips nothing";
}

// Steps too small for bfloat16 add up in the fp32 weights behind it.
TEST(Optimizer, HalfPrecisionFollowsWeightsInFullPrecision) {
    auto weight = leaf(at::ones({4, 4}, at::kBFloat16));
    Optimizer optimizer({{"x.weight", weight}}, {});
    for (int step = 0; step < 40; ++step) {
        optimizer.zero_gradients();
        for (int micro = 0; micro < 2; ++micro) {
            weight.sum().backward();
            optimizer.collect_gradients();
        }
        EXPECT_EQ(optimizer.gradients().max().item<double>(), 2);
        optimizer.step(1e-4, 0);
        if (step == 0) {
            EXPECT_EQ(weight[0][0].item<double>(), 1);
        }
    }
    EXPECT_NEAR(weight[0][0].item<double>(), 0.996, 1e-3);
    EXPECT_NEAR(optimizer.state()[0].main[0][0].item<double>(), 0.996, 1e-5);
}

TEST(Optimizer, GoesOnFromItsState) {
    const auto start = at::arange(6, at::kFloat).view({2, 3});
    const auto moves = [](at::Tensor& weight, Optimizer& optimizer, int from, int to) {
        for (int step = from; step < to; ++step) {
            optimizer.zero_gradients();
            (weight.sin() * (step + 1)).sum().backward();
            optimizer.step(1e-2, 0.1);
        }
    };
    auto whole = leaf(start);
    Optimizer uninterrupted({{"x.weight", whole}}, {});
    moves(whole, uninterrupted, 0, 6);

    auto first = leaf(start);
    Optimizer before({{"x.weight", first}}, {});
    moves(first, before, 0, 3);
    auto second = leaf(at::zeros({2, 3}));
    Optimizer after({{"x.weight", second}}, {});
    after.state()[0].main.copy_(before.state()[0].main);
    after.state()[0].exp_avg.copy_(before.state()[0].exp_avg);
    after.state()[0].exp_avg_sq.copy_(before.state()[0].exp_avg_sq);
    after.set_steps(before.steps());
    moves(second, after, 3, 6);
    EXPECT_TRUE(second.equal(whole));
}

}  // namespace
}  // namespace loadstar::gpt
