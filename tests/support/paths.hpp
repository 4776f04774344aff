#pragma once
// Where the tree and the built program are. Only paths.cpp knows, so that no other test depends on where it was built.

#include <filesystem>

namespace loadstar::test_support {

/// The root of the source tree, for test inputs that are committed.
std::filesystem::path source_root();

/// The built program.
std::filesystem::path program_path();

}  // namespace loadstar::test_support
