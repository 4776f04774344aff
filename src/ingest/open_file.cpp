#include "ingest/open_file.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

namespace loadstar::ingest {
namespace {

Error cannot_open(const std::filesystem::path& file, int system_error) {
    const bool absent = system_error == ENOENT || system_error == ENOTDIR;
    const bool denied = system_error == EACCES || system_error == EPERM;
    return {.code = absent   ? ErrorCode::not_found
                    : denied ? ErrorCode::permission_denied
                             : ErrorCode::io_error,
            .message = fmt::format("the file cannot be opened: {}", std::strerror(system_error)),
            .where = file.string(),
            .hint = absent ? "check the name in the plant file" : "check the rights of the file"};
}

}  // namespace

Result<int> open_file(const std::filesystem::path& file) {
    const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return cannot_open(file, errno);
    struct stat status {};
    if (fstat(descriptor, &status) == 0 && !S_ISDIR(status.st_mode)) return descriptor;
    close(descriptor);
    return Error{.code = ErrorCode::invalid_input,
                 .message = "expected a file, found a folder",
                 .where = file.string(),
                 .hint = "name the file, or a pattern such as meters/*.csv"};
}

Result<void> check_readable(const std::filesystem::path& file) {
    LOADSTAR_TRY(const int descriptor, open_file(file));
    close(descriptor);
    return {};
}

}  // namespace loadstar::ingest
