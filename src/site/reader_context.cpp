#include <algorithm>

#include <fmt/format.h>

#include "base/nearest.hpp"
#include "site/table_reader.hpp"

namespace loadstar {

std::string ReaderContext::where(const toml::source_region& region) const {
    // Values that a scenario changed have a place of their own, which is no file that was parsed as a whole.
    if (region.path && *region.path != file_) return *region.path;
    return fmt::format("{}:{}:{}", file_, region.begin.line, region.begin.column);
}

void ReaderContext::add_mistake(const toml::source_region& region, std::string message, std::string hint) {
    mistakes_.push_back({.line = static_cast<int>(region.begin.line),
                         .column = static_cast<int>(region.begin.column),
                         .where = where(region),
                         .message = std::move(message),
                         .hint = std::move(hint)});
}

void ReaderContext::refer(const std::string& kind, const std::string& id, const toml::source_region& region) {
    references_.push_back({.kind = kind, .id = id, .region = region});
}

void ReaderContext::resolve_references() {
    for (const auto& reference : references_) {
        const auto& known = declared_[reference.kind];
        if (known.contains(reference.id)) continue;
        const std::vector<std::string> names(known.begin(), known.end());
        const auto close = nearest(reference.id, names);
        const auto hint = !close.empty()  ? fmt::format("did you mean \"{}\"?", close)
                          : names.empty() ? fmt::format("the file declares no {}", reference.kind)
                                          : fmt::format("known: {}", fmt::join(names, ", "));
        add_mistake(reference.region, fmt::format("no {} named \"{}\"", reference.kind, reference.id), hint);
    }
    references_.clear();
}

}  // namespace loadstar
