#pragma once
#include <cstdint>
#include <random>
#include <span>

#include "base/result.hpp"

namespace loadstar::gpt {

/// How the next token is chosen. Without a temperature it is the likeliest one, the first of equals.
struct SamplingRules {
    double temperature = 0;  ///< scores are divided by it; 0: the likeliest token
    std::int64_t top_k = 0;  ///< only the k likeliest; 0: all
    double top_p = 1;        ///< only the likeliest that together have this probability (Holtzman et al. 2020)
    std::uint64_t seed = 1234;
};

/// Errors: invalid_argument (names the rule, the value found and what was expected).
Result<void> check(const SamplingRules& rules);

/// Draws tokens; the same scores and seed give the same tokens on every machine.
class NextToken {
  public:
    explicit NextToken(SamplingRules rules) : rules_(rules), random_(rules.seed) {}
    /// @param scores  before softmax, one per token; at least one
    std::int64_t choose(std::span<const float> scores);

  private:
    SamplingRules rules_;
    std::mt19937_64 random_;
};

}  // namespace loadstar::gpt
