#include "megatron/new_folder.hpp"

#include <fcntl.h>
#include <system_error>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>

namespace loadstar::megatron {
namespace {

namespace fs = std::filesystem;

ErrorCode code_of(const std::error_code& problem) {
    if (problem == std::errc::permission_denied || problem == std::errc::read_only_file_system)
        return ErrorCode::permission_denied;
    if (problem == std::errc::file_exists || problem == std::errc::directory_not_empty ||
        problem == std::errc::not_a_directory)
        return ErrorCode::already_exists;
    return problem == std::errc::no_space_on_device ? ErrorCode::disk_full : ErrorCode::io_error;
}

Error failure(const fs::path& folder, const std::error_code& problem) {
    return {.code = code_of(problem),
            .message = fmt::format("cannot make the folder: {}", problem.message()),
            .where = folder.string()};
}

Result<void> bring_to_disk(const fs::path& folder) {
    const int handle = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const bool done = handle >= 0 && (::fsync(handle) == 0 || errno == EINVAL);  // EINVAL: no such thing on this disk
    const std::error_code problem(errno, std::generic_category());
    if (handle >= 0) ::close(handle);
    return done ? Result<void>() : failure(folder, problem);
}

}  // namespace

Result<NewFolder> NewFolder::create(const fs::path& folder) {
    std::error_code problem;
    if (fs::exists(folder, problem) && (!fs::is_directory(folder, problem) || !fs::is_empty(folder, problem))) {
        return Error{.code = ErrorCode::already_exists,
                     .message = "there is something under that name already",
                     .where = folder.string(),
                     .hint = "choose another place, or remove what is there"};
    }
    NewFolder made(folder);
    if (!fs::exists(folder.parent_path(), problem)) made.above_ = folder.parent_path();
    made.unfinished_ = folder;
    made.unfinished_ += fmt::format(".{}.new", ::getpid());
    fs::remove_all(made.unfinished_, problem);
    if (!fs::create_directories(made.unfinished_, problem)) return failure(folder, problem);
    return made;
}

NewFolder::NewFolder(NewFolder&& other) noexcept
    : folder_(std::move(other.folder_)),
      unfinished_(std::exchange(other.unfinished_, {})),
      above_(std::move(other.above_)) {}

NewFolder& NewFolder::operator=(NewFolder&& other) noexcept {
    std::swap(folder_, other.folder_);
    std::swap(unfinished_, other.unfinished_);
    std::swap(above_, other.above_);
    return *this;
}

NewFolder::~NewFolder() {
    if (unfinished_.empty()) return;
    std::error_code ignored;
    fs::remove_all(unfinished_, ignored);
    if (!above_.empty()) fs::remove(above_, ignored);  // only when it is empty
}

Result<void> NewFolder::publish() {
    LOADSTAR_CHECK(bring_to_disk(unfinished_));
    std::error_code problem;
    fs::rename(unfinished_, folder_, problem);
    if (problem) return failure(folder_, problem);
    unfinished_.clear();
    const auto parent = folder_.parent_path();
    return bring_to_disk(parent.empty() ? fs::path(".") : parent);
}

}  // namespace loadstar::megatron
