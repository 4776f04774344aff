#include "ingest/read_csv.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "ingest/cells.hpp"
#include "ingest/excerpt.hpp"
#include "ingest/lines.hpp"
#include "ingest/row_reader.hpp"
#include "ingest/text_shape.hpp"

namespace loadstar::ingest {
namespace {

constexpr int lines_to_look_at = 50;
constexpr std::int64_t lines_per_report = 8192;

/// One pass over a delimited file.
class CsvPass {
  public:
    CsvPass(const Source& source, FileReport& report, LineReader lines, char delimiter)
        : source_(source), report_(report), lines_(std::move(lines)), splitter_(delimiter) {}

    /// Moves behind the header. @return its cells, none when the file has no header
    Result<std::vector<std::string>> read_header();
    /// Says which cells matter.
    void use(const ColumnPositions& positions);
    Result<void> read_rows(RowReader& rows, Progress& progress);
    [[nodiscard]] std::string place() const { return fmt::format("{}:{}", report_.file, line_.number); }

  private:
    Result<void> read_row(RowReader& rows);
    Result<bool> tell_unusable(RowReader& rows);
    [[nodiscard]] bool looks_cut_off() const;
    [[nodiscard]] bool last_cell_counts() const;

    const Source& source_;
    FileReport& report_;
    LineReader lines_;
    CellSplitter splitter_;
    Line line_;
    std::size_t width_ = 0;             ///< cells of the header, or of the first row
    std::size_t last_cell_length_ = 0;  ///< of the row before
    std::vector<std::size_t> used_;     ///< positions that matter
};

Result<std::vector<std::string>> CsvPass::read_header() {
    const int lines = source_.skip_lines + (source_.has_header ? 1 : 0);
    for (int i = 0; i < lines; ++i) {
        LOADSTAR_TRY(const bool more, lines_.next(line_));
        if (!more) {
            return Error{
                .code = ErrorCode::invalid_input,
                .message = fmt::format("the file ends before its header: found {} lines, expected more than {}",
                                       line_.number - 1, source_.skip_lines),
                .where = report_.file,
                .hint = "check skip_lines"};
        }
    }
    if (!source_.has_header) return std::vector<std::string>{};
    if (line_.state != Line::State::good || !splitter_.split(line_.text)) {
        return Error{.code = ErrorCode::invalid_input,
                     .message = fmt::format("the header line cannot be read: found \"{}\"", excerpt(line_.text)),
                     .where = place(),
                     .hint = "give the encoding of the file, such as encoding = \"GB18030\", and check skip_lines"};
    }
    return std::vector<std::string>(splitter_.cells().begin(), splitter_.cells().end());
}

void CsvPass::use(const ColumnPositions& positions) {
    width_ = positions.width;
    used_ = positions.stamp;
    used_.insert(used_.end(), positions.values.begin(), positions.values.end());
}

Result<bool> CsvPass::tell_unusable(RowReader& rows) {
    if (line_.state == Line::State::too_long) {
        LOADSTAR_CHECK(
            rows.tell(line_.number, Reason::rejected_line_too_long,
                      fmt::format("expected at most {} bytes, found more: \"{}\"", longest_line, excerpt(line_.text))));
    } else if (line_.state == Line::State::bad_encoding) {
        LOADSTAR_CHECK(
            rows.tell(line_.number, Reason::rejected_encoding,
                      fmt::format("expected {}, found other bytes in \"{}\"", report_.encoding, excerpt(line_.text))));
    } else if (!splitter_.split(line_.text)) {
        const auto reason = line_.ended ? Reason::rejected_column_count : Reason::rejected_cut_off;
        LOADSTAR_CHECK(rows.tell(line_.number, reason,
                                 fmt::format("a quote is opened and not closed in \"{}\"", excerpt(line_.text))));
    } else if (looks_cut_off()) {
        LOADSTAR_CHECK(
            rows.tell(line_.number, Reason::rejected_cut_off,
                      fmt::format("expected a line end, found the end of the file after \"{}\"", excerpt(line_.text))));
    } else {
        return false;
    }
    return true;
}

bool CsvPass::last_cell_counts() const {
    return std::find(used_.begin(), used_.end(), splitter_.cells().size() - 1) != used_.end();
}

// A last line without its end may be whole: many programs write no line end there. It counts as cut off when cells are
// missing, or when its last number is shorter than the one above: taking 3.1 for 3.17 would be worse than losing a row.
bool CsvPass::looks_cut_off() const {
    if (line_.ended) return false;
    const auto& cells = splitter_.cells();
    if (width_ != 0 && cells.size() < width_) return true;
    return last_cell_counts() && cells.back().size() < last_cell_length_;
}

Result<void> CsvPass::read_row(RowReader& rows) {
    LOADSTAR_TRY(const bool unusable, tell_unusable(rows));
    if (unusable) return {};
    const auto& cells = splitter_.cells();
    if (width_ == 0) width_ = cells.size();
    last_cell_length_ = cells.back().size();
    return rows.take({.cells = cells, .line = line_.number});
}

Result<void> CsvPass::read_rows(RowReader& rows, Progress& progress) {
    for (;;) {
        LOADSTAR_TRY(const bool more, lines_.next(line_));
        if (!more) return {};
        if (line_.number % lines_per_report == 0) {
            progress.report("import", lines_.bytes_read(), lines_.size());
            if (progress.cancelled())
                return Error{.code = ErrorCode::cancelled, .message = "import cancelled", .where = place()};
        }
        if (line_.text.empty() && line_.state == Line::State::good) continue;
        ++report_.rows;
        LOADSTAR_CHECK(read_row(rows));
    }
}

}  // namespace

Result<FileReport> read_csv(const Source& source, const std::filesystem::path& file, const ReadOptions& options,
                            Sink& sink, Progress& progress) {
    FileReport report{.file = file.string()};
    LOADSTAR_TRY(const auto head, read_head(file, source.encoding, source.skip_lines + lines_to_look_at));
    LOADSTAR_TRY(const char delimiter, delimiter_of(source, head, report.file));
    LOADSTAR_TRY(auto lines, LineReader::open(file, source.encoding));
    report.encoding = lines.encoding();
    report.delimiter = shown_delimiter(delimiter);
    CsvPass pass(source, report, std::move(lines), delimiter);
    LOADSTAR_TRY(const auto header, pass.read_header());
    LOADSTAR_TRY(const auto positions, find_columns(source, header, pass.place()));
    pass.use(positions);
    Delivery delivery(sink, report, RowReader::series_of(source));
    LOADSTAR_TRY(auto rows, RowReader::open(source, positions, options.now, delivery));
    LOADSTAR_CHECK(pass.read_rows(rows, progress));
    LOADSTAR_CHECK(delivery.flush());
    if (report.rows == 0) {
        return Error{.code = ErrorCode::invalid_input,
                     .message = "the file has a header but no rows",
                     .where = report.file,
                     .hint = "export it again, or take it out of the plant file"};
    }
    return report;
}

}  // namespace loadstar::ingest
