#pragma once
#include <array>
#include <span>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "megatron/indexed_dataset.hpp"

namespace loadstar::megatron {

enum class Split { train, valid, test };

/// Divides by the sum, rounded exactly as numpy rounds it. Errors: invalid_argument (a weight that is negative or not
/// finite, or a sum of 0).
Result<std::vector<double>> normalised(std::span<const double> weights);

/// The sequences of each split, in the order train, valid, test.
/// @param weights    "969,30,1", as Megatron-LM's --split takes them; missing ones are 0
/// @param sequences  of the dataset
/// Errors: invalid_argument (no numbers, more than three, or as for normalised).
Result<std::array<SequenceRange, 3>> split_sequences(std::string_view weights, std::int64_t sequences);

}  // namespace loadstar::megatron
