#include "megatron/tensor_layout.hpp"

#include <functional>
#include <numeric>

namespace loadstar::megatron {
namespace {

/// Bytes from the first element to the last one.
std::size_t extent(const TensorView& tensor) {
    if (tensor.elements() == 0) return 0;
    std::int64_t last = 0;
    for (std::size_t at = 0; at < tensor.shape.size(); ++at) last += (tensor.shape[at] - 1) * tensor.strides[at];
    return static_cast<std::size_t>(last + 1) * bytes_of(tensor.type);
}

}  // namespace

TensorView reshaped(const TensorView& tensor, std::vector<std::int64_t> shape) {
    return contiguous_view(tensor.type, std::move(shape), tensor.bytes);
}

TensorView permuted(const TensorView& tensor, const std::vector<std::size_t>& order) {
    auto result = tensor;
    for (std::size_t at = 0; at < order.size(); ++at) {
        result.shape[at] = tensor.shape[order[at]];
        result.strides[at] = tensor.strides[order[at]];
    }
    return result;
}

TensorView narrowed(const TensorView& tensor, const Stretch& stretch) {
    auto result = tensor;
    result.shape[stretch.dimension] = stretch.count;
    const auto offset = static_cast<std::size_t>(stretch.first * tensor.strides[stretch.dimension]);
    result.bytes = tensor.bytes.subspan(offset * bytes_of(tensor.type), extent(result));
    return result;
}

std::vector<std::byte> concatenated_bytes(const std::vector<TensorView>& tensors, std::size_t dimension) {
    const auto& shape = tensors.front().shape;
    const auto rows = std::accumulate(shape.begin(), shape.begin() + static_cast<std::ptrdiff_t>(dimension),
                                      std::int64_t{1}, std::multiplies<>());
    std::size_t total = 0;
    for (const auto& tensor : tensors) total += tensor.bytes.size();
    std::vector<std::byte> bytes;
    bytes.reserve(total);
    for (std::int64_t row = 0; row < rows; ++row) {
        for (const auto& tensor : tensors) {
            const auto size = tensor.bytes.size() / static_cast<std::size_t>(rows);
            const auto piece = tensor.bytes.subspan(static_cast<std::size_t>(row) * size, size);
            bytes.insert(bytes.end(), piece.begin(), piece.end());
        }
    }
    return bytes;
}

}  // namespace loadstar::megatron
