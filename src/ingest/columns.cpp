#include "ingest/columns.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/nearest.hpp"
#include "ingest/excerpt.hpp"

namespace loadstar::ingest {
namespace {

/// The position that "#3" names, counted from 0.
std::optional<std::size_t> numbered(const std::string& name) {
    std::size_t number = 0;
    if (name.size() < 2 || name[0] != '#') return std::nullopt;
    const auto [end, status] = std::from_chars(name.data() + 1, name.data() + name.size(), number);
    if (status != std::errc() || end != name.data() + name.size() || number == 0) return std::nullopt;
    return number - 1;
}

/// Looks names up and gathers what goes wrong.
class Finder {
  public:
    explicit Finder(const std::vector<std::string>& header) : header_(header) {}

    std::size_t find(const std::string& name) {
        const auto count = std::count(header_.begin(), header_.end(), name);
        if (count == 1)
            return static_cast<std::size_t>(std::find(header_.begin(), header_.end(), name) - header_.begin());
        if (count > 1) {
            problem(fmt::format("column \"{}\" stands {} times in the header", name, count),
                    "use \"#3\" for the third");
            return 0;
        }
        if (const auto number = numbered(name)) {
            if (header_.empty() || *number < header_.size()) return *number;
            problem(fmt::format("column {} is asked for, the header has {}", name, header_.size()), "");
            return 0;
        }
        missing(name);
        return 0;
    }

    [[nodiscard]] bool failed() const { return !problems_.empty(); }
    [[nodiscard]] Error error(const std::string& where) const {
        return {.code = ErrorCode::invalid_input,
                .message = fmt::format("{}", fmt::join(problems_, "; ")),
                .where = where,
                .hint = fmt::format("{}", fmt::join(hints_, "; "))};
    }

  private:
    void missing(const std::string& name) {
        if (header_.empty()) {
            return problem(fmt::format("column \"{}\" cannot be found without a header line", name),
                           "use \"#1\" for the first column, or header = true");
        }
        const auto close = nearest(name, header_);
        const bool uncut = header_.size() == 1 && header_[0].find_first_of(",;\t|") != std::string::npos;
        auto hint = close.empty() ? std::string() : fmt::format("did you mean \"{}\"?", close);
        if (uncut) {
            const char found = header_[0][header_[0].find_first_of(",;\t|")];
            hint = fmt::format("the header is cut nowhere; try delimiter = \"{}\"",
                               found == '\t' ? "\\t" : std::string(1, found));
        }
        problem(fmt::format("no column \"{}\"", name), hint);
    }
    void problem(std::string text, const std::string& hint) {
        problems_.push_back(std::move(text));
        if (!hint.empty() && std::find(hints_.begin(), hints_.end(), hint) == hints_.end()) hints_.push_back(hint);
    }

    const std::vector<std::string>& header_;
    std::vector<std::string> problems_;
    std::vector<std::string> hints_;
};

}  // namespace

Result<ColumnPositions> find_columns(const Source& source, const std::vector<std::string>& header,
                                     const std::string& where) {
    Finder finder(header);
    ColumnPositions positions{.width = header.size()};
    for (const auto& name : source.stamp.columns) positions.stamp.push_back(finder.find(name));
    for (const auto& column : source.columns) positions.values.push_back(finder.find(column.column));
    positions.needed = 0;
    for (const auto& list : {positions.stamp, positions.values})
        for (const auto position : list) positions.needed = std::max(positions.needed, position + 1);
    if (!source.key_column.empty()) {
        positions.key = finder.find(source.key_column);
        positions.needed = std::max(positions.needed, positions.key + 1);
    }
    if (!finder.failed()) return positions;
    auto error = finder.error(where);
    if (!header.empty()) error.message += fmt::format("; the header has: {}", fmt::join(header, ", "));
    error.message = excerpt(error.message, 600);
    return error;
}

}  // namespace loadstar::ingest
