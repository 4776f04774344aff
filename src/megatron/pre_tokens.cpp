#include "megatron/pre_tokens.hpp"

#include <algorithm>
#include <array>

#include <utf8proc.h>

namespace loadstar::megatron {
namespace {

enum class CharacterClass { letter, number, space, other };

struct Character {
    CharacterClass kind = CharacterClass::other;
    std::size_t bytes = 0;  ///< 0 at the end of the text
};

/// White_Space of Unicode: all separators, and the controls from tabulator to carriage return, and next line.
bool is_white_space(utf8proc_int32_t code, utf8proc_category_t category) {
    return category == UTF8PROC_CATEGORY_ZS || category == UTF8PROC_CATEGORY_ZL || category == UTF8PROC_CATEGORY_ZP ||
           (code >= 0x09 && code <= 0x0d) || code == 0x85;
}

CharacterClass class_of(utf8proc_int32_t code) {
    const auto category = utf8proc_category(code);
    if (category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO) return CharacterClass::letter;
    if (category >= UTF8PROC_CATEGORY_ND && category <= UTF8PROC_CATEGORY_NO) return CharacterClass::number;
    return is_white_space(code, category) ? CharacterClass::space : CharacterClass::other;
}

Character first_of(std::string_view text) {
    static const auto ascii = [] {
        std::array<CharacterClass, 128> classes{};
        for (std::size_t i = 0; i < classes.size(); ++i) classes[i] = class_of(static_cast<utf8proc_int32_t>(i));
        return classes;
    }();
    if (text.empty()) return {};
    const auto byte = static_cast<unsigned char>(text.front());
    if (byte < ascii.size()) return {.kind = ascii[byte], .bytes = 1};
    utf8proc_int32_t code = 0;
    const auto read = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                       static_cast<utf8proc_ssize_t>(std::min<std::size_t>(text.size(), 4)), &code);
    if (read <= 0) return {.kind = CharacterClass::other, .bytes = 1};
    return {.kind = class_of(code), .bytes = static_cast<std::size_t>(read)};
}

/// 's 't 're 've 'm 'll 'd
std::size_t contraction(std::string_view text) {
    constexpr std::array<std::string_view, 7> endings{"'s", "'t", "'re", "'ve", "'m", "'ll", "'d"};
    for (const auto ending : endings)
        if (text.starts_with(ending)) return ending.size();
    return 0;
}

/// Bytes of the characters of one class at the start of a text, of which the last one begins at `last`.
std::size_t run_of(CharacterClass kind, std::string_view text, std::size_t& last) {
    std::size_t end = 0;
    for (auto next = first_of(text); next.bytes > 0 && next.kind == kind; next = first_of(text.substr(end))) {
        last = end;
        end += next.bytes;
    }
    return end;
}

/// Length of the first word of a text that is not empty.
std::size_t first_word(std::string_view text) {
    if (const auto length = contraction(text); length > 0) return length;
    const std::size_t space = text.front() == ' ' ? 1 : 0;
    const auto first = first_of(text.substr(space));
    std::size_t last = 0;
    if (first.bytes > 0 && first.kind != CharacterClass::space)
        return space + run_of(first.kind, text.substr(space), last);
    const auto spaces = run_of(CharacterClass::space, text, last);
    // The last white space before a word is left to it, unless it is the only one.
    return spaces == text.size() || last == 0 ? spaces : last;
}

}  // namespace

std::string_view PreTokens::next() {
    if (text_.empty()) return {};
    const auto word = text_.substr(0, first_word(text_));
    text_.remove_prefix(word.size());
    return word;
}

}  // namespace loadstar::megatron
