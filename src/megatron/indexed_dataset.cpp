#include "megatron/indexed_dataset.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <stdexcept>

#include <fmt/format.h>

#include "megatron/byte_reader.hpp"
#include "megatron/indexed_dataset_format.hpp"

namespace loadstar::megatron {
namespace {

template <class Number>
Number number_at(std::span<const std::byte> bytes, std::int64_t position) {
    Number number;
    std::memcpy(&number, bytes.data() + static_cast<std::size_t>(position) * sizeof(Number), sizeof(Number));
    return number;
}

template <class Stored, class Number>
void convert(std::span<const std::byte> from, std::span<Number> into) {
    for (std::size_t i = 0; i < into.size(); ++i)
        into[i] = static_cast<Number>(number_at<Stored>(from, static_cast<std::int64_t>(i)));
}

template <class Number>
void convert_integers(TokenType type, std::span<const std::byte> from, std::span<Number> into) {
    switch (type) {
        case TokenType::uint8: return convert<std::uint8_t>(from, into);
        case TokenType::int8: return convert<std::int8_t>(from, into);
        case TokenType::int16: return convert<std::int16_t>(from, into);
        case TokenType::int32: return convert<std::int32_t>(from, into);
        case TokenType::int64: return convert<std::int64_t>(from, into);
        case TokenType::uint16: return convert<std::uint16_t>(from, into);
        case TokenType::float64:
        case TokenType::float32: throw std::logic_error("integers were asked of a dataset of floating point numbers");
    }
}

void check_number(std::int64_t number, std::int64_t count) {
    if (number < 0 || number >= count)
        throw std::out_of_range(fmt::format("number {} of {} in an indexed dataset", number, count));
}

/// Bytes that an index of so many sequences and document marks takes, without modes.
std::uint64_t index_size(std::uint64_t sequences, std::uint64_t marks) {
    return index_header_bytes + sequences * (sizeof(std::int32_t) + sizeof(std::int64_t)) +
           marks * sizeof(std::int64_t);
}

struct IndexCounts {
    TokenType type;
    std::uint64_t sequences;
    std::uint64_t marks;
    bool modes;
};

TokenType read_type(ByteReader& reader) {
    const auto offset = reader.offset();
    const auto code = reader.read<std::uint8_t>();
    if (code < 1 || code > static_cast<std::uint8_t>(TokenType::uint16))
        throw FormatProblem(offset, fmt::format("expected a code of a token type from 1 to 8, found {}", code));
    return static_cast<TokenType>(code);
}

/// The counts of the header, once the size of the file agrees with them.
IndexCounts read_counts(ByteReader& reader, std::uint64_t file_size) {
    IndexCounts counts{.type = read_type(reader)};
    const auto offset = reader.offset();
    counts.sequences = reader.read<std::uint64_t>();
    counts.marks = reader.read<std::uint64_t>();
    // Neither can be larger than the file, so that their sum cannot overflow.
    const bool plausible = counts.sequences <= file_size && counts.marks <= file_size;
    const auto expected = plausible ? index_size(counts.sequences, counts.marks) : 0;
    counts.modes = plausible && counts.sequences > 0 && file_size == expected + counts.sequences;
    if (!plausible || (file_size != expected && !counts.modes)) {
        throw FormatProblem(
            offset,
            fmt::format(
                "{} sequences and {} document marks do not fit the size of the file: "
                "expected {}, found {} bytes",
                counts.sequences, counts.marks,
                plausible ? fmt::format("{} (or {} with modes)", expected, expected + counts.sequences) : "far more",
                file_size),
            "the file was cut short, or is not the index that was written");
    }
    if (counts.marks == 0) throw FormatProblem(offset + 8, "expected at least one document mark, found 0");
    return counts;
}

}  // namespace

std::size_t size_of(TokenType type) {
    constexpr std::array<std::size_t, 9> sizes{0, 1, 1, 2, 4, 8, 8, 4, 2};
    return sizes.at(static_cast<std::size_t>(type));
}

std::string_view name_of(TokenType type) {
    constexpr std::array<std::string_view, 9> names{"",      "uint8",   "int8",    "int16", "int32",
                                                    "int64", "float64", "float32", "uint16"};
    return names.at(static_cast<std::size_t>(type));
}

bool is_integer(TokenType type) { return type != TokenType::float32 && type != TokenType::float64; }

TokenType token_type_for(std::int64_t vocabulary_size) {
    constexpr std::int64_t too_many_for_uint16 = 65'500;
    return vocabulary_size < too_many_for_uint16 ? TokenType::uint16 : TokenType::int32;
}

std::filesystem::path token_file(const std::filesystem::path& prefix) {
    auto file = prefix;
    return file += ".bin";
}

std::filesystem::path index_file(const std::filesystem::path& prefix) {
    auto file = prefix;
    return file += ".idx";
}

Result<IndexedDataset> IndexedDataset::open(const std::filesystem::path& prefix) {
    LOADSTAR_TRY(auto index, MappedFile::open(index_file(prefix)));
    LOADSTAR_TRY(auto tokens, MappedFile::open(token_file(prefix)));
    IndexedDataset dataset(prefix, std::move(index), std::move(tokens));
    try {
        LOADSTAR_CHECK(dataset.read_header());
        dataset.check_sequences();
        dataset.check_documents();
    } catch (const FormatProblem& problem) {
        return problem.error(index_file(prefix));
    }
    return dataset;
}

IndexedDataset::IndexedDataset(std::filesystem::path prefix, MappedFile index, MappedFile tokens)
    : prefix_(std::move(prefix)), index_(std::move(index)), token_bytes_(std::move(tokens)) {}

Result<void> IndexedDataset::read_header() {
    ByteReader reader(index_.bytes());
    if (reader.text(index_magic.size()) != index_magic)
        throw FormatProblem(0, "expected MMIDIDX, with which an index of Megatron-LM begins",
                            "the older formats \"lazy\" and \"cached\" are not read");
    const auto offset = reader.offset();
    if (const auto version = reader.read<std::uint64_t>(); version != index_version) {
        return Error{.code = ErrorCode::unsupported_version,
                     .message = fmt::format("expected version {} of the index, found {}", index_version, version),
                     .where = fmt::format("{} @ byte {}", index_file(prefix_).string(), offset)};
    }
    const auto counts = read_counts(reader, index_.bytes().size());
    type_ = counts.type;
    sequences_ = static_cast<std::int64_t>(counts.sequences);
    documents_ = static_cast<std::int64_t>(counts.marks) - 1;
    lengths_ = reader.take(counts.sequences * sizeof(std::int32_t));
    pointers_ = reader.take(counts.sequences * sizeof(std::int64_t));
    document_marks_ = reader.take(counts.marks * sizeof(std::int64_t));
    modes_ = reader.take(counts.modes ? counts.sequences : 0);
    return {};
}

/// Every sequence lies within the token file, and the last byte of that file belongs to one.
void IndexedDataset::check_sequences() {
    const auto available = static_cast<std::int64_t>(token_bytes_.bytes().size());
    const auto item = static_cast<std::int64_t>(size_of(type_));
    std::int64_t used = 0;
    for (std::int64_t i = 0; i < sequences_; ++i) {
        const auto tokens = number_at<std::int32_t>(lengths_, i);
        const auto begin = number_at<std::int64_t>(pointers_, i);
        if (tokens < 0) {
            throw FormatProblem(index_header_bytes + 4 * static_cast<std::size_t>(i),
                                fmt::format("sequence {}: expected a length, found {}", i, tokens));
        }
        if (begin < 0 || begin > available || tokens * item > available - begin) {
            throw FormatProblem(index_header_bytes + lengths_.size() + 8 * static_cast<std::size_t>(i),
                                fmt::format("sequence {} leaves {}: {} tokens of {} bytes from byte {}, and it has {}",
                                            i, token_file(prefix_).filename().string(), tokens, item, begin, available),
                                "the two files were not written together, or one was cut short");
        }
        used = std::max(used, begin + tokens * item);
        tokens_ += tokens;
    }
    if (used != available) {
        throw FormatProblem(index_header_bytes + lengths_.size(),
                            fmt::format("the sequences end at byte {} of {}, and it has {}", used,
                                        token_file(prefix_).filename().string(), available),
                            type_ == TokenType::float32
                                ? "files of 2020 wrote numbers of 8 bytes under code 7, which means 4 bytes since"
                                : "the two files were not written together");
    }
}

/// Document marks begin with 0, never fall, and end with the number of sequences.
void IndexedDataset::check_documents() const {
    const auto place = [&](std::int64_t mark) {
        return index_header_bytes + lengths_.size() + pointers_.size() + 8 * static_cast<std::size_t>(mark);
    };
    std::int64_t before = 0;
    for (std::int64_t i = 0; i <= documents_; ++i) {
        const auto mark = number_at<std::int64_t>(document_marks_, i);
        if (mark < before || mark > sequences_ || (i == 0 && mark != 0)) {
            throw FormatProblem(
                place(i), fmt::format("document {}: expected its first sequence, from {} to {}, found {}", i, before,
                                      i == 0 ? 0 : sequences_, mark));
        }
        before = mark;
    }
    if (before != sequences_) {
        throw FormatProblem(place(documents_),
                            fmt::format("expected {}, the number of sequences, as the last document mark, found {}",
                                        sequences_, before));
    }
}

std::int64_t IndexedDataset::length(std::int64_t sequence) const {
    check_number(sequence, sequences_);
    return number_at<std::int32_t>(lengths_, sequence);
}

SequenceRange IndexedDataset::document(std::int64_t document) const {
    check_number(document, documents_);
    return {.begin = number_at<std::int64_t>(document_marks_, document),
            .end = number_at<std::int64_t>(document_marks_, document + 1)};
}

std::int8_t IndexedDataset::mode(std::int64_t sequence) const {
    check_number(sequence, sequences_);
    return has_modes() ? number_at<std::int8_t>(modes_, sequence) : std::int8_t{0};
}

std::span<const std::byte> IndexedDataset::part(std::int64_t sequence, std::int64_t offset, std::size_t count) const {
    const auto available = length(sequence);
    if (offset < 0 || offset > available || count > static_cast<std::size_t>(available - offset)) {
        throw std::out_of_range(
            fmt::format("tokens from {}, {} of them, in a sequence of {}", offset, count, available));
    }
    const auto begin = static_cast<std::size_t>(number_at<std::int64_t>(pointers_, sequence));
    return token_bytes_.bytes().subspan(begin + static_cast<std::size_t>(offset) * size_of(type_),
                                        count * size_of(type_));
}

std::span<const std::byte> IndexedDataset::stored(std::int64_t sequence) const {
    return part(sequence, 0, static_cast<std::size_t>(length(sequence)));
}

void IndexedDataset::read(std::int64_t sequence, std::int64_t offset, std::span<std::int64_t> into) const {
    convert_integers(type_, part(sequence, offset, into.size()), into);
}

void IndexedDataset::read(std::int64_t sequence, std::int64_t offset, std::span<double> into) const {
    const auto from = part(sequence, offset, into.size());
    if (type_ == TokenType::float64) return convert<double>(from, into);
    if (type_ == TokenType::float32) return convert<float>(from, into);
    convert_integers(type_, from, into);
}

}  // namespace loadstar::megatron
