#include "ingest/cells.hpp"

#include <algorithm>
#include <array>

#include "ingest/number.hpp"

namespace loadstar::ingest {
namespace {

/// Delimiters outside of quotes.
std::size_t delimiters_in(std::string_view line, char delimiter) {
    std::size_t count = 0;
    bool quoted = false;
    for (const char c : line) {
        if (c == '"') quoted = !quoted;
        if (c == delimiter && !quoted) ++count;
    }
    return count;
}

/// Lines that hold as many delimiters as most lines do, and that number.
struct Evenness {
    std::size_t lines = 0;
    std::size_t per_line = 0;
};

Evenness evenness(const std::vector<std::string>& lines, char delimiter) {
    std::vector<std::size_t> counts;
    for (const auto& line : lines) counts.push_back(delimiters_in(line, delimiter));
    Evenness best;
    for (const auto count : counts) {
        const auto same = static_cast<std::size_t>(std::count(counts.begin(), counts.end(), count));
        if (count > 0 && (same > best.lines || (same == best.lines && count > best.per_line))) best = {same, count};
    }
    return best;
}

}  // namespace

bool CellSplitter::split(std::string_view line) {
    cells_.clear();
    if (line.find('"') != std::string_view::npos) return split_quoted(line);
    split_plain(line);
    return true;
}

void CellSplitter::split_plain(std::string_view line) {
    for (std::size_t from = 0;;) {
        const auto to = line.find(delimiter_, from);
        cells_.push_back(trimmed(line.substr(from, to == std::string_view::npos ? to : to - from)));
        if (to == std::string_view::npos) return;
        from = to + 1;
    }
}

bool CellSplitter::split_quoted(std::string_view line) {
    unquoted_.clear();
    unquoted_.reserve(line.size());  // views into it stay valid
    bool quoted = false;
    std::size_t begin = 0;
    const auto end_cell = [&] {
        cells_.push_back(trimmed(std::string_view(unquoted_).substr(begin)));
        begin = unquoted_.size();
    };
    for (std::size_t i = 0; i < line.size(); ++i) {
        if (line[i] == '"') {
            const bool doubled = quoted && i + 1 < line.size() && line[i + 1] == '"';
            if (doubled) unquoted_.push_back(line[++i]);
            if (!doubled) quoted = !quoted;
        } else if (line[i] == delimiter_ && !quoted) {
            end_cell();
        } else {
            unquoted_.push_back(line[i]);
        }
    }
    end_cell();
    return !quoted;
}

std::string detect_delimiter(const std::vector<std::string>& lines, char decimal_mark) {
    constexpr std::array<char, 4> candidates{';', '\t', '|', ','};
    Evenness best;
    std::string result;
    for (const char candidate : candidates) {
        const auto found = evenness(lines, candidate);
        if (candidate == ',' && decimal_mark == ',' && !result.empty()) continue;
        const bool better = found.lines > best.lines || (found.lines == best.lines && found.per_line > best.per_line);
        if (found.per_line == 0 || !better) continue;
        best = found;
        result = candidate;
    }
    return result;
}

std::string shown_delimiter(char delimiter) { return delimiter == '\t' ? "\\t" : std::string(1, delimiter); }

}  // namespace loadstar::ingest
