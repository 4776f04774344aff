#pragma once
#include <string>
#include <vector>

#include "base/text.hpp"  // grouped(): tables are full of numbers

namespace loadstar::cli {

enum class Align { left, right };

/// A table for a terminal. Chinese characters count two columns.
class Table {
  public:
    explicit Table(std::vector<std::string> header, std::vector<Align> align = {});

    void add(std::vector<std::string> cells);
    [[nodiscard]] std::string text() const;

  private:
    std::vector<Align> align_;
    std::vector<std::vector<std::string>> rows_;  ///< rows_[0] is the header
};

/// Columns a UTF-8 text takes in a terminal.
int display_width(const std::string& text);

}  // namespace loadstar::cli
