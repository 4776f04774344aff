#include "site/source.hpp"

#include <algorithm>
#include <string_view>

namespace loadstar {
namespace {

constexpr std::string_view key_placeholder = "{key}";

}  // namespace

bool is_keyed(const ColumnMapping& column) { return column.series.find(key_placeholder) != std::string::npos; }

std::string series_of_key(const ColumnMapping& column, const std::string& key) {
    auto name = column.series;
    if (is_keyed(column)) name.replace(name.find(key_placeholder), key_placeholder.size(), key);
    return name;
}

std::vector<std::string> series_filled_by(const Source& source, const ColumnMapping& column) {
    if (!is_keyed(column)) return {column.series};
    std::vector<std::string> filled;
    for (const auto& key : source.keys) filled.push_back(series_of_key(column, key));
    return filled;
}

bool fills(const Source& source, const ColumnMapping& column, const std::string& series) {
    const auto filled = series_filled_by(source, column);
    return std::ranges::find(filled, series) != filled.end();
}

const ColumnMapping* column_that_fills(const std::vector<Source>& sources, const std::string& series) {
    for (const auto& source : sources)
        for (const auto& column : source.columns)
            if (fills(source, column, series)) return &column;
    return nullptr;
}

const ColumnMapping* column_that_foretells(const std::vector<Source>& sources, const std::string& series) {
    for (const auto& source : sources)
        for (const auto& column : source.columns)
            if (column.forecast_of == series) return &column;
    return nullptr;
}

}  // namespace loadstar
