#pragma once
#include <map>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace loadstar::cli {

/// Turns the names of an option into the values of an enumeration. CLI11's own transformers would show the numbers
/// behind the names in --help, and take them too.
template <class Value>
CLI::Validator one_of(const std::map<std::string, Value>& values) {
    std::vector<std::string> names;
    for (const auto& [name, value] : values) names.push_back(name);
    const auto expected = fmt::format("{}", fmt::join(names, "|"));
    const auto number = [values, expected](std::string& text) {
        const auto found = values.find(text);
        if (found == values.end()) return fmt::format("expected {}, found {}", expected, text);
        text = std::to_string(static_cast<int>(found->second));
        return std::string();
    };
    return {number, expected};
}

}  // namespace loadstar::cli
