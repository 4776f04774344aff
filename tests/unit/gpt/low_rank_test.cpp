#include "gpt/low_rank.hpp"

#include <gtest/gtest.h>

#include "gpt/gpt_model.hpp"
#include "gpt/optimizer.hpp"
#include "support/small_gpt.hpp"

namespace loadstar::gpt {
namespace {

using test_support::small_gpt;

TEST(Follows, AStarStandsForAnyText) {
    EXPECT_TRUE(follows("decoder.layers.0.mlp.linear_fc1.weight", "decoder.layers.0.*"));
    EXPECT_TRUE(follows("decoder.layers.0.mlp.linear_fc1.weight", "*linear_fc1*"));
    EXPECT_TRUE(follows("embedding", "embedding"));
    EXPECT_FALSE(follows("decoder.layers.10.x", "decoder.layers.1.*"));
    EXPECT_FALSE(follows("embedding.word", "embedding"));
    EXPECT_TRUE(follows("anything", "*"));
}

// The gradients of A and B are those that autograd gives when the product is part of the graph.
TEST(LowRank, GradientsAreThoseOfTheProduct) {
    auto model = GptModel::create({.configuration = small_gpt()}).value();
    auto updates = LowRankUpdates::create(model.parameters(), {.rank = 3, .alpha = 6}, 1).value();
    Optimizer optimizer(updates.parameters(), {});
    const auto& update = updates.updates().front();
    {
        const at::NoGradGuard no_gradients;
        update.b.normal_();
    }
    updates.merge();
    const auto weigh = at::arange(update.weight.numel(), at::kFloat).view(update.weight.sizes()).sin();
    optimizer.zero_gradients();
    for (const auto& each : updates.updates())
        (each.weight.square() * (&each == &update ? weigh : at::ones({}))).sum().backward();
    updates.pass_gradients();

    const auto a = update.a.detach().clone().set_requires_grad(true);
    const auto b = update.b.detach().clone().set_requires_grad(true);
    ((update.base + 2 * at::mm(b, a)).square() * weigh).sum().backward();
    EXPECT_TRUE(update.a.grad().allclose(a.grad(), 1e-4, 1e-5));
    EXPECT_TRUE(update.b.grad().allclose(b.grad(), 1e-4, 1e-5));
    EXPECT_FALSE(update.weight.grad().defined()) << "the weight itself does not learn";
}

TEST(LowRank, BeginsWithTheModelAsItIs) {
    auto model = GptModel::create({.configuration = small_gpt()}).value();
    const auto before = model.parameters()[2].value.detach().clone();
    auto updates = LowRankUpdates::create(model.parameters(), {.rank = 3}, 1).value();
    updates.merge();
    EXPECT_TRUE(model.parameters()[2].value.equal(before));
    EXPECT_EQ(updates.parameters().size(), 2U * 3 * 2) << "three matrices in each of two layers";
}

}  // namespace
}  // namespace loadstar::gpt
