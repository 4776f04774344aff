#pragma once
#include <cstdint>

namespace loadstar::simulate {

/// Random numbers that follow from the seed alone, which the distributions of the standard library leave to the
/// compiler. Source: SplitMix64 (Steele, Lea and Flood 2014).
class Random {
  public:
    explicit Random(std::uint64_t seed) : state_(seed) {}

    /// Uniform in [0, 1).
    double uniform();
    /// Standard normal (Box and Muller 1958).
    double normal();

  private:
    std::uint64_t state_;
};

}  // namespace loadstar::simulate
