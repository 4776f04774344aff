#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.hpp"

namespace loadstar::megatron {

using TokenId = std::int32_t;

/// GPT-2's byte-level byte pair encoding: text of any bytes to token ids and back without loss.
///
/// Each word (PreTokens) begins as its bytes; the pair of neighbours that comes first in the list of merges is joined,
/// everywhere from left to right, until no pair of the list is left. Remembers the words it met: use one object per
/// thread. Text is only text: "<|endoftext|>" within it does not become that token.
/// Source: Sennrich et al. 2016, sec. 3.2; Radford et al. 2019 (GPT-2), encoder.py.
class BpeTokenizer {
  public:
    /// @param vocabulary  vocab.json (encoder.json): token -> id, the ids 0 .. size-1 each once, all 256 bytes among
    /// them
    /// @param merges      merges.txt (vocab.bpe): two tokens per line, the first line a version
    /// Errors: not_found, io_error; invalid_input (what is wrong at which line or token).
    static Result<BpeTokenizer> open(const std::filesystem::path& vocabulary, const std::filesystem::path& merges);

    [[nodiscard]] std::int64_t vocabulary_size() const { return static_cast<std::int64_t>(texts_.size()); }
    /// Id of "<|endoftext|>", if the vocabulary has it.
    [[nodiscard]] std::optional<TokenId> end_of_document() const { return end_of_document_; }

    /// Cost: about n log n per word that was not met before.
    [[nodiscard]] std::vector<TokenId> encode(std::string_view text) const;
    /// The bytes of the tokens. Errors: out_of_range (an id that is not in the vocabulary).
    [[nodiscard]] Result<std::string> decode(std::span<const TokenId> tokens) const;

  private:
    struct Merge {
        std::int32_t rank;
        TokenId joined;
    };
    BpeTokenizer() = default;
    void read_vocabulary(std::string_view text);
    void read_merges(std::string_view text);
    void add_merge(std::string_view line, std::int32_t rank);
    [[nodiscard]] TokenId id_of(std::string_view symbols) const;
    [[nodiscard]] const Merge* merge_of(TokenId left, TokenId right) const;
    [[nodiscard]] std::vector<TokenId> encode_word(std::string_view word) const;
    void append_word(std::string_view word, std::vector<TokenId>& to) const;

    struct TextHash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
    };
    template <class Value>
    using ByText = std::unordered_map<std::string, Value, TextHash, std::equal_to<>>;

    ByText<TokenId> ids_;             ///< by the symbols of the file
    std::vector<std::string> texts_;  ///< bytes of each token
    std::vector<TokenId> byte_ids_;   ///< of each byte [256]
    std::unordered_map<std::uint64_t, Merge> merges_;
    std::optional<TokenId> end_of_document_;
    mutable ByText<std::vector<TokenId>> known_words_;
};

}  // namespace loadstar::megatron
