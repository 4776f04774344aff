#pragma once
// What the reader and the writer of indexed datasets must agree about.

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace loadstar::megatron {

inline constexpr std::string_view index_magic{"MMIDIDX\0\0", 9};
inline constexpr std::uint64_t index_version = 1;
/// Magic, version, token type, number of sequences, number of document marks.
inline constexpr std::size_t index_header_bytes = 9 + 8 + 1 + 8 + 8;

}  // namespace loadstar::megatron
