#include "ingest/number.hpp"

#include <algorithm>
#include <charconv>
#include <string>

namespace loadstar::ingest {
namespace {

constexpr std::string_view no_break_space = "\xC2\xA0";

std::optional<double> plain_number(std::string_view text) {
    if (text.starts_with('+')) text.remove_prefix(1);
    double value = 0;
    const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || status != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Takes the separators out of "1,234,567": groups of three digits after the first. False when it is not grouped.
bool ungroup(std::string_view whole, char separator, std::string& into) {
    const std::size_t sign = !whole.empty() && (whole.front() == '-' || whole.front() == '+') ? 1 : 0;
    const auto first = whole.find(separator);
    if (first == std::string_view::npos || first == sign || first > sign + 3) return false;
    for (std::size_t i = sign; i < whole.size(); ++i) {
        const bool separates = i >= first && (i - first) % 4 == 0;
        if (separates ? whole[i] != separator : !is_digit(whole[i])) return false;
        if (!separates) into.push_back(whole[i]);
    }
    if ((whole.size() - first) % 4 != 0) return false;
    into.insert(0, whole.substr(0, sign));
    return true;
}

/// A number with groups of thousands, or a decimal comma.
std::optional<double> decorated_number(std::string_view text, char decimal_mark) {
    const auto mark = text.find(decimal_mark);
    const bool has_mark = mark != std::string_view::npos;
    const auto whole = text.substr(0, mark);
    std::string number;
    const char other = decimal_mark == ',' ? '.' : ',';
    const auto groups = std::count(whole.begin(), whole.end(), other);
    const bool clear = has_mark || groups > 1;  // "1,234" may be one and a bit
    if (groups > 0) {
        if (!clear || !ungroup(whole, other, number)) return std::nullopt;
    } else if (!ungroup(whole, ' ', number) && !ungroup(whole, '\'', number)) {
        number = whole;
    }
    if (has_mark) number.append(".").append(text.substr(mark + 1));
    return plain_number(number);
}

}  // namespace

std::string_view trimmed(std::string_view text) {
    const auto blank = [](char c) { return c == ' ' || c == '\t'; };
    for (;;) {
        if (!text.empty() && blank(text.front())) {
            text.remove_prefix(1);
        } else if (!text.empty() && blank(text.back())) {
            text.remove_suffix(1);
        } else if (text.starts_with(no_break_space)) {
            text.remove_prefix(no_break_space.size());
        } else if (text.ends_with(no_break_space)) {
            text.remove_suffix(no_break_space.size());
        } else {
            return text;
        }
    }
}

std::optional<double> parse_number(std::string_view text, char decimal_mark) {
    if (decimal_mark == '.') {
        if (const auto value = plain_number(text)) return value;
    }
    return decorated_number(text, decimal_mark);
}

}  // namespace loadstar::ingest
