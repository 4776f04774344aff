#include "megatron/zip_archive.hpp"

#include <algorithm>
#include <limits>
#include <optional>

#include <zlib.h>

namespace loadstar::megatron {
namespace {

constexpr std::uint32_t local_signature = 0x04034b50;
constexpr std::uint32_t entry_signature = 0x02014b50;
constexpr std::uint32_t end_signature = 0x06054b50;
constexpr std::uint32_t end64_signature = 0x06064b50;
constexpr std::uint32_t locator64_signature = 0x07064b50;
constexpr std::size_t end_size = 22;
constexpr std::size_t locator64_size = 20;
constexpr std::uint16_t zip64_field = 1;
constexpr std::uint32_t in_zip64 = 0xffffffff;

/// Where the central directory lies.
struct Directory {
    std::uint64_t entries = 0;
    std::uint64_t size = 0;
    std::uint64_t offset = 0;
};

/// The end record, behind which only a comment may stand.
std::size_t find_end(const ByteReader& archive) {
    constexpr std::size_t longest_comment = 65535;
    if (archive.size() < end_size) throw FormatProblem(archive.offset(), "the file is too short to be an archive");
    const auto last = archive.size() - end_size;
    const auto first = last > longest_comment ? last - longest_comment : 0;
    for (std::size_t at = last + 1; at-- > first;) {
        if (archive.from(at).read<std::uint32_t>() == end_signature) return at;
    }
    throw FormatProblem(archive.offset() + archive.size(), "the archive has no end record",
                        "the file was probably cut off");
}

Directory find_directory(const ByteReader& archive) {
    const auto end = find_end(archive);
    auto reader = archive.from(end);
    reader.take(10);
    Directory directory{.entries = reader.read<std::uint16_t>()};
    directory.size = reader.read<std::uint32_t>();
    directory.offset = reader.read<std::uint32_t>();
    if (end < locator64_size) return directory;
    auto locator = archive.from(end - locator64_size);
    if (locator.read<std::uint32_t>() != locator64_signature) return directory;
    locator.take(4);
    auto end64 = archive.from(locator.read<std::uint64_t>());
    if (end64.read<std::uint32_t>() != end64_signature)
        throw FormatProblem(end64.offset(), "expected the ZIP64 end record");
    end64.take(28);
    directory.entries = end64.read<std::uint64_t>();
    directory.size = end64.read<std::uint64_t>();
    directory.offset = end64.read<std::uint64_t>();
    return directory;
}

/// An entry of the central directory.
struct Entry {
    std::string_view name;
    std::uint16_t method = 0;
    std::uint32_t crc = 0;
    std::uint64_t packed = 0;
    std::uint64_t size = 0;
    std::uint64_t local = 0;
};

/// Takes from the ZIP64 field what did not fit the entry, in the order of the standard.
void read_extra(ByteReader extra, Entry& entry) {
    while (extra.left() >= 4) {
        const auto id = extra.read<std::uint16_t>();
        const auto length = extra.read<std::uint16_t>();
        ByteReader field(extra.take(length), extra.offset() - length);
        if (id != zip64_field) continue;
        for (auto* value : {&entry.size, &entry.packed, &entry.local})
            if (*value == in_zip64) *value = field.read<std::uint64_t>();
    }
}

Entry read_entry(ByteReader& reader) {
    const auto at = reader.offset();
    if (reader.read<std::uint32_t>() != entry_signature)
        throw FormatProblem(at, "expected an entry of the archive's directory");
    reader.take(6);
    Entry entry;
    entry.method = reader.read<std::uint16_t>();
    reader.take(4);
    entry.crc = reader.read<std::uint32_t>();
    entry.packed = reader.read<std::uint32_t>();
    entry.size = reader.read<std::uint32_t>();
    const auto name_length = reader.read<std::uint16_t>();
    const auto extra_length = reader.read<std::uint16_t>();
    const auto comment_length = reader.read<std::uint16_t>();
    reader.take(8);
    entry.local = reader.read<std::uint32_t>();
    entry.name = reader.text(name_length);
    const auto extra_at = reader.offset();
    read_extra(ByteReader(reader.take(extra_length), extra_at), entry);
    reader.take(comment_length);
    return entry;
}

ZipRecord locate(const ByteReader& archive, const Entry& entry) {
    if (entry.method != 0) {
        throw FormatProblem(
            archive.offset() + static_cast<std::size_t>(entry.local),
            fmt::format("record {} is compressed (method {}), expected it stored as it is", entry.name, entry.method),
            "unpack the archive first");
    }
    auto reader = archive.from(entry.local);
    if (reader.read<std::uint32_t>() != local_signature)
        throw FormatProblem(reader.offset() - 4, fmt::format("expected the head of record {}", entry.name));
    reader.take(22);
    const auto name_length = reader.read<std::uint16_t>();
    const auto extra_length = reader.read<std::uint16_t>();
    reader.take(std::uint64_t{name_length} + extra_length);
    const auto offset = reader.offset();
    return {.bytes = reader.take(entry.size), .offset = offset, .crc = entry.crc};
}

}  // namespace

bool ZipArchive::is_one(std::span<const std::byte> bytes) {
    return bytes.size() >= 4 && ByteReader(bytes).read<std::uint32_t>() == local_signature;
}

ZipArchive ZipArchive::read(const ByteReader& archive, MemoryBudget& budget) {
    constexpr std::size_t record_bytes = 256;  // of an entry here and of one that its reader makes, about
    const auto directory = find_directory(archive);
    auto reader = archive.from(directory.offset);
    ZipArchive result;
    for (std::uint64_t i = 0; i < directory.entries; ++i) {
        const auto at = reader.offset();
        const auto entry = read_entry(reader);
        budget.spend(record_bytes + 2 * entry.name.size(), at);
        if (!result.records_.emplace(std::string(entry.name), locate(archive, entry)).second)
            throw FormatProblem(at, fmt::format("the archive holds record {} twice", entry.name));
    }
    return result;
}

const ZipRecord* ZipArchive::find(std::string_view name) const {
    const auto found = records_.find(name);
    return found == records_.end() ? nullptr : &found->second;
}

std::uint32_t crc32_of(std::span<const std::byte> bytes, std::uint32_t before) {
    uLong crc = before;
    while (!bytes.empty()) {
        const auto piece = bytes.first(std::min<std::size_t>(bytes.size(), std::numeric_limits<uInt>::max()));
        crc = ::crc32(crc, reinterpret_cast<const Bytef*>(piece.data()), static_cast<uInt>(piece.size()));
        bytes = bytes.subspan(piece.size());
    }
    return static_cast<std::uint32_t>(crc);
}

}  // namespace loadstar::megatron
