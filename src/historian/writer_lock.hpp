#pragma once
#include <filesystem>
#include <optional>
#include <string>

#include "base/instant.hpp"
#include "base/result.hpp"

namespace loadstar::historian {

/// The right to write to one historian: an advisory lock on `<historian>.lock`, which holds who has it and since when.
/// The operating system gives it back when the process ends, however it ends; the file stays and means nothing then.
class WriterLock {
  public:
    /// Takes the lock without waiting. Errors: busy (names the process and since when), permission_denied, io_error.
    static Result<WriterLock> take(const std::filesystem::path& historian, Instant now);
    /// Who has the lock at this moment, such as "process 4711 since 2018-03-06T00:00:00Z"; none when nobody does.
    /// Errors: permission_denied, io_error.
    static Result<std::optional<std::string>> holder(const std::filesystem::path& historian);
    WriterLock(WriterLock&& other) noexcept;
    WriterLock& operator=(WriterLock&&) = delete;
    ~WriterLock();

  private:
    explicit WriterLock(int file) : file_(file) {}
    int file_;
};

}  // namespace loadstar::historian
