#include "megatron/tensor_view.hpp"

#include <algorithm>
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

/// The last dimensions of a tensor whose elements follow one another.
struct Run {
    std::size_t dimensions = 0;
    std::size_t elements = 1;
};
Run contiguous_run(const TensorView& tensor) {
    Run run;
    for (std::size_t at = tensor.shape.size(); at-- > 0; ++run.dimensions) {
        const bool follows = tensor.strides[at] == static_cast<std::int64_t>(run.elements) || tensor.shape[at] == 1;
        if (!follows) break;
        run.elements *= static_cast<std::size_t>(tensor.shape[at]);
    }
    return run;
}

/// A matrix whose columns are stored one after the other.
bool is_turned_matrix(const TensorView& tensor) {
    return tensor.shape.size() == 2 && tensor.strides[0] == 1 && tensor.shape[0] > 1 && tensor.shape[1] > 1;
}

template <std::size_t size>
void turn_matrix_of(const TensorView& tensor, std::byte* to) {
    constexpr std::int64_t tile = 32;  // both tiles stay in the cache, whatever the matrix
    const auto rows = tensor.shape[0];
    const auto columns = tensor.shape[1];
    const auto* from = tensor.bytes.data();
    for (std::int64_t top = 0; top < rows; top += tile)
        for (std::int64_t left = 0; left < columns; left += tile)
            for (auto row = top; row < std::min(top + tile, rows); ++row)
                for (auto column = left; column < std::min(left + tile, columns); ++column)
                    std::memcpy(to + static_cast<std::size_t>(row * columns + column) * size,
                                from + static_cast<std::size_t>(row + column * tensor.strides[1]) * size, size);
}

void turn_matrix(const TensorView& tensor, std::byte* to) {
    switch (bytes_of(tensor.type)) {
        case 1: return turn_matrix_of<1>(tensor, to);
        case 2: return turn_matrix_of<2>(tensor, to);
        case 4: return turn_matrix_of<4>(tensor, to);
        default: return turn_matrix_of<8>(tensor, to);
    }
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
    if (is_turned_matrix(tensor)) {
        turn_matrix(tensor, bytes.data());
        return bytes;
    }
    const auto run = contiguous_run(tensor);
    auto rows = tensor;
    rows.shape.resize(tensor.shape.size() - run.dimensions);
    auto* to = bytes.data();
    if (bytes.empty()) return bytes;
    for_each_element(rows, [&](std::size_t offset) {
        std::memcpy(to, tensor.bytes.data() + offset * size, run.elements * size);
        to += run.elements * size;
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
