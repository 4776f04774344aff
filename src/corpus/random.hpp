#pragma once
// Random numbers that are fast to draw and the same on every run.

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace loadstar::corpus {

/// A stream of random numbers.
/// Source: xoshiro256++ (Blackman and Vigna 2021), seeded by splitmix64; normal numbers by the ziggurat of Marsaglia
/// and Tsang 2000 in the form of Doornik 2005.
class Random {
  public:
    explicit Random(std::uint64_t seed);
    /// The stream of one item of a numbered set: streams of other items have nothing to do with it.
    Random(std::uint64_t seed, std::uint64_t item, std::uint64_t variant);

    std::uint64_t bits() {
        const auto result = rotated(state_[0] + state_[3], 23) + state_[0];
        const auto shifted = state_[1] << 17;
        state_[2] ^= state_[0];
        state_[3] ^= state_[1];
        state_[1] ^= state_[2];
        state_[0] ^= state_[3];
        state_[2] ^= shifted;
        state_[3] = rotated(state_[3], 45);
        return result;
    }

    /// In [0, 1).
    double uniform() { return static_cast<double>(bits() >> 11) * 0x1p-53; }
    double uniform(double from, double to) { return from + (to - from) * uniform(); }
    /// Each order of magnitude as likely; 0 < from <= to.
    double log_uniform(double from, double to) { return from * std::exp(uniform() * std::log(to / from)); }
    /// In from..to, both included.
    int integer(int from, int to) { return from + static_cast<int>(uniform() * (to - from + 1)); }
    bool chance(double probability) { return uniform() < probability; }
    double sign() { return chance(0.5) ? 1.0 : -1.0; }

    double normal();
    double normal(double mean, double deviation) { return mean + deviation * normal(); }
    /// Mean 1.
    double exponential() { return -std::log(1 - uniform()); }
    /// Mean `shape`, variance `shape`. Source: Marsaglia and Tsang 2000.
    double gamma(double shape);
    /// Student's t, heavy in the tails for few degrees of freedom (> 2); variance 1.
    double student(double freedom);
    /// Laplace's distribution; variance 1.
    double laplace() { return sign() * exponential() * 0.70710678118654752; }

    /// Each item as likely.
    template <class Item, std::size_t Count>
    const Item& pick(const std::array<Item, Count>& items) {
        return items[static_cast<std::size_t>(integer(0, static_cast<int>(Count) - 1))];
    }
    /// The place of one of the weights, each as likely as it is heavy.
    std::size_t weighted(std::span<const double> weights);
    /// Positive shares that sum to 1. Source: Dirichlet distribution with all parameters equal to `concentration`.
    std::vector<double> shares(std::size_t count, double concentration);

  private:
    static std::uint64_t rotated(std::uint64_t value, int by) { return (value << by) | (value >> (64 - by)); }
    double normal_tail(double side);
    double rare_normal(std::size_t layer, double place);
    std::array<std::uint64_t, 4> state_{};
};

}  // namespace loadstar::corpus
