#pragma once
// How a text file is laid out: found out from its first lines. Internal to layer ingest.

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "site/source.hpp"

namespace loadstar::ingest {

/// The beginning of a text file.
struct TextHead {
    std::string encoding;
    std::vector<std::string> lines;  ///< as UTF-8; lines in another encoding, and very long ones, are left out
    bool complete = false;           ///< there is nothing more in the file
};

/// Reads up to `count` lines. Errors: those of LineReader::open; invalid_input (an empty file).
Result<TextHead> read_head(const std::filesystem::path& file, const std::string& encoding, int count);

/// The delimiter that a source tells or that its file shows. Errors: invalid_input (not one character; none found).
Result<char> delimiter_of(const Source& source, const TextHead& head, const std::string& where);

}  // namespace loadstar::ingest
