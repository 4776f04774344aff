#include "neural/patch_network.hpp"

#include <limits>

#include <gtest/gtest.h>

#include "neural/forecast_network.hpp"
#include "neural/learner.hpp"
#include "support/tiny_network.hpp"

namespace loadstar::neural {
namespace {

using test_support::hidden_end;
using test_support::tiny_network;
using test_support::wavy_window;

constexpr int patch = 8;
constexpr int points = 80;  // 10 patches, 9 tokens

at::Tensor forecast(const PatchNetwork& network, const corpus::Window& window, const std::vector<char>& hidden) {
    const at::NoGradGuard no_gradients;
    const MaskedWindow masked{.window = &window, .hidden = hidden};
    return network.forward(make_batch({&masked, 1}, patch));  // [1, v, n, P, levels]
}

TEST(PatchBatch, ScalesByWhatWasSeenUpToTheOwnPatch) {
    corpus::Window window{.shape = {.variates = 1, .points = 24}, .roles = {corpus::Role::target}, .values = {}};
    for (int at = 0; at < 24; ++at) window.values.push_back(at < 8 ? static_cast<float>(at % 2) : 1000.0F);
    const MaskedWindow masked{.window = &window, .hidden = {0, 0}};
    const auto batch = make_batch({&masked, 1}, patch);
    EXPECT_DOUBLE_EQ(batch.mean[0][0][0].item<double>(), 0.5);   // of 0 1 0 1 0 1 0 1
    EXPECT_DOUBLE_EQ(batch.scale[0][0][0].item<double>(), 0.5);  // the jump to 1000 is not known yet
    EXPECT_NEAR(batch.inputs[0][0][0][1].item<double>(), std::asinh(1.0), 1e-6);
    EXPECT_NEAR(batch.targets[0][0][0][0].item<double>(), std::asinh(999.5 / 0.5), 1e-5);
    EXPECT_DOUBLE_EQ(batch.mean[0][0][1].item<double>(), 500.25);
}

TEST(PatchBatch, MissingAndHiddenValuesAreNeitherSeenNorLearntFrom) {
    auto window = wavy_window(1, 32);
    window.row(0)[3] = std::numeric_limits<float>::quiet_NaN();
    window.row(0)[20] = std::numeric_limits<float>::quiet_NaN();
    const MaskedWindow masked{.window = &window, .hidden = hidden_end(3, 1)};
    const auto batch = make_batch({&masked, 1}, patch);
    EXPECT_EQ(batch.inputs[0][0][0][patch + 3].item<float>(), 0);
    EXPECT_EQ(batch.inputs[0][0][0][patch + 4].item<float>(), 1);
    EXPECT_EQ(batch.weights[0][0][1][4].item<float>(), 0);  // point 20 is the fifth of patch 2
    EXPECT_EQ(batch.weights[0][0][1][5].item<float>(), 1);
    EXPECT_EQ(batch.inputs[0][0][2].narrow(0, 0, 2 * patch).abs().sum().item<float>(), 0);  // hidden
    EXPECT_EQ(batch.mean[0][0][2].item<double>(), batch.mean[0][0][1].item<double>());
    EXPECT_EQ(batch.weights[0][2].sum().item<float>(), 0);  // nobody is asked for what is known ahead
}

TEST(PatchBatch, WhatIsKnownAheadRunsOnePatchAhead) {
    const auto window = wavy_window(1, 32);
    const MaskedWindow masked{.window = &window, .hidden = hidden_end(3, 2)};
    const auto batch = make_batch({&masked, 1}, patch);
    const auto mean = batch.mean[0][2][0].item<double>(), scale = batch.scale[0][2][0].item<double>();
    EXPECT_NEAR(batch.inputs[0][2][0][2].item<double>(), std::asinh((window.row(2)[patch + 2] - mean) / scale), 1e-5);
    EXPECT_EQ(batch.kinds[0][2][2].item<std::int64_t>(), static_cast<std::int64_t>(Kind::ahead));
    EXPECT_EQ(batch.kinds[0][0][2].item<std::int64_t>(), static_cast<std::int64_t>(Kind::hidden_target));
    EXPECT_EQ(batch.kinds[0][1][2].item<std::int64_t>(), static_cast<std::int64_t>(Kind::hidden_past));
}

TEST(PatchBatch, TellsWhatLikeDaysShowedAsFarAsItIsSeen) {
    auto window = wavy_window(1, 40);
    window.like = {.points = patch};  // of each patch the three before it are alike
    const MaskedWindow masked{.window = &window, .hidden = {0, 0, 0, 1}};
    const auto batch = make_batch({&masked, 1}, patch);
    const auto like = [&](int token) { return batch.inputs[0][0][token][3 * patch + 2].item<double>(); };
    const auto expected = [&](int token, std::initializer_list<int> patches) {
        double sum = 0;
        for (const int which : patches) sum += window.row(0)[which * patch + 2] / static_cast<double>(patches.size());
        return std::asinh((sum - batch.mean[0][0][token].item<double>()) / batch.scale[0][0][token].item<double>());
    };
    EXPECT_NEAR(like(0), expected(0, {0}), 1e-5);
    EXPECT_NEAR(like(2), expected(2, {0, 1, 2}), 1e-5);
    EXPECT_NEAR(like(3), expected(3, {0, 1, 2}), 1e-5);  // not patch 3, which is hidden
    EXPECT_EQ(batch.inputs[0][0][3][4 * patch + 2].item<float>(), 1);
    EXPECT_EQ(batch.inputs[0].narrow(0, 1, 2).narrow(-1, 3 * patch, 2 * patch).abs().sum().item<float>(), 0);
}

TEST(PatchNetwork, QuantilesNeverFall) {
    const auto quantiles = forecast(tiny_network(), wavy_window(2, points), hidden_end(9, 3));
    EXPECT_EQ(quantiles.sizes(), (std::vector<std::int64_t>{1, 3, 9, patch, levels.size()}));
    EXPECT_GT(
        (quantiles.narrow(-1, 1, levels.size() - 1) - quantiles.narrow(-1, 0, levels.size() - 1)).min().item<float>(),
        0);
}

TEST(PatchNetwork, ATokenSeesNothingLaterThanItself) {
    const auto network = tiny_network();
    auto window = wavy_window(3, points);
    window.like = {.points = 6};
    auto other = window;
    for (int variate = 0; variate < 2; ++variate)
        for (int at = 5 * patch; at < points; ++at) other.row(variate)[at] += 1e4F;
    for (int at = 6 * patch; at < points; ++at) other.row(2)[at] = window.row(2)[at];  // known ahead: scaled as a whole
    const auto hidden = hidden_end(9, 0);
    const auto before = forecast(network, window, hidden).narrow(2, 0, 5);
    const auto after = forecast(network, other, hidden).narrow(2, 0, 5);
    EXPECT_TRUE(at::equal(before, after));
    EXPECT_FALSE(
        at::equal(forecast(network, window, hidden).narrow(2, 5, 4), forecast(network, other, hidden).narrow(2, 5, 4)));
}

TEST(PatchNetwork, HiddenPatchesChangeNothing) {
    const auto network = tiny_network();
    auto window = wavy_window(4, points);
    window.like = {.points = 6};
    auto other = window;
    for (int variate = 0; variate < 2; ++variate)
        for (int at = 6 * patch; at < points; ++at) other.row(variate)[at] = -7;
    EXPECT_TRUE(at::equal(forecast(network, window, hidden_end(9, 3)), forecast(network, other, hidden_end(9, 3))));
}

TEST(PatchNetwork, WhatIsKnownAheadChangesTheForecastOfItsOwnPatch) {
    const auto network = tiny_network();
    const auto window = wavy_window(5, points);
    auto other = window;
    std::swap(other.row(2)[9 * patch], other.row(2)[9 * patch + 4]);  // mean and spread stay
    const auto last = [&](const corpus::Window& one) { return forecast(network, one, hidden_end(9, 3))[0][0][8]; };
    EXPECT_FALSE(at::equal(last(window), last(other)));
    const auto earlier = [&](const corpus::Window& one) {
        return forecast(network, one, hidden_end(9, 3))[0][0].narrow(0, 0, 8);
    };
    EXPECT_TRUE(at::allclose(earlier(window), earlier(other), 1e-5, 1e-6));
}

// What is left out is what nobody looks at, whichever way the last layer looks.
TEST(PatchNetwork, TheTargetAloneIsForecastAsAmongAll) {
    for (const int layers : {0, 1, 3, 4}) {
        const auto network = tiny_network(1, layers);
        const auto window = wavy_window(11, points);
        const at::NoGradGuard no_gradients;
        const MaskedWindow masked{.window = &window, .hidden = hidden_end(9, 3)};
        const auto batch = make_batch({&masked, 1}, patch);
        const auto all = network.forward(batch).select(1, 0).slice(1, 5);
        EXPECT_TRUE(at::allclose(network.forward_target(batch, 5), all, 1e-4, 1e-5)) << layers;
    }
}

TEST(PatchNetwork, WindowsOfABatchDoNotMix) {
    const auto network = tiny_network();
    const auto one = wavy_window(6, points), two = wavy_window(7, points);
    const std::vector<MaskedWindow> both{{.window = &one, .hidden = hidden_end(9, 2)},
                                         {.window = &two, .hidden = hidden_end(9, 4)}};
    const at::NoGradGuard no_gradients;
    const auto together = network.forward(make_batch(both, patch));
    EXPECT_TRUE(at::allclose(together[0], forecast(network, one, hidden_end(9, 2))[0], 1e-4, 1e-5));
    EXPECT_TRUE(at::allclose(together[1], forecast(network, two, hidden_end(9, 4))[0], 1e-4, 1e-5));
}

// One batch can be learnt by heart: every weight that matters receives gradients.
TEST(PatchNetwork, OneBatchCanBeOverfitted) {
    auto network = tiny_network();
    const auto window = wavy_window(8, points);
    const MaskedWindow masked{.window = &window, .hidden = hidden_end(9, 3)};
    const auto batch = make_batch({&masked, 1}, patch);
    auto learner = Learner::create(network.parameters(), {.schedule = {.init_lr = 3e-3,
                                                                       .max_lr = 3e-3,
                                                                       .min_lr = 3e-3,
                                                                       .lr_decay_samples = 1000,
                                                                       .lr_decay_style = gpt::DecayStyle::constant}})
                       .value();
    const double first = learner.step(network, batch).value().loss;
    double last = first;
    for (int step = 0; step < 400; ++step) last = learner.step(network, batch).value().loss;
    EXPECT_LT(last, 0.2 * first);
    for (const auto& parameter : network.parameters()) EXPECT_TRUE(parameter.value.grad().defined()) << parameter.name;
}

TEST(PinballLoss, IsTwiceTheMeanOverLevelsOfWhatIsMissed) {
    PatchBatch batch{.targets = at::full({1, 1, 1, 2}, 1.0F), .weights = at::ones({1, 1, 1, 2})};
    batch.weights[0][0][0][1] = 0;
    const auto quantiles = at::zeros({1, 1, 1, 2, static_cast<std::int64_t>(levels.size())});
    double expected = 0;
    for (const double level : levels) expected += 2 * level;  // the value lies 1 above every quantile
    EXPECT_NEAR(pinball_loss(quantiles, batch).item<double>(), expected / static_cast<double>(levels.size()), 1e-6);
}

TEST(NetworkForm, SaysWhatCannotBe) {
    auto form = test_support::tiny_form();
    form.patch = 0;
    EXPECT_EQ(PatchNetwork::create({.form = form}).error().message,
              "patch of a forecasting network must be 1 or more, found 0");
    form = test_support::tiny_form();
    form.longest_context = 60;
    EXPECT_EQ(PatchNetwork::create({.form = form}).error().code, ErrorCode::invalid_argument);
    EXPECT_EQ(form_of_size("huge").error().message, "there is no network of size huge; expected small or base");
}

TEST(NetworkForm, SmallAndBaseHaveTheSizesOfTheirCards) {
    const auto weights = [](const char* size) {
        const auto network = PatchNetwork::create({.form = form_of_size(size).value()}).value();
        std::int64_t count = 0;
        for (const auto& parameter : network.parameters()) count += parameter.value.numel();
        return count;
    };
    EXPECT_NEAR(static_cast<double>(weights("small")), 3.0e6, 0.2e6);
    EXPECT_NEAR(static_cast<double>(weights("base")), 10.5e6, 0.5e6);
}

}  // namespace
}  // namespace loadstar::neural
