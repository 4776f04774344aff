#include "tariff/read_urdb.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "tariff/urdb_rate.hpp"

namespace loadstar::tariff {
namespace {

using nlohmann::json;

constexpr int deepest = 6;  // levels of a document in which a rate may lie

bool is_rate(const json& node) {
    return node.is_object() && (node.contains("energyratestructure") || node.contains("demandratestructure") ||
                                node.contains("flatdemandstructure"));
}

/// The first rate in a document; nullptr when there is none.
const json* find_rate(const json& node, int depth = 0) {
    if (is_rate(node)) return &node;
    if (!node.is_structured() || depth == deepest) return nullptr;
    for (const auto& child : node)
        if (const auto* found = find_rate(child, depth + 1)) return found;
    return nullptr;
}

/// Line and column of a byte of a text.
std::pair<int, int> place_of(const std::string& text, std::size_t byte) {
    const auto end = text.begin() + static_cast<std::ptrdiff_t>(std::min(byte, text.size()));
    const auto line = static_cast<int>(std::count(text.begin(), end, '\n')) + 1;
    const auto start = text.rfind('\n', byte == 0 ? 0 : byte - 1);
    return {line, static_cast<int>(byte - (start == std::string::npos || byte == 0 ? 0 : start))};
}

/// The document, or the place at which it stops being JSON.
json parsed(const std::string& text, const std::string& file, std::vector<Mistake>& mistakes) {
    try {
        return json::parse(text);
    } catch (const json::parse_error& error) {
        const auto [line, column] = place_of(text, error.byte);
        mistakes.push_back({.line = line,
                            .column = column,
                            .where = fmt::format("{}:{}:{}", file, line, column),
                            .message = "this is no JSON from here on",
                            .hint = "was the file cut off?"});
        return nullptr;
    } catch (const json::exception&) {
        mistakes.push_back({.line = 1,
                            .column = 1,
                            .where = file,
                            .message = "a number is larger than any that can be held",
                            .hint = ""});
        return nullptr;
    }
}

}  // namespace

bool looks_like_urdb(const std::string& text) {
    const auto first = text.find_first_not_of(" \t\r\n");
    const bool begins = first != std::string::npos && (text[first] == '{' || text[first] == '[');
    return begins && (text.find("ratestructure\"") != std::string::npos ||
                      text.find("flatdemandstructure\"") != std::string::npos);
}

ForeignTariff read_urdb(const std::string& text, const std::string& file) {
    ForeignTariff tariff{.format = ForeignFormat::urdb, .contracts = {}, .mistakes = {}, .remarks = {}};
    const auto document = parsed(text, file, tariff.mistakes);
    if (!tariff.mistakes.empty()) return tariff;
    const auto* rate = find_rate(document);
    if (rate == nullptr) {
        tariff.mistakes.push_back({.line = 1,
                                   .column = 1,
                                   .where = file,
                                   .message = "no rate with energyratestructure in it",
                                   .hint = "write the rate itself, or an answer of the database, into the file"});
        return tariff;
    }
    read_urdb_rate(*rate, file, tariff);
    return tariff;
}

}  // namespace loadstar::tariff
