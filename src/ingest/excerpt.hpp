#pragma once
#include <string>
#include <string_view>

namespace loadstar::ingest {

/// Text of a file as it can be shown and stored: at most `longest` bytes, cut between characters; what is not UTF-8 or
/// not printable becomes "?". Internal to layer ingest.
std::string excerpt(std::string_view text, std::size_t longest = 80);

}  // namespace loadstar::ingest
