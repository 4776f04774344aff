#pragma once
#include <cstdint>
#include <random>
#include <span>
#include <utility>

namespace loadstar::megatron {

/// The random numbers of numpy's legacy RandomState, of which the order of Megatron-LM's data is made.
/// Source: MT19937 (Matsumoto and Nishimura 1998), seeded by init_genrand; numpy's masked rejection.
class NumpyRandom {
  public:
    explicit NumpyRandom(std::uint32_t seed) : engine_(seed) {}

    /// A number from 0 to `largest`, each as likely: draws are cut to as many bits as `largest` has, and those that are
    /// larger are drawn again.
    std::uint64_t up_to(std::uint64_t largest) {
        if (largest == 0) return 0;
        auto mask = largest;
        for (int shift = 1; shift < 64; shift *= 2) mask |= mask >> shift;
        const bool fits_32_bits = largest <= 0xffffffffU;
        while (true) {
            const auto drawn = (fits_32_bits ? next() : next_64()) & mask;
            if (drawn <= largest) return drawn;
        }
    }

    /// Shuffles in place, from the end (Fisher and Yates).
    template <class Item>
    void shuffle(std::span<Item> items) {
        for (auto i = items.size(); i > 1; --i) std::swap(items[i - 1], items[up_to(i - 1)]);
    }

  private:
    std::uint64_t next() { return engine_(); }
    std::uint64_t next_64() {
        const auto high = next();
        return (high << 32) | next();
    }
    std::mt19937 engine_;
};

}  // namespace loadstar::megatron
