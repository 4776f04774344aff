#include "site/source.hpp"

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

}  // namespace loadstar
