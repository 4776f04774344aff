#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace loadstar::megatron {

/// What the elements of a tensor are.
enum class ScalarType : std::uint8_t { u8, i8, i16, i32, i64, f16, bf16, f32, f64, boolean };

/// A scalar type by its names elsewhere.
struct ScalarTypeNames {
    ScalarType type;
    std::size_t bytes;             ///< of one element
    std::string_view torch;        ///< "float32"
    std::string_view storage;      ///< class of its storages, torch.FloatStorage
    std::string_view safetensors;  ///< "F32"
};

inline constexpr std::array<ScalarTypeNames, 10> scalar_types{{
    {ScalarType::u8, 1, "uint8", "ByteStorage", "U8"},
    {ScalarType::i8, 1, "int8", "CharStorage", "I8"},
    {ScalarType::i16, 2, "int16", "ShortStorage", "I16"},
    {ScalarType::i32, 4, "int32", "IntStorage", "I32"},
    {ScalarType::i64, 8, "int64", "LongStorage", "I64"},
    {ScalarType::f16, 2, "float16", "HalfStorage", "F16"},
    {ScalarType::bf16, 2, "bfloat16", "BFloat16Storage", "BF16"},
    {ScalarType::f32, 4, "float32", "FloatStorage", "F32"},
    {ScalarType::f64, 8, "float64", "DoubleStorage", "F64"},
    {ScalarType::boolean, 1, "bool", "BoolStorage", "BOOL"},
}};

constexpr const ScalarTypeNames& names_of(ScalarType type) { return scalar_types[static_cast<std::size_t>(type)]; }
constexpr std::size_t bytes_of(ScalarType type) { return names_of(type).bytes; }

/// The type with a name in one of the columns of the table; nullopt when there is none.
constexpr std::optional<ScalarType> scalar_type(std::string_view ScalarTypeNames::*column, std::string_view name) {
    for (const auto& names : scalar_types)
        if (names.*column == name) return names.type;
    return std::nullopt;
}

}  // namespace loadstar::megatron
