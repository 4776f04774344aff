#pragma once
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace loadstar::megatron {

/// What `--vocab-size N` of Megatron-LM's NullTokenizer means.
enum class NullRule {
    before_core_0_18,  ///< N + 1 tokens, and N ends a document
    since_core_0_18,   ///< N tokens, and N - 1 ends a document
};

/// Text that already is numbers of tokens, with blanks between them, as for series.
struct NullTokenizer {
    std::int64_t vocab_size = 0;
    NullRule rule = NullRule::since_core_0_18;

    [[nodiscard]] std::int64_t vocabulary_size() const {
        return rule == NullRule::before_core_0_18 ? vocab_size + 1 : vocab_size;
    }
    [[nodiscard]] std::int64_t end_of_document() const { return vocabulary_size() - 1; }

    /// Errors: invalid_input (no number, or one that is not in the vocabulary).
    [[nodiscard]] Result<std::vector<std::int64_t>> encode(std::string_view text) const;
};

}  // namespace loadstar::megatron
