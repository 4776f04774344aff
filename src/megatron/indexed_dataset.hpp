#pragma once
#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>

#include "base/result.hpp"
#include "megatron/mapped_file.hpp"

namespace loadstar::megatron {

/// How a token is stored; the numbers are those in the file.
enum class TokenType : std::uint8_t { uint8 = 1, int8, int16, int32, int64, float64, float32, uint16 };

/// Bytes of one token.
std::size_t size_of(TokenType type);
/// "uint16"
std::string_view name_of(TokenType type);
[[nodiscard]] bool is_integer(TokenType type);
/// What Megatron-LM chooses for a vocabulary: uint16 below 65,500 tokens, else int32.
TokenType token_type_for(std::int64_t vocabulary_size);

/// Half-open range of sequence numbers.
struct SequenceRange {
    std::int64_t begin = 0;
    std::int64_t end = 0;
    [[nodiscard]] std::int64_t size() const { return end - begin; }
    bool operator==(const SequenceRange&) const = default;
};

/// The two files of an indexed dataset.
std::filesystem::path token_file(const std::filesystem::path& prefix);  ///< prefix.bin
std::filesystem::path index_file(const std::filesystem::path& prefix);  ///< prefix.idx

/// Tokenised text as Megatron-LM stores it: `prefix.bin` holds the tokens back to back, `prefix.idx` the length and the
/// place of each sequence, the sequences of each document, and a mode per sequence where there are several kinds.
///
/// Both files stay mapped and nothing is copied. Every field of the index is held against the size of both files when
/// it is opened, so that reading a sequence cannot leave them. For any number of threads.
/// Source: MMapIndexedDataset of Megatron-LM, version 1 of the format.
class IndexedDataset {
  public:
    /// Errors: not_found, permission_denied, io_error; invalid_input (what was found at which byte, and what was
    /// expected); unsupported_version. Reads the whole index once.
    static Result<IndexedDataset> open(const std::filesystem::path& prefix);

    [[nodiscard]] const std::filesystem::path& prefix() const { return prefix_; }
    [[nodiscard]] TokenType type() const { return type_; }
    [[nodiscard]] std::int64_t sequences() const { return sequences_; }
    [[nodiscard]] std::int64_t documents() const { return documents_; }
    /// Tokens of all sequences.
    [[nodiscard]] std::int64_t tokens() const { return tokens_; }
    /// Tokens of one sequence. A number outside 0..sequences()-1 is a broken contract, here and below
    /// (std::out_of_range).
    [[nodiscard]] std::int64_t length(std::int64_t sequence) const;
    /// Sequences of one document.
    [[nodiscard]] SequenceRange document(std::int64_t document) const;
    [[nodiscard]] bool has_modes() const { return !modes_.empty(); }
    /// 0 where the file has no modes.
    [[nodiscard]] std::int8_t mode(std::int64_t sequence) const;

    /// Copies tokens offset .. offset + into.size() - 1 of a sequence. Integers out of a file of floating point numbers
    /// are a broken contract (std::logic_error).
    void read(std::int64_t sequence, std::int64_t offset, std::span<std::int64_t> into) const;
    void read(std::int64_t sequence, std::int64_t offset, std::span<double> into) const;

    /// The tokens of a sequence as they are stored.
    [[nodiscard]] std::span<const std::byte> stored(std::int64_t sequence) const;

  private:
    IndexedDataset(std::filesystem::path prefix, MappedFile index, MappedFile tokens);
    Result<void> read_header();
    void check_sequences();
    void check_documents() const;
    [[nodiscard]] std::span<const std::byte> part(std::int64_t sequence, std::int64_t offset, std::size_t count) const;

    std::filesystem::path prefix_;
    MappedFile index_;
    MappedFile token_bytes_;
    TokenType type_ = TokenType::uint8;
    std::int64_t sequences_ = 0;
    std::int64_t documents_ = 0;
    std::int64_t tokens_ = 0;
    std::span<const std::byte> lengths_;         ///< i32 per sequence
    std::span<const std::byte> pointers_;        ///< i64 per sequence: first byte in the token file
    std::span<const std::byte> document_marks_;  ///< i64 per document and one more: first sequence
    std::span<const std::byte> modes_;           ///< i8 per sequence, or nothing
};

}  // namespace loadstar::megatron
