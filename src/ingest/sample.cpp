#include "ingest/sample.hpp"

#include <algorithm>
#include <cctype>
#include <fstream>
#include <map>

#include <fmt/format.h>

#include "ingest/cells.hpp"
#include "ingest/number.hpp"
#include "ingest/open_file.hpp"
#include "ingest/read_parquet.hpp"
#include "ingest/text_shape.hpp"

namespace loadstar::ingest {
namespace {

using Rows = std::vector<std::vector<std::string>>;

bool is_parquet(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    char magic[4] = {};
    stream.read(magic, sizeof magic);
    return std::string_view(magic, sizeof magic) == "PAR1";
}

Rows rows_of(const std::vector<std::string>& lines, char delimiter) {
    Rows rows;
    CellSplitter splitter(delimiter);
    for (const auto& line : lines) {
        if (!splitter.split(line)) rows.emplace_back();
        rows.emplace_back(splitter.cells().begin(), splitter.cells().end());
    }
    return rows;
}

/// The number of cells that most rows have.
std::size_t usual_width(const Rows& rows) {
    std::map<std::size_t, std::size_t> counts;
    for (const auto& row : rows) ++counts[row.size()];
    const auto most = std::max_element(counts.begin(), counts.end(),
                                       [](const auto& a, const auto& b) { return a.second < b.second; });
    return most == counts.end() ? 0 : most->first;
}

/// Names of columns: no cell is a number or begins like a date.
bool is_header(const std::vector<std::string>& cells, char decimal_mark) {
    bool any = false;
    for (const auto& cell : cells) {
        if (cell.empty()) continue;
        any = true;
        const bool dated = std::isdigit(static_cast<unsigned char>(cell[0])) != 0 && cell.size() >= 8;
        if (dated || parse_number(cell, decimal_mark)) return false;
    }
    return any;
}

/// "3,17" against "3.17", counted over the cells. A date such as 1.2.2018 is neither.
char decimal_mark_of(const Rows& rows) {
    std::size_t commas = 0;
    std::size_t points = 0;
    for (const auto& row : rows) {
        for (const auto& cell : row) {
            const bool digits = cell.find_first_not_of("+-0123456789.,") == std::string::npos;
            if (!digits) continue;
            if (std::count(cell.begin(), cell.end(), ',') == 1 && parse_number(cell, ',')) ++commas;
            if (std::count(cell.begin(), cell.end(), '.') == 1 && parse_number(cell, '.')) ++points;
        }
    }
    return commas > points ? ',' : '.';
}

void fill_columns(Sample& sample, const Rows& rows, std::size_t from, std::size_t width) {
    sample.columns.resize(width);
    for (std::size_t i = from; i < rows.size(); ++i) {
        if (rows[i].size() != width) continue;
        for (std::size_t column = 0; column < width; ++column) sample.columns[column].push_back(rows[i][column]);
    }
}

void name_columns(Sample& sample, std::size_t width) {
    sample.has_header = false;
    for (std::size_t i = 0; i < width; ++i) sample.header.push_back(fmt::format("#{}", i + 1));
}

}  // namespace

Result<Sample> read_sample(const std::filesystem::path& file) {
    LOADSTAR_CHECK(check_readable(file));
    if (is_parquet(file)) return read_parquet_sample(file);
    LOADSTAR_TRY(const auto head, read_head(file, "", Sample::most_rows));
    Sample sample{.encoding = head.encoding, .whole = head.complete};
    constexpr std::ptrdiff_t first_lines = 300;
    const auto end = head.lines.begin() + std::min<std::ptrdiff_t>(first_lines, std::ssize(head.lines));
    const auto delimiter = detect_delimiter({head.lines.begin(), end}, '.');
    sample.delimiter = delimiter.empty() ? ',' : delimiter[0];
    const auto rows = rows_of(head.lines, sample.delimiter);
    const auto width = usual_width(rows);
    sample.decimal_mark = decimal_mark_of(rows);
    const auto first = std::find_if(rows.begin(), rows.end(), [&](const auto& row) { return row.size() == width; });
    sample.skip_lines = static_cast<int>(first - rows.begin());
    if (first != rows.end() && is_header(*first, sample.decimal_mark)) {
        sample.header = *first;
    } else {
        name_columns(sample, width);
    }
    fill_columns(sample, rows, static_cast<std::size_t>(sample.skip_lines) + (sample.has_header ? 1 : 0), width);
    if (sample.rows() > 0) return sample;
    return Error{.code = ErrorCode::invalid_input,
                 .message = "no table found: there is no row below the first line",
                 .where = file.string(),
                 .hint = "a file of readings has one line per stamp, with cells between , ; tab or |"};
}

}  // namespace loadstar::ingest
