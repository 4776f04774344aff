#pragma once
// Typed reading of a TOML table that collects every mistake with its place, and - run without a table - describes
// itself as a JSON Schema. One list of keys therefore serves reading, checking and editors.
// Internal to layer site: the only header that shows toml++.

#include <functional>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json_fwd.hpp>
#include <toml++/toml.h>

#include "base/decimal.hpp"
#include "base/time_zone.hpp"
#include "site/assets.hpp"
#include "site/mistake.hpp"

namespace loadstar {

/// A key and the sentence that explains it in the schema.
struct Key {
    std::string_view name;
    std::string_view doc;
};

/// Closed interval a number must lie in.
struct Range {
    double minimum = -std::numeric_limits<double>::infinity();
    double maximum = std::numeric_limits<double>::infinity();
};
inline constexpr Range not_negative{.minimum = 0};
inline constexpr Range positive{.minimum = std::numeric_limits<double>::min()};
inline constexpr Range share{.minimum = 0, .maximum = 1};

/// What one reading of a plant file shares: mistakes, declared ids and references between them.
class ReaderContext {
  public:
    explicit ReaderContext(std::string file) : file_(std::move(file)) {}

    void add_mistake(const toml::source_region& region, std::string message, std::string hint = "");
    [[nodiscard]] std::string where(const toml::source_region& region) const;

    /// Makes an id of a kind ("carrier", "series", ...) known.
    void declare(const std::string& kind, const std::string& id) { declared_[kind].insert(id); }
    /// Remembers that `id` of `kind` is needed at a place; resolve_references() reports it when nobody declares it.
    void refer(const std::string& kind, const std::string& id, const toml::source_region& region);
    void resolve_references();

    [[nodiscard]] std::vector<Mistake>& mistakes() { return mistakes_; }

  private:
    struct Reference {
        std::string kind;
        std::string id;
        toml::source_region region;
    };
    std::string file_;
    std::vector<Mistake> mistakes_;
    std::map<std::string, std::set<std::string>> declared_;
    std::vector<Reference> references_;
};

/// Reads one table. Every accessor names its key once; finish() reports keys nobody asked for.
class TableReader {
  public:
    /// @param table   nullptr: describe only, every accessor returns its fallback
    /// @param schema  JSON Schema object to fill, or nullptr
    TableReader(const toml::table* table, ReaderContext& context, nlohmann::json* schema);

    [[nodiscard]] bool describing() const { return table_ == nullptr; }
    [[nodiscard]] bool has(std::string_view key) const;
    /// Place of a key, or of the table when the key is absent.
    [[nodiscard]] toml::source_region region(std::string_view key = "") const;
    void mistake(std::string_view key, std::string message, std::string hint = "");
    [[nodiscard]] ReaderContext& context() { return context_; }

    std::string required_text(Key key);
    std::string text(Key key, std::string fallback);
    std::vector<std::string> texts(Key key);
    double required_number(Key key, Range range = {});
    double number(Key key, double fallback, Range range = {});
    std::optional<double> optional_number(Key key, Range range = {});
    std::vector<double> numbers(Key key, Range range = {});
    int integer(Key key, int fallback, Range range = {});
    bool flag(Key key, bool fallback);
    /// Exact decimal: the digits as written, so that a price is the price of the contract.
    std::optional<Decimal> optional_decimal(Key key, Range range = {});
    Decimal decimal(Key key, Decimal fallback, Range range = {});
    Decimal required_decimal(Key key, Range range = {});
    std::optional<LocalDay> optional_day(Key key);
    std::vector<LocalDay> days(Key key);
    /// Offset date-time, or local date-time in `zone`.
    std::optional<Instant> optional_instant(Key key, const TimeZone& zone);
    /// "06:00" as a minute of the day, 0..1439.
    int time_of_day(Key key, int fallback);
    /// "08:30-11:30"; 24:00 is allowed as an end.
    std::vector<DayWindow> windows(Key key);

    /// One of a list of words.
    template <class Value>
    Value choice(Key key, const std::vector<std::pair<std::string, Value>>& words, Value fallback) {
        std::vector<std::string> names;
        for (const auto& word : words) names.push_back(word.first);
        const auto found = chosen_word(key, names);
        for (const auto& [name, value] : words) {
            if (found == name) return value;
        }
        return fallback;
    }

    /// A text that names an element of another list; checked when the whole file is read. "" when absent.
    std::string reference(Key key, const std::string& kind);
    std::string required_reference(Key key, const std::string& kind);
    std::vector<std::string> references(Key key, const std::string& kind);

    using Body = std::function<void(TableReader&)>;
    using NamedBody = std::function<void(const std::string& id, TableReader&)>;
    /// A nested table; the body runs only when it is there (and when describing).
    void table(Key key, const Body& body);
    /// `[key.id]` tables in the order of the file.
    void named_tables(Key key, const NamedBody& body);
    /// `[[key]]` tables.
    void table_list(Key key, const Body& body);
    /// Free-form `name = number` table, in the order of the names.
    std::map<std::string, double> number_map(Key key);
    std::map<std::string, Decimal> decimal_map(Key key);
    /// Free-form `name = value` table of values of any kind, each as TOML writes it.
    std::map<std::string, std::string> value_texts(Key key);
    /// Free-form `name = id` table whose texts name elements of another list.
    std::map<std::string, std::string> reference_map(Key key, const std::string& kind);

    /// Reports keys that no accessor asked for, with the nearest known one. Called by table()/named_tables()/... for
    /// nested tables; call it yourself only for the root.
    void finish();

  private:
    const toml::node* take(Key key, nlohmann::json property, bool required);
    void wrong_type(const toml::node& node, Key key, std::string_view expected);
    std::optional<double> checked_number(const toml::node* node, Key key, Range range);
    std::string chosen_word(Key key, const std::vector<std::string>& names);
    nlohmann::json* property(std::string_view key);
    void read_nested(const toml::node& node, Key key, nlohmann::json* schema, const Body& body);
    [[nodiscard]] nlohmann::json nested_schema(const Body& body) const;

    const toml::table* table_;
    ReaderContext& context_;
    nlohmann::json* schema_;
    std::vector<std::string> known_;
};

/// Shows a TOML value the way its author wrote it, shortened.
std::string describe(const toml::node& node);

}  // namespace loadstar
