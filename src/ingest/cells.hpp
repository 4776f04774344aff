#pragma once
// One line of a delimited file into its cells. Internal to layer ingest.

#include <string>
#include <string_view>
#include <vector>

namespace loadstar::ingest {

/// Cuts lines at a delimiter outside of double quotes; keeps its memory from line to line.
class CellSplitter {
  public:
    explicit CellSplitter(char delimiter) : delimiter_(delimiter) {}

    /// Cells of the line, trimmed of blanks and quotes; "" inside quotes is one quote. Valid while the line is and
    /// until the next call. @return false when a quote that is opened is not closed
    bool split(std::string_view line);
    [[nodiscard]] const std::vector<std::string_view>& cells() const { return cells_; }

  private:
    void split_plain(std::string_view line);
    bool split_quoted(std::string_view line);
    char delimiter_;
    std::vector<std::string_view> cells_;
    std::string unquoted_;
};

/// The delimiter that cuts the lines most evenly: one of , ; tab |. With a decimal comma, the comma is the last choice.
/// "" when none cuts anything.
std::string detect_delimiter(const std::vector<std::string>& lines, char decimal_mark);

/// A delimiter for people: "\t" for a tab.
std::string shown_delimiter(char delimiter);

}  // namespace loadstar::ingest
