#pragma once
// Small CSV files with a header, as tariff tables are. Internal to layer tariff.

#include <map>
#include <string>
#include <vector>

namespace loadstar::tariff {

/// One line of a table, by the names of its columns.
struct CsvRow {
    int line = 0;  ///< of the file, from 1
    std::map<std::string, std::string> cells;

    /// The text of a column without blanks around it; "" when there is none.
    [[nodiscard]] const std::string& at(const std::string& column) const;
    [[nodiscard]] bool blank() const;
};

/// A whole table.
struct CsvTable {
    std::vector<std::string> columns;
    std::vector<CsvRow> rows;
};

/// Reads text of comma-separated values; quoted cells may hold commas, doubled quotes and line breaks. A byte order
/// mark is skipped, and cells past the header are left out.
CsvTable read_csv_table(const std::string& text);

}  // namespace loadstar::tariff
