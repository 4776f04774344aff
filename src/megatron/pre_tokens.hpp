#pragma once
#include <string_view>

namespace loadstar::megatron {

/// Cuts text into the words that GPT-2's byte pairs never cross, one after the other.
///
/// The cuts are those of the published pattern, tried from left to right at each place:
///   's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
/// with Unicode's letters (L), numbers (N) and White_Space (\s). A byte that is no part of well-formed UTF-8 counts as
/// one character of none of these classes, so that text of any bytes is cut, and the words joined are the text.
/// Source: Radford et al. 2019 (GPT-2), encoder.py.
class PreTokens {
  public:
    explicit PreTokens(std::string_view text) : text_(text) {}

    /// The next word; empty at the end.
    std::string_view next();

  private:
    std::string_view text_;  ///< what is left
};

}  // namespace loadstar::megatron
