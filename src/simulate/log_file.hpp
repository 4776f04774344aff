#pragma once
// A file as a logger of the plant writes it, and the dirt that real files collect. What is spoilt is written down, so
// that a test can hold an import to it.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "series/series.hpp"

namespace loadstar::simulate {

/// A file to be written into the plant's folder.
struct PlantFile {
    std::string path;  ///< relative to the folder
    std::string bytes;
};

/// What is wrong with a file, as an import should find it: reason -> rows or cells.
using Imperfections = std::map<Reason, std::int64_t>;

/// Rows of text with a head, not yet encoded.
class LogFile {
  public:
    /// How the text is laid out in bytes.
    struct Style {
        std::string encoding = "UTF-8";  ///< as iconv names it
        std::string line_end = "\n";
        std::string byte_order_mark{};  ///< bytes in front of everything
        char delimiter = ',';
    };

    LogFile(std::string path, Style style, std::vector<std::string> head)
        : path_(std::move(path)), style_(std::move(style)), head_(std::move(head)) {}

    void add(std::string row) { rows_.push_back(std::move(row)); }
    [[nodiscard]] std::size_t size() const { return rows_.size(); }
    [[nodiscard]] const std::string& row(std::size_t index) const { return rows_[index]; }
    [[nodiscard]] const std::string& path() const { return path_; }
    [[nodiscard]] const Imperfections& imperfections() const { return imperfections_; }
    /// The row at a share of the file, 0..1, so that dirt finds a place in files of any length.
    [[nodiscard]] std::size_t at(double share) const;

    /// The logger wrote a row twice.
    void repeat(std::size_t row);
    /// A row came twice, with another reading in one cell the second time.
    void contradict(std::size_t row, std::size_t cell, const std::string& text);
    /// A row was written after the next one.
    void swap_with_next(std::size_t row);
    /// Rows never came; nothing tells of them.
    void lose(std::size_t first, std::size_t count);
    /// A cell holds something else than a reading.
    void replace_cell(std::size_t row, std::size_t cell, const std::string& text, Reason found_as);
    /// A line that is no row of the table stands before a row.
    void insert_line(std::size_t row, const std::string& text, const Imperfections& found_as);
    /// The logger was stopped while it wrote its last line.
    void cut_last_line();

    /// Errors: internal (the machine's iconv lacks the encoding).
    [[nodiscard]] Result<PlantFile> encoded() const;

  private:
    void set_cell(std::size_t row, std::size_t cell, const std::string& text);

    std::string path_;
    Style style_;
    std::vector<std::string> head_;
    std::vector<std::string> rows_;
    bool cut_ = false;
    Imperfections imperfections_;
};

}  // namespace loadstar::simulate
