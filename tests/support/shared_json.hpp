#pragma once
// Known answers in the shared folder.

#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "support/shared.hpp"

namespace loadstar::test_support {

/// Reads a file of known answers below cases/optimisation; nothing when the shared folder is absent.
inline std::optional<nlohmann::json> known_answers(const std::string& file) {
    const auto shared = shared_folder();
    if (!shared) return std::nullopt;
    std::ifstream in(*shared / "cases/optimisation" / file);
    return nlohmann::json::parse(in);
}

/// The case with an id in a list of cases.
inline const nlohmann::json& case_of(const nlohmann::json& all, const std::string& id) {
    for (const auto& one : all.at("cases"))
        if (one.at("id") == id) return one;
    throw std::out_of_range("no case " + id);
}

/// Lines of a text file, unpacked when its name ends in .gz.
inline std::vector<std::string> lines_of(const std::filesystem::path& file) {
    const auto command = (file.extension() == ".gz" ? "gzip -dc '" : "cat '") + file.string() + "'";
    std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
    std::string text;
    std::array<char, 65536> buffer{};
    while (const auto count = fread(buffer.data(), 1, buffer.size(), pipe.get())) text.append(buffer.data(), count);
    std::istringstream stream(text);
    std::vector<std::string> lines;
    for (std::string line; std::getline(stream, line);) lines.push_back(line);
    return lines;
}

/// Cells of a line of plain CSV.
inline std::vector<std::string> cells_of(const std::string& line) {
    std::istringstream stream(line);
    std::vector<std::string> cells;
    for (std::string cell; std::getline(stream, cell, ',');) cells.push_back(cell);
    return cells;
}

}  // namespace loadstar::test_support
