#pragma once
#include <cstddef>
#include <filesystem>
#include <span>

#include "base/result.hpp"

namespace loadstar::megatron {

/// A file whose bytes lie in the address space: pages are read when they are looked at, so that the head of a file of
/// gigabytes costs what the head costs.
class MappedFile {
  public:
    /// Errors: not_found, permission_denied, invalid_input (a folder), io_error.
    static Result<MappedFile> open(const std::filesystem::path& file);
    MappedFile(MappedFile&& other) noexcept;
    MappedFile& operator=(MappedFile&& other) noexcept;
    ~MappedFile();

    /// Valid as long as the file lives. A file that another process cuts short in the meantime ends this one.
    [[nodiscard]] std::span<const std::byte> bytes() const { return bytes_; }
    /// Gives back the memory of a stretch that will hardly be looked at again; a later look reads it anew. Does nothing
    /// for bytes that are none of this file.
    void let_go(std::span<const std::byte> stretch) const;

  private:
    explicit MappedFile(std::span<const std::byte> bytes) : bytes_(bytes) {}
    std::span<const std::byte> bytes_;
};

}  // namespace loadstar::megatron
