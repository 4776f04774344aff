#include "cli/table.hpp"

#include <algorithm>
#include <cstdint>

namespace loadstar::cli {
namespace {

/// Decodes one UTF-8 character and moves past it; a broken byte counts as one character.
std::uint32_t next_character(const std::string& text, std::size_t& at) {
    const auto lead = static_cast<unsigned char>(text[at++]);
    const int more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : lead >= 0xC0 ? 1 : 0;
    std::uint32_t code = more == 0 ? lead : lead & (0x3FU >> more);
    for (int i = 0; i < more && at < text.size(); ++i)
        code = code << 6U | (static_cast<unsigned char>(text[at++]) & 0x3FU);
    return code;
}

/// East Asian wide ranges of Unicode that occur in our texts.
bool is_wide(std::uint32_t code) {
    return (code >= 0x1100 && code <= 0x115F) || (code >= 0x2E80 && code <= 0xA4CF) ||
           (code >= 0xAC00 && code <= 0xD7A3) || (code >= 0xF900 && code <= 0xFAFF) ||
           (code >= 0xFE30 && code <= 0xFE6F) || (code >= 0xFF00 && code <= 0xFF60) ||
           (code >= 0x20000 && code <= 0x3FFFD);
}

std::string padded(const std::string& text, int width, Align align) {
    const auto fill = std::string(static_cast<std::size_t>(std::max(0, width - display_width(text))), ' ');
    return align == Align::right ? fill + text : text + fill;
}

}  // namespace

int display_width(const std::string& text) {
    int width = 0;
    for (std::size_t at = 0; at < text.size();) width += is_wide(next_character(text, at)) ? 2 : 1;
    return width;
}

Table::Table(std::vector<std::string> header, std::vector<Align> align) : align_(std::move(align)) {
    align_.resize(header.size(), Align::right);
    rows_.push_back(std::move(header));
}

void Table::add(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }

std::string Table::text() const {
    std::vector<int> widths(rows_.front().size(), 0);
    for (const auto& row : rows_) {
        for (std::size_t c = 0; c < row.size(); ++c) widths[c] = std::max(widths[c], display_width(row[c]));
    }
    std::string out;
    for (std::size_t r = 0; r < rows_.size(); ++r) {
        std::string line;
        for (std::size_t c = 0; c < rows_[r].size(); ++c)
            line += (c == 0 ? "" : "  ") + padded(rows_[r][c], widths[c], align_[c]);
        line.erase(line.find_last_not_of(' ') + 1);
        out += line + "\n";
        if (r == 0) {
            int total = 0;
            for (const int width : widths) total += width + 2;
            out += std::string(static_cast<std::size_t>(std::max(0, total - 2)), '-') + "\n";
        }
    }
    return out;
}

}  // namespace loadstar::cli
