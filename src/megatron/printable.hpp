#pragma once
#include <string>
#include <string_view>

namespace loadstar::megatron {

/// Text of a file as a terminal and JSON can take it: control characters, and bytes that are no part of well-formed
/// UTF-8, as \x1b.
std::string printable(std::string_view text);

}  // namespace loadstar::megatron
