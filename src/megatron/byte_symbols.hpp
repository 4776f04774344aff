#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace loadstar::megatron {

/// The printable character that stands for a byte in GPT-2's vocabulary files: itself where it is one (! to ~, ¡ to ¬,
/// ® to ÿ), else one from U+0100 on, in the order of the bytes. UTF-8.
/// Source: Radford et al. 2019 (GPT-2), encoder.py.
std::string symbol_of(unsigned char byte);

/// The bytes that a row of such characters stands for; none when it has another character, as special tokens may.
std::optional<std::string> bytes_of_symbols(std::string_view symbols);

}  // namespace loadstar::megatron
