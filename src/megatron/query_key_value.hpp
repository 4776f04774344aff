#pragma once
#include <cstdint>
#include <vector>

#include "base/result.hpp"
#include "megatron/checkpoint_file.hpp"

namespace loadstar::megatron {

/// Puts the rows of query, key and value in the order of Megatron core. Orders other than by_head come from the time
/// before grouped queries, so that each head has a key and a value.
/// @param tensor  contiguous weight [3 heads channels, hidden] or bias [3 heads channels]
/// @param heads   that this tensor holds
/// Errors: invalid_argument (the heads do not divide the rows).
Result<std::vector<std::byte>> rows_by_head(const TensorView& tensor, QkvOrder order, std::int64_t heads);

/// The opposite. Errors: the same.
Result<std::vector<std::byte>> rows_from_head(const TensorView& tensor, QkvOrder order, std::int64_t heads);

}  // namespace loadstar::megatron
