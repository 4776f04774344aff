#include "megatron/zip_writer.hpp"

#include <algorithm>

#include "megatron/zip_archive.hpp"

namespace loadstar::megatron {
namespace {

constexpr std::uint64_t alignment = 64;
constexpr std::uint64_t too_large = 0xffffffff;  // for a field of 32 bits
constexpr std::uint16_t version_plain = 20;
constexpr std::uint16_t version_zip64 = 45;

template <class Number>
void put(std::string& bytes, Number number) {
    bytes.append(reinterpret_cast<const char*>(&number), sizeof(number));
}

std::uint32_t or_too_large(std::uint64_t value) { return static_cast<std::uint32_t>(std::min(value, too_large)); }

/// The field in which large values stand, empty when there are none.
std::string zip64_field(const std::vector<std::uint64_t>& values) {
    std::string large;
    for (const auto value : values)
        if (value >= too_large) put(large, value);
    if (large.empty()) return large;
    std::string field;
    put(field, std::uint16_t{1});
    put(field, static_cast<std::uint16_t>(large.size()));
    return field + large;
}

/// A field of nothing that moves what follows it at `at` to the next boundary.
std::string padding_field(std::uint64_t at) {
    constexpr std::uint64_t head = 4;
    const auto zeros = (alignment - (at + head) % alignment) % alignment;
    std::string field = "FB";
    put(field, static_cast<std::uint16_t>(zeros));
    return field + std::string(zeros, '\0');
}

}  // namespace

Result<void> ZipWriter::write(std::string_view bytes) {
    at_ += bytes.size();
    return file_.write(bytes);
}

Result<void> ZipWriter::add(const std::string& name, std::span<const std::byte> bytes) {
    const Record record{.name = name, .crc = crc32_of(bytes), .size = bytes.size(), .offset = at_};
    auto extra = zip64_field({record.size, record.size});
    constexpr std::uint64_t head_size = 30;
    extra += padding_field(at_ + head_size + name.size() + extra.size());
    std::string head;
    put(head, std::uint32_t{0x04034b50});
    put(head, record.size >= too_large ? version_zip64 : version_plain);
    put(head, std::uint16_t{0});  // flags
    put(head, std::uint16_t{0});  // stored
    put(head, std::uint32_t{0});  // no time: the same weights give the same file
    put(head, record.crc);
    put(head, or_too_large(record.size));
    put(head, or_too_large(record.size));
    put(head, static_cast<std::uint16_t>(name.size()));
    put(head, static_cast<std::uint16_t>(extra.size()));
    LOADSTAR_CHECK(write(head + name + extra));
    LOADSTAR_CHECK(file_.write(bytes));
    at_ += bytes.size();
    records_.push_back(record);
    return {};
}

std::string ZipWriter::directory() const {
    std::string bytes;
    for (const auto& record : records_) {
        const auto extra = zip64_field({record.size, record.size, record.offset});
        put(bytes, std::uint32_t{0x02014b50});
        put(bytes, version_zip64);
        put(bytes, extra.empty() ? version_plain : version_zip64);
        put(bytes, std::uint32_t{0});  // flags, stored
        put(bytes, std::uint32_t{0});
        put(bytes, record.crc);
        put(bytes, or_too_large(record.size));
        put(bytes, or_too_large(record.size));
        put(bytes, static_cast<std::uint16_t>(record.name.size()));
        put(bytes, static_cast<std::uint16_t>(extra.size()));
        bytes.append(10, '\0');  // no comment, first disk, no attributes
        put(bytes, or_too_large(record.offset));
        bytes += record.name + extra;
    }
    return bytes;
}

Result<void> ZipWriter::finish() {
    const auto bytes = directory();
    const auto start = at_;
    const std::uint64_t count = records_.size();
    std::string end;
    if (start >= too_large || bytes.size() >= too_large || count >= 0xffff) {
        put(end, std::uint32_t{0x06064b50});
        put(end, std::uint64_t{44});  // of this record, behind this field
        put(end, version_zip64);
        put(end, version_zip64);
        put(end, std::uint64_t{0});  // disks
        put(end, count);
        put(end, count);
        put(end, static_cast<std::uint64_t>(bytes.size()));
        put(end, start);
        put(end, std::uint32_t{0x07064b50});
        put(end, std::uint32_t{0});
        put(end, start + bytes.size());
        put(end, std::uint32_t{1});
    }
    const auto short_count = static_cast<std::uint16_t>(std::min<std::uint64_t>(count, 0xffff));
    put(end, std::uint32_t{0x06054b50});
    put(end, std::uint32_t{0});  // disks
    put(end, short_count);
    put(end, short_count);
    put(end, or_too_large(bytes.size()));
    put(end, or_too_large(start));
    put(end, std::uint16_t{0});
    LOADSTAR_CHECK(write(bytes));
    return write(end);
}

}  // namespace loadstar::megatron
