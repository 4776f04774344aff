#include "megatron/tensor_view.hpp"

#include <bit>
#include <cmath>
#include <cstring>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace loadstar::megatron {
namespace {

/// Calls visit(offset of the element in elements) for each element, the last index running fastest.
template <class Visit>
void for_each_element(const TensorView& tensor, Visit visit) {
    const auto dimensions = tensor.shape.size();
    std::vector<std::int64_t> index(dimensions, 0);
    std::int64_t offset = 0;
    for (std::int64_t left = tensor.elements(); left > 0; --left) {
        visit(static_cast<std::size_t>(offset));
        for (std::size_t at = dimensions; at-- > 0;) {
            offset += tensor.strides[at];
            if (++index[at] < tensor.shape[at]) break;
            offset -= tensor.strides[at] * tensor.shape[at];
            index[at] = 0;
        }
    }
}

template <class Number>
Number element(const TensorView& tensor, std::size_t offset) {
    Number number;
    std::memcpy(&number, tensor.bytes.data() + offset * sizeof(Number), sizeof(Number));
    return number;
}

float from_bfloat16(std::uint16_t bits) { return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16U); }

/// Source: IEEE 754-2008, binary16.
float from_half(std::uint16_t bits) {
    const int exponent = (bits >> 10U) & 0x1f;
    const int fraction = bits & 0x3ff;
    const float sign = (bits & 0x8000U) != 0 ? -1.0F : 1.0F;
    if (exponent == 0) return sign * std::ldexp(static_cast<float>(fraction), -24);
    if (exponent == 31) return fraction == 0 ? sign * INFINITY : NAN;
    return sign * std::ldexp(static_cast<float>(fraction + 1024), exponent - 25);
}

float float_at(const TensorView& tensor, std::size_t offset) {
    switch (tensor.type) {
        case ScalarType::u8:
        case ScalarType::boolean: return element<std::uint8_t>(tensor, offset);
        case ScalarType::i8: return element<std::int8_t>(tensor, offset);
        case ScalarType::i16: return element<std::int16_t>(tensor, offset);
        case ScalarType::i32: return static_cast<float>(element<std::int32_t>(tensor, offset));
        case ScalarType::i64: return static_cast<float>(element<std::int64_t>(tensor, offset));
        case ScalarType::f16: return from_half(element<std::uint16_t>(tensor, offset));
        case ScalarType::bf16: return from_bfloat16(element<std::uint16_t>(tensor, offset));
        case ScalarType::f32: return element<float>(tensor, offset);
        case ScalarType::f64: return static_cast<float>(element<double>(tensor, offset));
    }
    return NAN;
}

}  // namespace

std::int64_t TensorView::elements() const {
    std::int64_t count = 1;
    for (const auto size : shape) count *= size;
    return count;
}

bool TensorView::is_contiguous() const {
    const auto wanted = contiguous_strides(shape);
    for (std::size_t at = 0; at < shape.size(); ++at)
        if (shape[at] != 1 && strides[at] != wanted[at]) return elements() == 0;
    return true;
}

std::vector<std::int64_t> contiguous_strides(const std::vector<std::int64_t>& shape) {
    std::vector<std::int64_t> strides(shape.size(), 1);
    for (std::size_t at = shape.size(); at-- > 1;) strides[at - 1] = strides[at] * shape[at];
    return strides;
}

TensorView contiguous_view(ScalarType type, std::vector<std::int64_t> shape, std::span<const std::byte> bytes) {
    auto strides = contiguous_strides(shape);
    return {.type = type, .shape = std::move(shape), .strides = std::move(strides), .bytes = bytes};
}

std::vector<std::byte> contiguous_bytes(const TensorView& tensor) {
    const auto size = bytes_of(tensor.type);
    std::vector<std::byte> bytes(static_cast<std::size_t>(tensor.elements()) * size);
    if (tensor.is_contiguous()) {
        std::memcpy(bytes.data(), tensor.bytes.data(), bytes.size());
        return bytes;
    }
    auto* to = bytes.data();
    for_each_element(tensor, [&](std::size_t offset) {
        std::memcpy(to, tensor.bytes.data() + offset * size, size);
        to += size;
    });
    return bytes;
}

std::vector<float> to_floats(const TensorView& tensor) {
    std::vector<float> floats;
    floats.reserve(static_cast<std::size_t>(tensor.elements()));
    for_each_element(tensor, [&](std::size_t offset) { floats.push_back(float_at(tensor, offset)); });
    return floats;
}

std::string shape_text(const std::vector<std::int64_t>& shape) { return fmt::format("[{}]", fmt::join(shape, ", ")); }

}  // namespace loadstar::megatron
