#pragma once
#include <cmath>
#include <random>

#include "corpus/window.hpp"
#include "neural/patch_network.hpp"

namespace loadstar::test_support {

/// A form that computes in milliseconds: patches of 8 points, contexts of 64, horizons of 32.
inline neural::NetworkForm tiny_form() {
    auto form = neural::form_of_size("small").value();
    form.body.num_layers = 3;
    form.body.hidden_size = 24;
    form.body.num_attention_heads = 2;
    form.body.ffn_hidden_size = 32;
    form.body.init_method_std = 0.3;
    form.patch = 8;
    form.head_channels = 16;
    form.longest_context = 64;
    form.longest_horizon = 32;
    return form;
}

/// Weights drawn by lot, also those of norms, so that none can be forgotten unseen.
inline neural::PatchNetwork tiny_network(std::uint64_t seed = 1, int layers = 3) {
    auto form = tiny_form();
    form.body.num_layers = layers;
    auto network = neural::PatchNetwork::create({.form = form, .seed = seed}).value();
    const at::NoGradGuard no_gradients;
    at::manual_seed(seed);
    for (const auto& parameter : network.parameters())
        at::Tensor(parameter.value).add_(at::randn(parameter.value.sizes()), 0.1);
    return network;
}

/// Waves with noise: a target, one series known up to the issue, one known ahead.
inline corpus::Window wavy_window(std::uint64_t seed, int points) {
    std::mt19937_64 random(seed);
    std::normal_distribution<float> noise;
    corpus::Window window{.shape = {.variates = 3, .points = points},
                          .roles = {corpus::Role::target, corpus::Role::past, corpus::Role::ahead},
                          .values = std::vector<float>(3 * static_cast<std::size_t>(points))};
    for (int variate = 0; variate < 3; ++variate)
        for (int at = 0; at < points; ++at)
            window.row(variate)[at] =
                100.0F + 10.0F * std::sin(static_cast<float>(at + 3 * variate) / 5.0F) + noise(random);
    return window;
}

/// Hides the last `count` of `tokens`.
inline std::vector<char> hidden_end(int tokens, int count) {
    std::vector<char> hidden(static_cast<std::size_t>(tokens), 0);
    std::fill(hidden.end() - count, hidden.end(), 1);
    return hidden;
}

}  // namespace loadstar::test_support
