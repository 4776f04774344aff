#include "megatron/data_split.hpp"

#include <charconv>
#include <cmath>
#include <string>

#include <fmt/format.h>

namespace loadstar::megatron {
namespace {

Error meaningless(const std::string& message) {
    return {.code = ErrorCode::invalid_argument, .message = message, .hint = "write a split such as 969,30,1"};
}

/// numpy sums in pairs: eight running sums up to 128 numbers, halves of a multiple of eight beyond.
double pairwise_sum(std::span<const double> numbers) {
    const auto size = numbers.size();
    if (size > 128) {
        const auto half = size / 2 - (size / 2) % 8;
        return pairwise_sum(numbers.first(half)) + pairwise_sum(numbers.subspan(half));
    }
    double sum = 0;
    std::size_t at = 0;
    if (size >= 8) {
        std::array<double, 8> lanes{};
        for (std::size_t i = 0; i < 8; ++i) lanes[i] = numbers[i];
        for (at = 8; at + 8 <= size; at += 8)
            for (std::size_t i = 0; i < 8; ++i) lanes[i] += numbers[at + i];
        sum = ((lanes[0] + lanes[1]) + (lanes[2] + lanes[3])) + ((lanes[4] + lanes[5]) + (lanes[6] + lanes[7]));
    }
    for (; at < size; ++at) sum += numbers[at];
    return sum;
}

Result<std::array<double, 3>> parse_weights(std::string_view text) {
    std::array<double, 3> weights{};
    std::size_t count = 0;
    for (const char* at = text.data(); at <= text.data() + text.size(); ++count) {
        const char* const end = text.data() + text.size();
        double weight = 0;
        const auto [stop, problem] = std::from_chars(at, end, weight);
        if (problem != std::errc() || (stop != end && *stop != ','))
            return meaningless(fmt::format("expected up to three weights between commas, found \"{}\"", text));
        if (count == weights.size()) return meaningless(fmt::format("expected three weights, found \"{}\"", text));
        weights[count] = weight;
        at = stop + 1;
    }
    return weights;
}

}  // namespace

Result<std::vector<double>> normalised(std::span<const double> weights) {
    for (const auto weight : weights) {
        if (!(weight >= 0) || std::isinf(weight))
            return meaningless(fmt::format("expected a weight that is not negative, found {}", weight));
    }
    const auto sum = pairwise_sum(weights);
    if (!(sum > 0) || std::isinf(sum)) return meaningless(fmt::format("expected weights with a sum, found {}", sum));
    std::vector<double> shares(weights.begin(), weights.end());
    for (auto& share : shares) share /= sum;
    return shares;
}

Result<std::array<SequenceRange, 3>> split_sequences(std::string_view weights, std::int64_t sequences) {
    LOADSTAR_TRY(const auto parsed, parse_weights(weights));
    LOADSTAR_TRY(const auto shares, normalised(parsed));
    std::array<SequenceRange, 3> ranges;
    double bound = 0;
    for (std::size_t i = 0; i < ranges.size(); ++i) {
        // Halves go to the even neighbour, in Python and here (nearbyint in the default mode).
        const auto at = [&](double share) {
            return static_cast<std::int64_t>(std::nearbyint(share * static_cast<double>(sequences)));
        };
        ranges[i].begin = at(bound);
        bound += shares[i];
        ranges[i].end = std::min(at(bound), sequences);
    }
    return ranges;
}

}  // namespace loadstar::megatron
