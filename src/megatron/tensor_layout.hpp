#pragma once
#include <cstdint>
#include <vector>

#include "megatron/tensor_view.hpp"

namespace loadstar::megatron {

// Other looks at the bytes of a tensor; nothing is copied before contiguous_bytes().

/// The same elements under another shape. The tensor must be contiguous and have as many elements.
TensorView reshaped(const TensorView& tensor, std::vector<std::int64_t> shape);

/// Dimension i of the result is dimension order[i] of the tensor.
TensorView permuted(const TensorView& tensor, const std::vector<std::size_t>& order);

/// `count` indices of one dimension from `first` on.
struct Stretch {
    std::size_t dimension = 0;
    std::int64_t first = 0;
    std::int64_t count = 0;
};
TensorView narrowed(const TensorView& tensor, const Stretch& stretch);

/// The elements of contiguous tensors behind one another along a dimension; all other dimensions are the same in all.
std::vector<std::byte> concatenated_bytes(const std::vector<TensorView>& tensors, std::size_t dimension);

}  // namespace loadstar::megatron
