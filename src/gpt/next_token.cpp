#include "gpt/next_token.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include <fmt/format.h>

namespace loadstar::gpt {
namespace {

struct Candidate {
    std::int64_t token;
    double weight;  ///< probability up to a factor
};

/// The tokens that a rule leaves, the likeliest first, equals in their own order.
std::vector<Candidate> candidates(std::span<const float> scores, const SamplingRules& rules) {
    const auto largest = *std::max_element(scores.begin(), scores.end());
    std::vector<Candidate> all(scores.size());
    for (std::size_t token = 0; token < scores.size(); ++token)
        all[token] = {static_cast<std::int64_t>(token), std::exp((scores[token] - largest) / rules.temperature)};
    std::stable_sort(all.begin(), all.end(),
                     [](const auto& left, const auto& right) { return left.weight > right.weight; });
    if (rules.top_k > 0 && static_cast<std::size_t>(rules.top_k) < all.size())
        all.resize(static_cast<std::size_t>(rules.top_k));
    return all;
}

double total_weight(const std::vector<Candidate>& all) {
    return std::accumulate(all.begin(), all.end(), 0.0, [](double sum, const auto& one) { return sum + one.weight; });
}

/// Cuts off the unlikely ones once the others have probability `share`.
void keep_nucleus(std::vector<Candidate>& all, double share) {
    const auto wanted = share * total_weight(all);
    double sum = 0;
    std::size_t kept = 0;
    while (kept < all.size() && sum < wanted) sum += all[kept++].weight;
    all.resize(std::max<std::size_t>(kept, 1));
}

}  // namespace

Result<void> check(const SamplingRules& rules) {
    const auto refuse = [](const char* rule, auto found, const char* expected) {
        return Error{.code = ErrorCode::invalid_argument,
                     .message = fmt::format("{} is {}, expected {}", rule, found, expected)};
    };
    if (!(rules.temperature >= 0) || std::isinf(rules.temperature))
        return refuse("temperature", rules.temperature, "0 (the likeliest token) or more");
    if (rules.top_k < 0) return refuse("top_k", rules.top_k, "0 (all tokens) or more");
    if (!(rules.top_p > 0 && rules.top_p <= 1)) return refuse("top_p", rules.top_p, "more than 0, at most 1");
    return {};
}

std::int64_t NextToken::choose(std::span<const float> scores) {
    if (rules_.temperature == 0) return std::max_element(scores.begin(), scores.end()) - scores.begin();
    auto left = candidates(scores, rules_);
    if (rules_.top_p < 1) keep_nucleus(left, rules_.top_p);
    // 53 bits of the generator, which the standard fixes; its distributions it does not.
    auto rest = static_cast<double>(random_() >> 11) * 0x1p-53 * total_weight(left);
    for (const auto& candidate : left) {
        rest -= candidate.weight;
        if (rest < 0) return candidate.token;
    }
    return left.back().token;
}

}  // namespace loadstar::gpt
