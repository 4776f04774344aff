#include "megatron/mapped_file.hpp"

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace loadstar::megatron {
namespace {

Error failure(const std::filesystem::path& file, int number) {
    auto code = ErrorCode::io_error;
    if (number == ENOENT || number == ENOTDIR) code = ErrorCode::not_found;
    if (number == EACCES || number == EPERM) code = ErrorCode::permission_denied;
    return {.code = code, .message = std::strerror(number), .where = file.string()};
}

/// Closes a descriptor when it goes out of scope.
struct Descriptor {
    int number;
    explicit Descriptor(int opened) : number(opened) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() {
        if (number >= 0) ::close(number);
    }
};

}  // namespace

Result<MappedFile> MappedFile::open(const std::filesystem::path& file) {
    const Descriptor descriptor(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    if (descriptor.number < 0) return failure(file, errno);
    struct stat status {};
    if (::fstat(descriptor.number, &status) != 0) return failure(file, errno);
    if (!S_ISREG(status.st_mode))
        return Error{.code = ErrorCode::invalid_input, .message = "expected a file", .where = file.string()};
    const auto size = static_cast<std::size_t>(status.st_size);
    if (size == 0) return MappedFile({});
    void* begin = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, descriptor.number, 0);
    if (begin == MAP_FAILED) return failure(file, errno);
    return MappedFile({static_cast<const std::byte*>(begin), size});
}

MappedFile::MappedFile(MappedFile&& other) noexcept : bytes_(std::exchange(other.bytes_, {})) {}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
    std::swap(bytes_, other.bytes_);
    return *this;
}

MappedFile::~MappedFile() {
    if (!bytes_.empty()) ::munmap(const_cast<std::byte*>(bytes_.data()), bytes_.size());
}

void MappedFile::let_go(std::span<const std::byte> stretch) const {
    const auto first = reinterpret_cast<std::uintptr_t>(stretch.data());
    const auto mapped = reinterpret_cast<std::uintptr_t>(bytes_.data());
    if (stretch.empty() || first < mapped || first + stretch.size() > mapped + bytes_.size()) return;
    const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
    const auto begin = (first + page - 1) / page * page;  // whole pages only: others share the rest
    const auto end = (first + stretch.size()) / page * page;
    if (begin < end) ::madvise(reinterpret_cast<void*>(begin), end - begin, MADV_DONTNEED);
}

}  // namespace loadstar::megatron
