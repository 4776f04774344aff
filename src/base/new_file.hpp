#pragma once
#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace loadstar {

/// A file in the making: it takes its name, or the place of the file that had it, only when it is complete and on the
/// disk, so that nobody ever sees half of it. Destroyed before that, it leaves nothing behind.
class NewFile {
  public:
    /// Errors: not_found (no such folder), permission_denied, disk_full, io_error; so for all of them.
    static Result<NewFile> create(const std::filesystem::path& file);
    NewFile(NewFile&& other) noexcept;
    NewFile& operator=(NewFile&& other) noexcept;
    ~NewFile();

    /// Appends bytes; small ones are gathered.
    Result<void> write(std::span<const std::byte> bytes);
    Result<void> write(std::string_view text) { return write(std::as_bytes(std::span(text.data(), text.size()))); }
    /// Brings everything to the disk, still under the temporary name. For files that must appear together: complete
    /// all, then publish all.
    Result<void> complete();
    /// Completes the file and gives it its name.
    Result<void> publish();

  private:
    NewFile(std::filesystem::path file, std::filesystem::path unfinished, int handle);
    Result<void> flush();
    Result<void> send(std::span<const std::byte> bytes);

    std::filesystem::path file_;
    std::filesystem::path unfinished_;  ///< empty once published
    std::string gathered_;
    int handle_ = -1;  ///< -1 once complete
};

}  // namespace loadstar
