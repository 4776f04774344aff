#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/new_file.hpp"

namespace loadstar::megatron {

/// Writes an archive as PyTorch's loader expects it: records stored as they are, their bytes on a boundary of 64, ZIP64
/// where a size or an offset needs it. Source: PKWARE APPNOTE 6.3.
class ZipWriter {
  public:
    explicit ZipWriter(NewFile& file) : file_(file) {}

    /// Appends a record. Errors: those of NewFile.
    Result<void> add(const std::string& name, std::span<const std::byte> bytes);
    /// Appends the directory; the archive is then whole.
    Result<void> finish();

  private:
    struct Record {
        std::string name;
        std::uint32_t crc = 0;
        std::uint64_t size = 0;
        std::uint64_t offset = 0;
    };
    Result<void> write(std::string_view bytes);
    [[nodiscard]] std::string directory() const;

    NewFile& file_;
    std::uint64_t at_ = 0;
    std::vector<Record> records_;
};

}  // namespace loadstar::megatron
