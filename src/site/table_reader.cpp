#include "site/table_reader.hpp"

#include <algorithm>
#include <cmath>
#include <sstream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/nearest.hpp"

namespace loadstar {
namespace {

using nlohmann::json;

json number_schema(Range range, const char* type = "number") {
    json schema{{"type", type}};
    if (range.minimum == positive.minimum) {
        schema["exclusiveMinimum"] = 0;
    } else if (std::isfinite(range.minimum)) {
        schema["minimum"] = range.minimum;
    }
    if (std::isfinite(range.maximum)) schema["maximum"] = range.maximum;
    return schema;
}

json array_schema(json items) { return {{"type", "array"}, {"items", std::move(items)}}; }

std::string range_text(Range range) {
    if (range.minimum == positive.minimum) return "above 0";
    if (std::isfinite(range.minimum) && std::isfinite(range.maximum)) {
        return fmt::format("from {} to {}", range.minimum, range.maximum);
    }
    return std::isfinite(range.minimum) ? fmt::format("of at least {}", range.minimum)
                                        : fmt::format("of at most {}", range.maximum);
}

/// "max_power_kw" -> "a number of kW": what the unit suffix of a key asks for.
std::string number_wanted(std::string_view key) {
    struct Suffix {
        std::string_view ending;
        const char* unit;
    };
    static constexpr std::array<Suffix, 9> suffixes{{{"_per_kwh", "money per kWh"},
                                                     {"_per_kw", "money per kW"},
                                                     {"_kwh", "kWh"},
                                                     {"_kw", "kW"},
                                                     {"_kva", "kVA"},
                                                     {"_minutes", "minutes"},
                                                     {"_hours", "hours"},
                                                     {"_percent", "percent"},
                                                     {"_days", "days"}}};
    for (const auto& [ending, unit] : suffixes) {
        if (key.size() >= ending.size() && key.substr(key.size() - ending.size()) == ending) {
            return fmt::format("a number of {}", unit);
        }
    }
    return "a number";
}

/// Reads the number in front of a unit written into a text: "250kW" -> 250.
std::optional<double> leading_number(const std::string& text) {
    std::istringstream stream(text);
    double value = 0;
    if (stream >> value) return value;
    return std::nullopt;
}

}  // namespace

std::string describe(const toml::node& node) {
    std::ostringstream out;
    if (const auto* text = node.as_string()) {
        out << '"' << text->get() << '"';
    } else if (node.is_table()) {
        out << "a table";
    } else if (node.is_array()) {
        out << "an array";
    } else {
        node.visit([&out](const auto& value) {
            if constexpr (toml::is_value<decltype(value)>) out << value;
        });
    }
    auto text = out.str();
    if (text.size() > 60) text = text.substr(0, 57) + "...";
    return text;
}

TableReader::TableReader(const toml::table* table, ReaderContext& context, json* schema)
    : table_(table), context_(context), schema_(schema) {
    if (schema_ != nullptr) {
        (*schema_)["type"] = "object";
        (*schema_)["additionalProperties"] = false;
        if (!schema_->contains("properties")) (*schema_)["properties"] = json::object();
    }
}

bool TableReader::has(std::string_view key) const { return table_ != nullptr && table_->contains(key); }

toml::source_region TableReader::region(std::string_view key) const {
    if (table_ == nullptr) return {};
    const auto* node = table_->get(key);
    return node != nullptr ? node->source() : table_->source();
}

void TableReader::mistake(std::string_view key, std::string message, std::string hint) {
    if (!describing()) context_.add_mistake(region(key), std::move(message), std::move(hint));
}

json* TableReader::property(std::string_view key) {
    return schema_ == nullptr ? nullptr : &(*schema_)["properties"][std::string(key)];
}

const toml::node* TableReader::take(Key key, json shape, bool required) {
    known_.emplace_back(key.name);
    if (auto* slot = property(key.name)) {
        shape["description"] = key.doc;
        *slot = std::move(shape);
        if (required) (*schema_)["required"].push_back(key.name);
    }
    if (table_ == nullptr) return nullptr;
    const auto* node = table_->get(key.name);
    if (node == nullptr && required) {
        context_.add_mistake(table_->source(), fmt::format("{} is missing", key.name), std::string(key.doc));
    }
    return node;
}

void TableReader::wrong_type(const toml::node& node, Key key, std::string_view expected) {
    std::string hint(key.doc);
    if (const auto* text = node.as_string()) {
        const bool wants_number = expected.find("number") != std::string_view::npos;
        if (const auto value = leading_number(text->get()); value && wants_number) {
            hint = fmt::format("write {} = {}", key.name, *value);
        }
    }
    context_.add_mistake(node.source(), fmt::format("expected {} for {}, found {}", expected, key.name, describe(node)),
                         hint);
}

std::string TableReader::required_text(Key key) {
    const auto* node = take(key, {{"type", "string"}, {"minLength", 1}}, true);
    if (node == nullptr) return {};
    if (const auto* text = node->as_string(); text != nullptr && !text->get().empty()) return text->get();
    wrong_type(*node, key, "a text");
    return {};
}

std::string TableReader::text(Key key, std::string fallback) {
    const auto* node = take(key, {{"type", "string"}, {"default", fallback}}, false);
    if (node == nullptr) return fallback;
    if (const auto* text = node->as_string()) return text->get();
    wrong_type(*node, key, "a text");
    return fallback;
}

std::vector<std::string> TableReader::texts(Key key) {
    const auto* node = take(key, array_schema({{"type", "string"}}), false);
    std::vector<std::string> result;
    if (node == nullptr) return result;
    const auto* array = node->as_array();
    if (array == nullptr) {
        wrong_type(*node, key, "a list of texts");
        return result;
    }
    for (const auto& item : *array) {
        if (const auto* text = item.as_string()) {
            result.push_back(text->get());
        } else {
            wrong_type(item, key, "a text");
        }
    }
    return result;
}

std::optional<double> TableReader::checked_number(const toml::node* node, Key key, Range range) {
    if (node == nullptr) return std::nullopt;
    const auto value = node->is_number() ? node->value<double>() : std::nullopt;
    if (!value || !std::isfinite(*value)) {
        wrong_type(*node, key, number_wanted(key.name));
        return std::nullopt;
    }
    if (*value < range.minimum || *value > range.maximum) {
        context_.add_mistake(node->source(),
                             fmt::format("expected {} {} for {}, found {}", number_wanted(key.name), range_text(range),
                                         key.name, *value),
                             std::string(key.doc));
        return std::nullopt;
    }
    return value;
}

double TableReader::required_number(Key key, Range range) {
    return checked_number(take(key, number_schema(range), true), key, range).value_or(0);
}

double TableReader::number(Key key, double fallback, Range range) {
    auto shape = number_schema(range);
    shape["default"] = fallback;
    return checked_number(take(key, std::move(shape), false), key, range).value_or(fallback);
}

std::optional<double> TableReader::optional_number(Key key, Range range) {
    return checked_number(take(key, number_schema(range), false), key, range);
}

std::vector<double> TableReader::numbers(Key key, Range range) {
    const auto* node = take(key, array_schema(number_schema(range)), false);
    std::vector<double> result;
    if (node == nullptr) return result;
    const auto* array = node->as_array();
    if (array == nullptr) {
        wrong_type(*node, key, "a list of numbers");
        return result;
    }
    for (const auto& item : *array) {
        if (const auto value = checked_number(&item, key, range)) result.push_back(*value);
    }
    return result;
}

int TableReader::integer(Key key, int fallback, Range range) {
    auto shape = number_schema(range, "integer");
    shape["default"] = fallback;
    const auto* node = take(key, std::move(shape), false);
    if (node != nullptr && !node->is_integer()) {
        wrong_type(*node, key, "a whole number");
        return fallback;
    }
    return static_cast<int>(checked_number(node, key, range).value_or(fallback));
}

bool TableReader::flag(Key key, bool fallback) {
    const auto* node = take(key, {{"type", "boolean"}, {"default", fallback}}, false);
    if (node == nullptr) return fallback;
    if (const auto* value = node->as_boolean()) return value->get();
    wrong_type(*node, key, "true or false");
    return fallback;
}

std::optional<Decimal> TableReader::optional_decimal(Key key, Range range) {
    const auto value = checked_number(take(key, number_schema(range), false), key, range);
    if (!value) return std::nullopt;
    return Decimal::from_double(*value);
}

Decimal TableReader::decimal(Key key, Decimal fallback, Range range) {
    auto shape = number_schema(range);
    shape["default"] = fallback.to_double();
    const auto value = checked_number(take(key, std::move(shape), false), key, range);
    return value ? Decimal::from_double(*value) : fallback;
}

Decimal TableReader::required_decimal(Key key, Range range) {
    return Decimal::from_double(required_number(key, range));
}

std::string TableReader::chosen_word(Key key, const std::vector<std::string>& names) {
    const auto* node = take(key, {{"type", "string"}, {"enum", names}}, false);
    if (node == nullptr) return {};
    const auto* text = node->as_string();
    if (text != nullptr && std::find(names.begin(), names.end(), text->get()) != names.end()) return text->get();
    const auto close = text == nullptr ? std::string() : nearest(text->get(), names);
    context_.add_mistake(
        node->source(),
        fmt::format("expected one of {} for {}, found {}", fmt::join(names, ", "), key.name, describe(*node)),
        close.empty() ? std::string(key.doc) : fmt::format("did you mean \"{}\"?", close));
    return {};
}

void TableReader::finish() {
    if (table_ == nullptr) return;
    for (const auto& [name, node] : *table_) {
        const std::string found(name.str());
        if (std::find(known_.begin(), known_.end(), found) != known_.end()) continue;
        const auto close = nearest(found, known_);
        const auto& place = name.source().begin.line > 0 ? name.source() : node.source();  // put in by a scenario
        context_.add_mistake(place, fmt::format("unknown key {}", found),
                             close.empty() ? fmt::format("known here: {}", fmt::join(known_, ", "))
                                           : fmt::format("did you mean {}?", close));
    }
}

}  // namespace loadstar
