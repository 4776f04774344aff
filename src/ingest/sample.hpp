#pragma once
// The beginning of a file as columns of text, laid out by what the file shows. Internal to layer ingest.

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace loadstar::ingest {

/// Up to `most_rows` rows of a file of unknown shape.
struct Sample {
    std::string format = "csv";  ///< csv | parquet
    std::string encoding = "UTF-8";
    char delimiter = ',';
    char decimal_mark = '.';
    int skip_lines = 0;  ///< lines before the header, or before the first row
    bool has_header = true;
    std::vector<std::string> header;                ///< "#1", "#2", ... without a header
    std::vector<std::vector<std::string>> columns;  ///< [column][row], only rows as wide as most rows are
    bool whole = false;                             ///< the file has no more rows

    [[nodiscard]] std::size_t rows() const { return columns.empty() ? 0 : columns[0].size(); }
    static constexpr int most_rows = 50'000;
};

/// Errors: those of read_head; invalid_input (no rows, or nothing that looks like a table).
Result<Sample> read_sample(const std::filesystem::path& file);

}  // namespace loadstar::ingest
