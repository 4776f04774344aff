#pragma once
// The quarter-hours of the steel works of 2018 by the position of their rows, whatever the stamps say: independent of
// the import, so that both can be held to known answers.

#include <array>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace loadstar::test_support {

/// Rows of data/steel_works_2018; row i starts 2018-01-01 00:00 + i quarter-hours in Asia/Seoul.
struct SteelWorksYear {
    std::vector<double> kwh;
    std::vector<double> lagging_kvarh;
    std::vector<double> leading_kvarh;
    std::vector<std::string> band;  ///< Light_Load, Medium_Load, Maximum_Load
};

inline std::string unpacked(const std::filesystem::path& file) {
    const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(("gzip -dc '" + file.string() + "'").c_str(), "r"), pclose);
    if (pipe == nullptr) throw std::runtime_error("cannot start gzip");
    std::string text;
    std::array<char, 65536> buffer{};
    while (const auto count = fread(buffer.data(), 1, buffer.size(), pipe.get())) text.append(buffer.data(), count);
    return text;
}

inline SteelWorksYear steel_works_year(const std::filesystem::path& shared) {
    std::istringstream lines(unpacked(shared / "data/steel_works_2018/Steel_industry_data.csv.gz"));
    SteelWorksYear year;
    std::string line;
    std::getline(lines, line);
    while (std::getline(lines, line)) {
        if (!line.empty() && line.back() == '\r') line.pop_back();
        std::istringstream row(line);
        std::vector<std::string> cells;
        for (std::string cell; std::getline(row, cell, ',');) cells.push_back(cell);
        year.kwh.push_back(std::stod(cells.at(1)));
        year.lagging_kvarh.push_back(std::stod(cells.at(2)));
        year.leading_kvarh.push_back(std::stod(cells.at(3)));
        year.band.push_back(cells.at(10));
    }
    return year;
}

}  // namespace loadstar::test_support
