#include "base/new_file.hpp"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>

namespace loadstar {
namespace {

constexpr std::size_t gathered_bytes = 1 << 20;

ErrorCode code_of(int system_error) {
    switch (system_error) {
        case ENOENT:
        case ENOTDIR: return ErrorCode::not_found;
        case EACCES:
        case EPERM:
        case EROFS: return ErrorCode::permission_denied;
        case ENOSPC:
        case EDQUOT:
        case EFBIG: return ErrorCode::disk_full;
        default: return ErrorCode::io_error;
    }
}

Error write_error(const std::filesystem::path& file, int system_error) {
    return {.code = code_of(system_error),
            .message = fmt::format("cannot write the file: {}", std::generic_category().message(system_error)),
            .where = file.string(),
            .hint = code_of(system_error) == ErrorCode::not_found ? "create the folder, or choose another" : ""};
}

/// A new name survives a power cut only when its folder is on the disk too.
Result<void> bring_folder_to_disk(const std::filesystem::path& file) {
    const auto folder = file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
    const int handle = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (handle < 0) return write_error(file, errno);
    const int problem = ::fsync(handle) == 0 ? 0 : errno;
    ::close(handle);
    if (problem != 0 && problem != EINVAL) return write_error(file, problem);  // EINVAL: no such thing on this disk
    return {};
}

}  // namespace

Result<NewFile> NewFile::create(const std::filesystem::path& file) {
    auto unfinished = file;
    unfinished += fmt::format(".{}.new", ::getpid());
    const int handle = ::open(unfinished.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (handle < 0) return write_error(file, errno);
    return NewFile(file, std::move(unfinished), handle);
}

NewFile::NewFile(std::filesystem::path file, std::filesystem::path unfinished, int handle)
    : file_(std::move(file)), unfinished_(std::move(unfinished)), handle_(handle) {}

NewFile::NewFile(NewFile&& other) noexcept
    : file_(std::move(other.file_)),
      unfinished_(std::exchange(other.unfinished_, {})),
      gathered_(std::move(other.gathered_)),
      handle_(std::exchange(other.handle_, -1)) {}

NewFile& NewFile::operator=(NewFile&& other) noexcept {
    std::swap(file_, other.file_);
    std::swap(unfinished_, other.unfinished_);
    std::swap(gathered_, other.gathered_);
    std::swap(handle_, other.handle_);
    return *this;
}

NewFile::~NewFile() {
    if (handle_ >= 0) ::close(handle_);
    if (!unfinished_.empty()) ::unlink(unfinished_.c_str());
}

Result<void> NewFile::write(std::span<const std::byte> bytes) {
    if (gathered_.size() + bytes.size() > gathered_bytes) LOADSTAR_CHECK(flush());
    if (bytes.size() > gathered_bytes) return send(bytes);
    gathered_.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    return {};
}

Result<void> NewFile::flush() {
    LOADSTAR_CHECK(send(std::as_bytes(std::span(gathered_))));
    gathered_.clear();
    return {};
}

Result<void> NewFile::send(std::span<const std::byte> bytes) {
    while (!bytes.empty()) {
        const auto written = ::write(handle_, bytes.data(), bytes.size());
        if (written < 0 && errno != EINTR) return write_error(file_, errno);
        if (written > 0) bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
    return {};
}

Result<void> NewFile::complete() {
    if (handle_ < 0) return {};
    LOADSTAR_CHECK(flush());
    if (::fsync(handle_) != 0) return write_error(file_, errno);
    if (::close(std::exchange(handle_, -1)) != 0) return write_error(file_, errno);
    return {};
}

Result<void> NewFile::publish() {
    LOADSTAR_CHECK(complete());
    if (std::rename(unfinished_.c_str(), file_.c_str()) != 0) return write_error(file_, errno);
    unfinished_.clear();
    return bring_folder_to_disk(file_);
}

}  // namespace loadstar
