#pragma once
#include <filesystem>

#include "base/result.hpp"

namespace loadstar::ingest {

/// Opens a file for reading. @return its descriptor, which the caller closes
/// Errors: not_found, permission_denied, io_error, invalid_input (a folder). Internal to layer ingest.
Result<int> open_file(const std::filesystem::path& file);

/// Same, only to see whether it can be done.
Result<void> check_readable(const std::filesystem::path& file);

}  // namespace loadstar::ingest
