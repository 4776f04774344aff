#include "historian/writer_lock.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <string>
#include <sys/file.h>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>

namespace loadstar::historian {

namespace {

Error cannot_lock(const std::string& path, int system_error) {
    const bool denied = system_error == EACCES || system_error == EPERM || system_error == EROFS;
    return {.code = denied                   ? ErrorCode::permission_denied
                    : system_error == ENOSPC ? ErrorCode::disk_full
                                             : ErrorCode::io_error,
            .message = fmt::format("cannot take the right to write: {}", std::strerror(system_error)),
            .where = path,
            .hint = "writing to a historian needs the right to write to its folder"};
}

std::string holder_of(int file) {
    std::array<char, 200> text{};
    const auto length = pread(file, text.data(), text.size(), 0);
    std::string holder(text.data(), length > 0 ? static_cast<std::size_t>(length) : 0);
    while (!holder.empty() && holder.back() == '\n') holder.pop_back();
    return holder.empty() ? "another process" : holder;
}

}  // namespace

Result<WriterLock> WriterLock::take(const std::filesystem::path& historian, Instant now) {
    const std::string path = historian.string() + ".lock";
    const int file = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (file < 0) return cannot_lock(path, errno);
    WriterLock lock(file);
    if (flock(file, LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK) return cannot_lock(path, errno);
        return Error{.code = ErrorCode::busy,
                     .message = fmt::format("{} writes to this historian", holder_of(file)),
                     .where = historian.string(),
                     .hint = "wait until it is done, or end it; reading is possible meanwhile"};
    }
    const std::string holder = fmt::format("process {} since {}\n", getpid(), to_string(now));
    if (ftruncate(file, 0) != 0 ||
        pwrite(file, holder.data(), holder.size(), 0) != static_cast<ssize_t>(holder.size())) {
        return cannot_lock(path, errno);
    }
    return lock;
}

Result<std::optional<std::string>> WriterLock::holder(const std::filesystem::path& historian) {
    const std::string path = historian.string() + ".lock";
    const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0 && errno == ENOENT) return std::optional<std::string>();  // nobody ever wrote
    if (file < 0) return cannot_lock(path, errno);
    const WriterLock closed_at_the_end(file);
    // Shared, so that others who only ask are not in the way.
    if (flock(file, LOCK_SH | LOCK_NB) == 0) return std::optional<std::string>();
    if (errno != EWOULDBLOCK) return cannot_lock(path, errno);
    return std::optional(holder_of(file));
}

WriterLock::WriterLock(WriterLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}

WriterLock::~WriterLock() {
    if (file_ >= 0) close(file_);
}

}  // namespace loadstar::historian
