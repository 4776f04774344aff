#pragma once
// A file in memory under a name on the disk, for tests that write very many of them.

#include <cerrno>
#include <filesystem>
#include <string>
#include <string_view>
#include <sys/mman.h>
#include <system_error>
#include <unistd.h>

namespace loadstar::test_support {

class MemoryFile {
  public:
    explicit MemoryFile(const std::filesystem::path& name) : descriptor_(::memfd_create("test", MFD_CLOEXEC)) {
        check(descriptor_ >= 0);
        std::filesystem::create_symlink("/proc/self/fd/" + std::to_string(descriptor_), name);
    }
    ~MemoryFile() { ::close(descriptor_); }
    MemoryFile(const MemoryFile&) = delete;
    MemoryFile& operator=(const MemoryFile&) = delete;

    /// Gives the file this content; nobody may have it mapped.
    void set(std::string_view bytes) const {
        check(::ftruncate(descriptor_, 0) == 0);
        check(::pwrite(descriptor_, bytes.data(), bytes.size(), 0) == static_cast<ssize_t>(bytes.size()));
    }

  private:
    static void check(bool done) {
        if (!done) throw std::system_error(errno, std::generic_category(), "a file in memory");
    }
    int descriptor_;
};

}  // namespace loadstar::test_support
