#pragma once
#include "base/progress.hpp"
#include "megatron/core_weights.hpp"

namespace loadstar::megatron {

/// How one weight differs between two models.
struct WeightDifference {
    std::string name;                  ///< in Megatron core
    std::optional<TensorView> first;   ///< absent: only the second has it
    std::optional<TensorView> second;  ///< absent: only the first has it
    std::int64_t unequal = 0;          ///< elements with other values; only counted when the shapes are the same
    double largest = 0;                ///< absolute difference among them, where both are finite
    std::int64_t not_finite = 0;       ///< of the unequal ones, where not both are finite

    /// Both have it, in one type and shape, with values no further apart than this.
    [[nodiscard]] bool same_within(double tolerance) const;
};

/// Compares two models weight by weight, in the order of the first. Types may differ: values are compared as fp32.
/// The views live as long as the models. Errors: cancelled.
Result<std::vector<WeightDifference>> weight_differences(const CoreWeights& first, const CoreWeights& second,
                                                         Progress& progress);

}  // namespace loadstar::megatron
