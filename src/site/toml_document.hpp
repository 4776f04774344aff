#pragma once
// Opening a TOML file for a TableReader. Internal to layer site.

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "site/table_reader.hpp"

namespace loadstar {

/// Parses a file that exists; text that is no TOML becomes a mistake of the context, and nothing is returned.
/// Errors: permission_denied (the file cannot be read).
Result<std::optional<toml::table>> parse_toml_file(const std::filesystem::path& file, ReaderContext& context);

/// The mistakes of a context in the order of the file.
std::vector<Mistake> sorted_mistakes(ReaderContext& context);

/// One invalid_input error that lists all mistakes; `what` is the kind of file, such as "the plant file".
Error as_error(const std::vector<Mistake>& mistakes, const std::string& what, const std::filesystem::path& file);

}  // namespace loadstar
