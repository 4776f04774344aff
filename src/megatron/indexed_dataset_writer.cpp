#include "megatron/indexed_dataset_writer.hpp"

#include <limits>
#include <optional>
#include <system_error>
#include <type_traits>
#include <utility>

#include <fmt/format.h>

#include "megatron/indexed_dataset_format.hpp"

namespace loadstar::megatron {
namespace {

template <class Number>
std::span<const std::byte> bytes_of(const std::vector<Number>& numbers) {
    return std::as_bytes(std::span(numbers));
}

/// Whether `Stored` holds the number without change; floating point numbers are rounded, as numpy does.
template <class Stored, class Number>
bool fits([[maybe_unused]] Number number) {
    if constexpr (std::is_floating_point_v<Stored>) {
        return true;
    } else if constexpr (std::is_floating_point_v<Number>) {
        return false;
    } else {
        return std::in_range<Stored>(number);
    }
}

/// Appends the stored form of all tokens; the first token that does not fit is returned.
template <class Stored, class Number>
std::optional<Number> encode(std::span<const Number> tokens, std::string& into) {
    into.resize(tokens.size() * sizeof(Stored));
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        if (!fits<Stored>(tokens[i])) return tokens[i];
        const auto stored = static_cast<Stored>(tokens[i]);
        std::char_traits<char>::copy(into.data() + i * sizeof(Stored), reinterpret_cast<const char*>(&stored),
                                     sizeof(Stored));
    }
    return std::nullopt;
}

template <class Number>
std::optional<Number> encode_as(TokenType type, std::span<const Number> tokens, std::string& into) {
    switch (type) {
        case TokenType::uint8: return encode<std::uint8_t>(tokens, into);
        case TokenType::int8: return encode<std::int8_t>(tokens, into);
        case TokenType::int16: return encode<std::int16_t>(tokens, into);
        case TokenType::int32: return encode<std::int32_t>(tokens, into);
        case TokenType::int64: return encode<std::int64_t>(tokens, into);
        case TokenType::float64: return encode<double>(tokens, into);
        case TokenType::float32: return encode<float>(tokens, into);
        case TokenType::uint16: return encode<std::uint16_t>(tokens, into);
    }
    return std::nullopt;
}

}  // namespace

Result<IndexedDatasetWriter> IndexedDatasetWriter::create(const std::filesystem::path& prefix, TokenType type,
                                                          SequenceModes modes) {
    LOADSTAR_TRY(auto file, NewFile::create(token_file(prefix)));
    return IndexedDatasetWriter(prefix, type, modes, std::move(file));
}

IndexedDatasetWriter::IndexedDatasetWriter(std::filesystem::path prefix, TokenType type, SequenceModes modes,
                                           NewFile token_file)
    : prefix_(std::move(prefix)), type_(type), modes_(modes), token_file_(std::move(token_file)) {}

template <class Number>
Result<void> IndexedDatasetWriter::append(std::span<const Number> tokens, std::int8_t mode) {
    if (tokens.size() > static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max())) {
        return Error{.code = ErrorCode::out_of_range,
                     .message = fmt::format("a sequence holds at most 2147483647 tokens, found {}", tokens.size()),
                     .where = prefix_.string()};
    }
    if (const auto misfit = encode_as(type_, tokens, encoded_)) {
        return Error{.code = ErrorCode::out_of_range,
                     .message = fmt::format("expected tokens that fit {}, found {}", name_of(type_), *misfit),
                     .where = fmt::format("{} @ sequence {}", prefix_.string(), sequences())};
    }
    LOADSTAR_CHECK(token_file_.write(encoded_));
    lengths_.push_back(static_cast<std::int32_t>(tokens.size()));
    tokens_ += static_cast<std::int64_t>(tokens.size());
    if (modes_ == SequenceModes::present) sequence_modes_.push_back(mode);
    return {};
}

Result<void> IndexedDatasetWriter::add_item(std::span<const std::int64_t> tokens, std::int8_t mode) {
    return append(tokens, mode);
}

Result<void> IndexedDatasetWriter::add_item(std::span<const double> tokens, std::int8_t mode) {
    return append(tokens, mode);
}

void IndexedDatasetWriter::end_document() { document_marks_.push_back(sequences()); }

Result<void> IndexedDatasetWriter::add_document(std::span<const std::int64_t> tokens, std::int8_t mode) {
    LOADSTAR_CHECK(add_item(tokens, mode));
    end_document();
    return {};
}

Result<void> IndexedDatasetWriter::add_dataset(const IndexedDataset& dataset) {
    if (dataset.type() != type_) {
        return Error{.code = ErrorCode::invalid_input,
                     .message = fmt::format("datasets of one token type can be merged: expected {}, found {}",
                                            name_of(type_), name_of(dataset.type())),
                     .where = index_file(dataset.prefix()).string()};
    }
    if (dataset.sequences() > 0 && dataset.has_modes() != (modes_ == SequenceModes::present)) {
        return Error{.code = ErrorCode::invalid_input,
                     .message = dataset.has_modes() ? "expected a dataset without modes, found one with"
                                                    : "expected a dataset with modes, found one without",
                     .where = index_file(dataset.prefix()).string()};
    }
    const auto offset = sequences();
    for (std::int64_t i = 0; i < dataset.sequences(); ++i) {
        LOADSTAR_CHECK(token_file_.write(dataset.stored(i)));
        lengths_.push_back(static_cast<std::int32_t>(dataset.length(i)));
        if (dataset.has_modes()) sequence_modes_.push_back(dataset.mode(i));
    }
    for (std::int64_t i = 0; i < dataset.documents(); ++i) document_marks_.push_back(offset + dataset.document(i).end);
    tokens_ += dataset.tokens();
    return {};
}

Result<NewFile> IndexedDatasetWriter::write_index() const {
    LOADSTAR_TRY(auto file, NewFile::create(index_file(prefix_)));
    const auto number = [&](auto value) { return file.write(std::as_bytes(std::span(&value, 1))); };
    LOADSTAR_CHECK(file.write(index_magic));
    LOADSTAR_CHECK(number(index_version));
    LOADSTAR_CHECK(number(static_cast<std::uint8_t>(type_)));
    LOADSTAR_CHECK(number(static_cast<std::uint64_t>(lengths_.size())));
    LOADSTAR_CHECK(number(static_cast<std::uint64_t>(document_marks_.size())));
    LOADSTAR_CHECK(file.write(bytes_of(lengths_)));
    std::int64_t pointer = 0;
    for (const auto length : lengths_) {
        LOADSTAR_CHECK(number(pointer));
        pointer += length * static_cast<std::int64_t>(size_of(type_));
    }
    LOADSTAR_CHECK(file.write(bytes_of(document_marks_)));
    LOADSTAR_CHECK(file.write(bytes_of(sequence_modes_)));
    return file;
}

Result<void> IndexedDatasetWriter::finish() {
    if (document_marks_.back() != sequences()) {
        return Error{.code = ErrorCode::invalid_argument,
                     .message = fmt::format("the last document was not ended: {} sequences belong to documents, of {}",
                                            document_marks_.back(), sequences()),
                     .where = prefix_.string()};
    }
    LOADSTAR_CHECK(token_file_.complete());
    LOADSTAR_TRY(auto index, write_index());
    LOADSTAR_CHECK(index.complete());
    // An index without its tokens, or beside other tokens, must never be seen: the old index goes first.
    std::error_code status;
    std::filesystem::remove(index_file(prefix_), status);
    LOADSTAR_CHECK(token_file_.publish());
    return index.publish();
}

}  // namespace loadstar::megatron
