#include "neural/training_windows.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <random>

namespace loadstar::neural {
namespace {

using Random = std::mt19937_64;

double uniform(Random& random) { return static_cast<double>(random() >> 11) * 0x1.0p-53; }

/// Between 1 and `most`, small ones more often: even on the scale of logarithms.
int log_uniform(Random& random, int most) {
    return std::min(most, static_cast<int>(std::exp(uniform(random) * std::log(most + 1.0))));
}

Random random_of(std::uint64_t seed, std::uint64_t number) {
    std::seed_seq sequence{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32),
                           static_cast<std::uint32_t>(number), static_cast<std::uint32_t>(number >> 32)};
    return Random(sequence);
}

int draw_patches(Random& random, int most) {
    constexpr std::array<double, 4> shares{0.12, 0.24, 0.30, 0.34};
    const std::array<int, 4> patches{9, 17, 33, most};
    double at = uniform(random);
    for (std::size_t which = 0; which < shares.size(); ++which)
        if ((at -= shares[which]) < 0) return std::min(patches[which], most);
    return most;
}

int draw_variates(Random& random) {
    const double at = uniform(random);
    if (at < 0.5) return 1;
    if (at < 0.8) return 2;
    return at < 0.92 ? 4 : 8;
}

}  // namespace

BatchPlan plan_of(std::int64_t step, const BatchRules& rules) {
    auto random = random_of(rules.seed, static_cast<std::uint64_t>(step));
    const int patches = draw_patches(random, rules.most_patches);
    const int variates = draw_variates(random);
    return {.shape = {.variates = variates, .points = patches * rules.patch},
            .windows = std::max(1, rules.tokens / (variates * (patches - 1))),
            .first_number = static_cast<std::uint64_t>(step) * static_cast<std::uint64_t>(rules.tokens),
            .seed = random()};
}

std::vector<char> hidden_patches(std::uint64_t seed, int tokens, int most_hidden) {
    auto random = random_of(seed, 0);
    std::vector<char> hidden(static_cast<std::size_t>(tokens), 0);
    // The first hidden patch is expected by the token before it, so that a horizon of h patches hides h - 1.
    const int most = std::min(most_hidden - 1, tokens - 1);
    if (uniform(random) < 0.67) {
        const int count = log_uniform(random, most + 1) - 1;
        std::fill(hidden.end() - count, hidden.end(), 1);
        return hidden;
    }
    for (int run = static_cast<int>(uniform(random) * 3); run >= 0; --run) {
        const int length = log_uniform(random, std::min(8, most));
        const int begin = 1 + static_cast<int>(uniform(random) * (tokens - length));
        std::fill_n(hidden.begin() + std::min(begin, tokens - length), length, 1);
    }
    hidden.front() = 0;
    return hidden;
}

PatchBatch batch_of(std::int64_t step, const BatchRules& rules, const corpus::Corpus& corpus) {
    const auto plan = plan_of(step, rules);
    std::vector<corpus::Window> windows;
    for (int at = 0; at < plan.windows; ++at)
        windows.push_back(corpus.window(plan.first_number + static_cast<std::uint64_t>(at), plan.shape));
    std::vector<MaskedWindow> masked;
    const int tokens = plan.shape.points / rules.patch - 1;
    for (std::size_t at = 0; at < windows.size(); ++at)
        masked.push_back({.window = &windows[at], .hidden = hidden_patches(plan.seed + at, tokens, rules.most_hidden)});
    return make_batch(masked, rules.patch);
}

}  // namespace loadstar::neural
