#include "ingest/text_shape.hpp"

#include <fmt/format.h>

#include "ingest/cells.hpp"
#include "ingest/lines.hpp"

namespace loadstar::ingest {

Result<TextHead> read_head(const std::filesystem::path& file, const std::string& encoding, int count) {
    LOADSTAR_TRY(auto lines, LineReader::open(file, encoding));
    TextHead head{.encoding = lines.encoding()};
    Line line;
    for (int i = 0; i < count; ++i) {
        LOADSTAR_TRY(const bool more, lines.next(line));
        head.complete = !more;
        if (!more) break;
        if (line.state == Line::State::good) head.lines.emplace_back(line.text);
    }
    if (head.lines.empty() && head.complete && line.number <= 1) {
        return Error{.code = ErrorCode::invalid_input,
                     .message = "the file is empty",
                     .where = file.string(),
                     .hint = "export it again; it must have a header line and rows"};
    }
    return head;
}

Result<char> delimiter_of(const Source& source, const TextHead& head, const std::string& where) {
    if (source.delimiter == "\\t") return '\t';
    if (source.delimiter.size() == 1) return source.delimiter[0];
    if (!source.delimiter.empty()) {
        return Error{.code = ErrorCode::invalid_input,
                     .message = fmt::format("expected one character as delimiter, found \"{}\"", source.delimiter),
                     .where = where};
    }
    std::vector<std::string> lines = head.lines;
    lines.erase(lines.begin(),
                lines.begin() + std::min<std::ptrdiff_t>(source.skip_lines, static_cast<std::ptrdiff_t>(lines.size())));
    const auto found = detect_delimiter(lines, source.decimal_mark == "," ? ',' : '.');
    return found.empty() ? ',' : found[0];  // a file of one column needs none
}

}  // namespace loadstar::ingest
