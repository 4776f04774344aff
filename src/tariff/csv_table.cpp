#include "tariff/csv_table.hpp"

#include <algorithm>

namespace loadstar::tariff {
namespace {

constexpr const char* byte_order_mark = "\xEF\xBB\xBF";

std::string trimmed(const std::string& text) {
    const auto first = text.find_first_not_of(" \t\r");
    if (first == std::string::npos) return "";
    return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

/// Walks over the characters of a file, cell by cell.
class CsvScanner {
  public:
    explicit CsvScanner(const std::string& text) : text_(text) {
        if (text.starts_with(byte_order_mark)) at_ = 3;
    }

    [[nodiscard]] bool done() const { return at_ >= text_.size(); }
    [[nodiscard]] int line() const { return line_; }

    /// The cells of one record, which ends with a line break outside quotes.
    std::vector<std::string> record() {
        std::vector<std::string> cells;
        std::string cell;
        bool quoted = false;
        for (; !done(); ++at_) {
            const char c = text_[at_];
            if (c == '\n') ++line_;
            if (c == '"' && quoted && at_ + 1 < text_.size() && text_[at_ + 1] == '"') {
                cell += c;
                ++at_;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == ',' && !quoted) {
                cells.push_back(trimmed(cell));
                cell.clear();
            } else if (c == '\n' && !quoted) {
                ++at_;
                break;
            } else {
                cell += c;
            }
        }
        cells.push_back(trimmed(cell));
        return cells;
    }

  private:
    const std::string& text_;
    std::size_t at_ = 0;
    int line_ = 1;
};

}  // namespace

const std::string& CsvRow::at(const std::string& column) const {
    static const std::string none;
    const auto found = cells.find(column);
    return found == cells.end() ? none : found->second;
}

bool CsvRow::blank() const {
    return std::ranges::all_of(cells, [](const auto& cell) { return cell.second.empty(); });
}

CsvTable read_csv_table(const std::string& text) {
    CsvScanner scanner(text);
    CsvTable table{.columns = scanner.record(), .rows = {}};
    while (!scanner.done()) {
        CsvRow row{.line = scanner.line(), .cells = {}};
        const auto cells = scanner.record();
        for (std::size_t i = 0; i < std::min(cells.size(), table.columns.size()); ++i)
            row.cells[table.columns[i]] = cells[i];
        table.rows.push_back(std::move(row));
    }
    return table;
}

}  // namespace loadstar::tariff
