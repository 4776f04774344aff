#pragma once
// Published tables as text: cells by row and named column.

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "pretraining_panel.hpp"
#include "support/steel_works.hpp"

namespace loadstar::bench {

/// A number, or NaN where there is none.
inline float number_of(const std::string& text) {
    char* end = nullptr;
    const double value = std::strtod(text.c_str(), &end);
    return end == text.c_str() ? missing : static_cast<float>(value);
}

/// "2014-01-01 00:00:00", with or without an offset; without one it is taken for UTC.
inline Instant stamp_of(std::string text) {
    constexpr std::size_t without_offset = 19;
    if (text.size() == without_offset) text += "+00:00";
    auto stamp = parse_instant(text);
    if (!stamp) throw std::runtime_error(to_string(stamp.error()));
    return stamp.value();
}

inline std::vector<std::string> cells_of(const std::string& line, char separator) {
    std::vector<std::string> cells;
    std::istringstream row(line);
    for (std::string cell; std::getline(row, cell, separator);) cells.push_back(cell);
    return cells;
}

/// The text of a file, packed or not.
inline std::string text_of(const std::filesystem::path& file) {
    if (file.extension() == ".gz") return test_support::unpacked(file);
    std::ostringstream text;
    text << std::ifstream(file).rdbuf();
    return text.str();
}

/// A table with a line of names, after some lines that are skipped. Short rows have empty cells at their end.
class Table {
  public:
    explicit Table(const std::filesystem::path& file, int skipped_lines = 0) : name_(file.filename().string()) {
        std::istringstream lines(text_of(file));
        for (std::string line; std::getline(lines, line);) {
            if (skipped_lines-- > 0) continue;
            if (!line.empty() && line.back() == '\r') line.pop_back();
            if (columns_.empty())
                columns_ = cells_of(line, ',');
            else
                rows_.push_back(cells_of(line, ','));
        }
        if (rows_.empty()) throw std::runtime_error(name_ + " is missing or empty");
        for (auto& row : rows_) row.resize(columns_.size());
    }

    [[nodiscard]] std::size_t size() const { return rows_.size(); }
    [[nodiscard]] std::size_t column(const std::string& name) const {
        const auto found = std::ranges::find(columns_, name);
        if (found == columns_.end()) throw std::runtime_error(name_ + " has no column " + name);
        return static_cast<std::size_t>(found - columns_.begin());
    }
    [[nodiscard]] const std::string& text(std::size_t row, std::size_t at) const { return rows_[row].at(at); }
    [[nodiscard]] float number(std::size_t row, std::size_t at) const { return number_of(text(row, at)); }

    /// The numbers of a column in the order of the rows, for tables whose rows follow one another without gaps.
    [[nodiscard]] Row numbers(const std::string& name) const {
        const auto at = column(name);
        Row values;
        for (std::size_t row = 0; row < size(); ++row) values.push_back(number(row, at));
        return values;
    }
    /// The means of a column by slots, for tables with stamps in their column `stamp`.
    [[nodiscard]] Row by_slot(const Horizon& axis, const std::string& name, std::size_t stamp = 0) const {
        SlotMeans means(axis);
        const auto at = column(name);
        for (std::size_t row = 0; row < size(); ++row) means.add(stamp_of(text(row, stamp)), number(row, at));
        return means.means();
    }

  private:
    std::string name_;
    std::vector<std::string> columns_;
    std::vector<std::vector<std::string>> rows_;
};

/// What `unzip` finds in an archive.
inline std::istringstream unzipped(const std::filesystem::path& archive, const std::string& member) {
    const auto command = "unzip -p '" + archive.string() + "' '" + member + "'";
    const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
    if (pipe == nullptr) throw std::runtime_error("cannot start unzip");
    std::string text;
    std::array<char, 65536> buffer{};
    while (const auto count = fread(buffer.data(), 1, buffer.size(), pipe.get())) text.append(buffer.data(), count);
    if (text.empty()) throw std::runtime_error("unzip finds no " + member + " in " + archive.string());
    return std::istringstream(text);
}

}  // namespace loadstar::bench
