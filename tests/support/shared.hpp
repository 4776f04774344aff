#pragma once

#include <cstdlib>
#include <filesystem>
#include <optional>

namespace loadstar::test_support {

/// Finds the folder with published data sets and known answers, which is not part of the project.
///
/// It is $LOADSTAR_SHARED when that is set, else `shared` next to the source tree. Tests that need it skip themselves
/// with a message when it is absent.
inline std::optional<std::filesystem::path> shared_folder() {
    const char* chosen = std::getenv("LOADSTAR_SHARED");
    const auto folder = chosen != nullptr ? std::filesystem::path(chosen)
                                          : std::filesystem::path(LOADSTAR_SOURCE_ROOT).parent_path() / "shared";
    if (!std::filesystem::is_directory(folder)) {
        return std::nullopt;
    }
    return folder;
}

/// The root of the source tree, for test inputs that are committed.
inline std::filesystem::path source_root() { return LOADSTAR_SOURCE_ROOT; }

}  // namespace loadstar::test_support
