#pragma once

#include <cstdlib>
#include <filesystem>
#include <optional>

#include "support/paths.hpp"

namespace loadstar::test_support {

/// Finds the folder with published data sets and known answers, which is not part of the project.
///
/// It is $LOADSTAR_SHARED when that is set, else `shared` next to the source tree. Tests that need it skip themselves
/// with a message when it is absent.
inline std::optional<std::filesystem::path> shared_folder() {
    const char* chosen = std::getenv("LOADSTAR_SHARED");
    const auto folder = chosen != nullptr ? std::filesystem::path(chosen) : source_root().parent_path() / "shared";
    if (!std::filesystem::is_directory(folder)) {
        return std::nullopt;
    }
    return folder;
}

}  // namespace loadstar::test_support
