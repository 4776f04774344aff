#include "megatron/weight_differences.hpp"

#include <algorithm>
#include <cmath>

#include "megatron/tensor_layout.hpp"

namespace loadstar::megatron {
namespace {

/// Elements [begin, end) of a contiguous tensor.
std::vector<float> floats(const TensorView& tensor, std::int64_t begin, std::int64_t end) {
    const auto flat = reshaped(tensor, {tensor.elements()});
    return to_floats(narrowed(flat, {.dimension = 0, .first = begin, .count = end - begin}));
}

void compare_values(WeightDifference& found) {
    constexpr std::int64_t at_once = 1 << 20;  // so that no second copy of an embedding is made
    const auto& first = *found.first;
    const auto& second = *found.second;
    if (first.type == second.type && std::ranges::equal(first.bytes, second.bytes)) return;
    for (std::int64_t begin = 0; begin < first.elements(); begin += at_once) {
        const auto end = std::min(begin + at_once, first.elements());
        const auto ours = floats(first, begin, end);
        const auto others = floats(second, begin, end);
        for (std::size_t at = 0; at < ours.size(); ++at) {
            if (ours[at] == others[at] || (std::isnan(ours[at]) && std::isnan(others[at]))) continue;
            ++found.unequal;
            if (!std::isfinite(ours[at]) || !std::isfinite(others[at])) {
                ++found.not_finite;
            } else {
                found.largest = std::max(found.largest, std::abs(static_cast<double>(ours[at]) - others[at]));
            }
        }
    }
}

}  // namespace

bool WeightDifference::same_within(double tolerance) const {
    return first && second && first->type == second->type && first->shape == second->shape && not_finite == 0 &&
           largest <= tolerance;
}

Result<std::vector<WeightDifference>> weight_differences(const CoreWeights& first, const CoreWeights& second,
                                                         Progress& progress) {
    std::vector<WeightDifference> all;
    for (const auto& weight : first.weights) {
        progress.report("compare", static_cast<std::int64_t>(all.size()),
                        static_cast<std::int64_t>(first.weights.size()));
        if (progress.cancelled()) return Error{.code = ErrorCode::cancelled, .message = "comparing was cancelled"};
        WeightDifference found{.name = weight.name, .first = weight.tensor, .second = {}};
        if (const auto* other = second.find(weight.name); other != nullptr) {
            found.second = *other;
            if (other->shape == weight.tensor.shape) compare_values(found);
        }
        all.push_back(std::move(found));
    }
    for (const auto& weight : second.weights)
        if (first.find(weight.name) == nullptr)
            all.push_back({.name = weight.name, .first = {}, .second = weight.tensor});
    return all;
}

}  // namespace loadstar::megatron
