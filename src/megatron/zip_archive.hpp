#pragma once
// ZIP archives as PyTorch writes them: records stored as they are, one after the other.

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>

#include "megatron/memory_budget.hpp"

namespace loadstar::megatron {

/// One file of an archive.
struct ZipRecord {
    std::span<const std::byte> bytes;
    std::size_t offset = 0;  ///< of its bytes in the file
    std::uint32_t crc = 0;   ///< CRC-32 as the archive says
};

/// The records of an archive by name, from its central directory. ZIP64 included; compressed records are refused.
/// Source: PKWARE APPNOTE 6.3.
class ZipArchive {
  public:
    /// @param archive  at its begin, and of nothing else. Throws FormatProblem.
    static ZipArchive read(const ByteReader& archive, MemoryBudget& budget);
    /// True when bytes begin as an archive does.
    static bool is_one(std::span<const std::byte> bytes);

    [[nodiscard]] const std::map<std::string, ZipRecord, std::less<>>& records() const { return records_; }
    /// nullptr when there is none.
    [[nodiscard]] const ZipRecord* find(std::string_view name) const;

  private:
    std::map<std::string, ZipRecord, std::less<>> records_;
};

/// CRC-32 of bytes, as archives keep it.
std::uint32_t crc32_of(std::span<const std::byte> bytes, std::uint32_t before = 0);

}  // namespace loadstar::megatron
