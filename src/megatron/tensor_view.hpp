#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "megatron/scalar_type.hpp"

namespace loadstar::megatron {

/// A tensor that lies somewhere: in a mapped file, or in memory that somebody else keeps.
struct TensorView {
    ScalarType type = ScalarType::f32;
    std::vector<std::int64_t> shape;
    std::vector<std::int64_t> strides;  ///< elements from one index to the next, by dimension
    std::span<const std::byte> bytes;   ///< from the first element to the last one

    [[nodiscard]] std::int64_t elements() const;
    /// Elements follow one another as the last index runs fastest.
    [[nodiscard]] bool is_contiguous() const;
};

/// The strides of a contiguous tensor.
std::vector<std::int64_t> contiguous_strides(const std::vector<std::int64_t>& shape);

/// A contiguous tensor over bytes that must be as many as its elements take.
TensorView contiguous_view(ScalarType type, std::vector<std::int64_t> shape, std::span<const std::byte> bytes);

/// The elements one after the other, whatever the strides.
std::vector<std::byte> contiguous_bytes(const TensorView& tensor);

/// The elements as 32-bit floats; integers too.
std::vector<float> to_floats(const TensorView& tensor);

/// "[3, 64]"
std::string shape_text(const std::vector<std::int64_t>& shape);

/// A tensor under the name it has in its file.
struct NamedTensor {
    std::string name;
    TensorView tensor;
};

}  // namespace loadstar::megatron
