#pragma once
#include <filesystem>

#include "base/result.hpp"

namespace loadstar::megatron {

/// A folder in the making: it takes its name only when all in it is complete, so that nobody ever sees half of a
/// checkpoint. Destroyed before that, it leaves nothing behind.
class NewFolder {
  public:
    /// Makes the folders above too. Errors: already_exists (a folder of that name that is not empty, or a file);
    /// permission_denied, disk_full, io_error.
    static Result<NewFolder> create(const std::filesystem::path& folder);
    NewFolder(NewFolder&& other) noexcept;
    NewFolder& operator=(NewFolder&& other) noexcept;
    ~NewFolder();

    /// Where to put what shall be in it.
    [[nodiscard]] const std::filesystem::path& unfinished() const { return unfinished_; }
    /// Gives the folder its name. Errors: as above.
    Result<void> publish();

  private:
    explicit NewFolder(std::filesystem::path folder) : folder_(std::move(folder)) {}
    std::filesystem::path folder_;
    std::filesystem::path unfinished_{};  ///< empty once published
    std::filesystem::path above_{};       ///< the folder above, if it was not there before
};

}  // namespace loadstar::megatron
