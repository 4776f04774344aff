// Nested tables, references and calendar values of TableReader.
#include <algorithm>
#include <charconv>
#include <sstream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "site/table_reader.hpp"

namespace loadstar {
namespace {

using nlohmann::json;

constexpr const char* id_pattern = "^[A-Za-z0-9_.-]+$";

LocalDay to_day(const toml::date& date) {
    return std::chrono::year{date.year} / static_cast<int>(date.month) / static_cast<int>(date.day);
}

CivilTime to_civil(const toml::date_time& time) {
    return {.year = time.date.year,
            .month = time.date.month,
            .day = time.date.day,
            .hour = time.time.hour,
            .minute = time.time.minute,
            .second = time.time.second};
}

/// "08:30" -> 510; nullopt when it is no time of day up to 24:00.
std::optional<int> minute_of_day(std::string_view text) {
    int hour = 0;
    int minute = 0;
    if (text.size() != 5 || text[2] != ':') return std::nullopt;
    const auto read = [](std::string_view part, int& value) {
        return std::from_chars(part.data(), part.data() + part.size(), value).ptr == part.data() + part.size();
    };
    if (!read(text.substr(0, 2), hour) || !read(text.substr(3, 2), minute)) return std::nullopt;
    if (hour < 0 || minute < 0 || minute > 59 || hour * 60 + minute > 24 * 60) return std::nullopt;
    return hour * 60 + minute;
}

std::optional<DayWindow> parse_window(std::string_view text) {
    const auto dash = text.find('-');
    if (dash == std::string_view::npos) return std::nullopt;
    const auto from = minute_of_day(text.substr(0, dash));
    const auto to = minute_of_day(text.substr(dash + 1));
    if (!from || !to || *from == *to || *from == 24 * 60) return std::nullopt;
    return DayWindow{.from_minute = *from, .to_minute = *to};
}

std::vector<std::pair<std::string, const toml::node*>> in_file_order(const toml::table& table) {
    std::vector<std::pair<std::string, const toml::node*>> items;
    for (const auto& [name, node] : table) items.emplace_back(std::string(name.str()), &node);
    std::stable_sort(items.begin(), items.end(),
                     [](const auto& a, const auto& b) { return a.second->source().begin < b.second->source().begin; });
    return items;
}

}  // namespace

std::optional<LocalDay> TableReader::optional_day(Key key) {
    const auto* node = take(key, {{"type", "string"}, {"format", "date"}}, false);
    if (node == nullptr) return std::nullopt;
    if (const auto* date = node->as_date()) return to_day(date->get());
    wrong_type(*node, key, "a date such as 2026-10-01");
    return std::nullopt;
}

std::vector<LocalDay> TableReader::days(Key key) {
    const auto* node = take(key, {{"type", "array"}, {"items", {{"type", "string"}, {"format", "date"}}}}, false);
    std::vector<LocalDay> result;
    if (node == nullptr) return result;
    const auto* array = node->as_array();
    if (array == nullptr) {
        wrong_type(*node, key, "a list of dates such as [2026-10-01, 2026-10-02]");
        return result;
    }
    for (const auto& item : *array) {
        if (const auto* date = item.as_date()) {
            result.push_back(to_day(date->get()));
        } else {
            wrong_type(item, key, "a date such as 2026-10-01 (without quotes)");
        }
    }
    return result;
}

std::optional<Instant> TableReader::optional_instant(Key key, const TimeZone& zone) {
    const auto* node = take(key, {{"type", "string"}, {"format", "date-time"}}, false);
    if (node == nullptr) return std::nullopt;
    const auto* value = node->as_date_time();
    if (value == nullptr) {
        wrong_type(*node, key, "a time such as 2026-03-02T06:00:00");
        return std::nullopt;
    }
    const auto civil = to_civil(value->get());
    if (value->get().offset) {
        const auto utc = TimeZone::find("UTC").value().to_instant(civil).first;
        return utc - minutes(value->get().offset->minutes);
    }
    const auto mapping = zone.to_instant(civil);
    if (mapping.kind != LocalMapping::Kind::unique) {
        context_.add_mistake(
            node->source(),
            fmt::format("the local time of {} {} in {}", key.name,
                        mapping.kind == LocalMapping::Kind::skipped ? "never existed" : "occurs twice", zone.name()),
            "write it with an offset, such as 2026-03-29T02:30:00+02:00");
        return std::nullopt;
    }
    return mapping.first;
}

int TableReader::time_of_day(Key key, int fallback) {
    const auto* node = take(key, {{"type", "string"}, {"pattern", R"(^\d\d:\d\d$)"}}, false);
    if (node == nullptr) return fallback;
    const auto text = node->value<std::string>();
    const auto minute = text ? minute_of_day(*text) : std::nullopt;
    if (minute && *minute < 24 * 60) return *minute;
    wrong_type(*node, key, "a time such as \"06:00\"");
    return fallback;
}

std::vector<DayWindow> TableReader::windows(Key key) {
    const auto listed = texts(key);
    std::vector<DayWindow> result;
    for (const auto& text : listed) {
        if (const auto window = parse_window(text)) {
            result.push_back(*window);
        } else {
            mistake(key.name,
                    fmt::format("expected a window such as \"08:30-11:30\" in {}, found \"{}\"", key.name, text),
                    "times run from 00:00 to 24:00; a window may pass midnight, such as \"23:00-07:00\"");
        }
    }
    return result;
}

std::string TableReader::reference(Key key, const std::string& kind) {
    auto id = text(key, "");
    if (!id.empty() && !describing()) context_.refer(kind, id, region(key.name));
    return id;
}

std::string TableReader::required_reference(Key key, const std::string& kind) {
    auto id = required_text(key);
    if (!id.empty() && !describing()) context_.refer(kind, id, region(key.name));
    return id;
}

std::vector<std::string> TableReader::references(Key key, const std::string& kind) {
    auto ids = texts(key);
    if (!describing()) {
        for (const auto& id : ids) context_.refer(kind, id, region(key.name));
    }
    return ids;
}

void TableReader::read_nested(const toml::node& node, Key key, json* schema, const Body& body) {
    const auto* nested = node.as_table();
    if (nested == nullptr) {
        wrong_type(node, key, fmt::format("a table [{}]", key.name));
        return;
    }
    TableReader reader(nested, context_, schema);
    body(reader);
    reader.finish();
}

json TableReader::nested_schema(const Body& body) const {
    json schema = json::object();
    if (schema_ != nullptr && describing()) {
        TableReader reader(nullptr, context_, &schema);
        body(reader);
    }
    return schema;
}

void TableReader::table(Key key, const Body& body) {
    const auto* node = take(key, nested_schema(body), false);
    if (node != nullptr) read_nested(*node, key, nullptr, body);
}

void TableReader::named_tables(Key key, const NamedBody& body) {
    auto element = nested_schema([&body](TableReader& reader) { body("id", reader); });
    const auto* node =
        take(key, {{"type", "object"}, {"additionalProperties", element}, {"propertyNames", {{"pattern", id_pattern}}}},
             false);
    if (node == nullptr) return;
    const auto* all = node->as_table();
    if (all == nullptr) {
        wrong_type(*node, key, fmt::format("tables such as [{}.main]", key.name));
        return;
    }
    for (const auto& [id, element_node] : in_file_order(*all)) {
        const auto& name = id;
        read_nested(*element_node, {.name = name, .doc = key.doc}, nullptr,
                    [&body, &name](TableReader& reader) { body(name, reader); });
    }
}

void TableReader::table_list(Key key, const Body& body) {
    const auto* node = take(key, {{"type", "array"}, {"items", nested_schema(body)}}, false);
    if (node == nullptr) return;
    const auto* array = node->as_array();
    if (array == nullptr) {
        wrong_type(*node, key, fmt::format("a list of tables [[{}]]", key.name));
        return;
    }
    for (const auto& item : *array) read_nested(item, key, nullptr, body);
}

std::map<std::string, double> TableReader::number_map(Key key) {
    const auto* node = take(key, {{"type", "object"}, {"additionalProperties", {{"type", "number"}}}}, false);
    std::map<std::string, double> result;
    if (node == nullptr) return result;
    const auto* all = node->as_table();
    if (all == nullptr) {
        wrong_type(*node, key, "a table of numbers");
        return result;
    }
    for (const auto& [name, value] : *all) {
        const std::string text(name.str());
        if (const auto number = checked_number(&value, {.name = text, .doc = key.doc}, {})) result[text] = *number;
    }
    return result;
}

std::map<std::string, Decimal> TableReader::decimal_map(Key key) {
    std::map<std::string, Decimal> result;
    for (const auto& [name, value] : number_map(key)) result[name] = Decimal::from_double(value);
    return result;
}

std::map<std::string, std::string> TableReader::value_texts(Key key) {
    const auto* node = take(key, {{"type", "object"}}, false);
    std::map<std::string, std::string> result;
    if (node == nullptr) return result;
    const auto* all = node->as_table();
    if (all == nullptr) {
        wrong_type(*node, key, "a table of values");
        return result;
    }
    for (const auto& [name, value] : *all) {
        std::ostringstream text;
        value.visit([&text](const auto& known) { text << known; });
        result[std::string(name.str())] = text.str();
    }
    return result;
}

std::map<std::string, std::string> TableReader::reference_map(Key key, const std::string& kind) {
    const auto* node = take(key, {{"type", "object"}, {"additionalProperties", {{"type", "string"}}}}, false);
    std::map<std::string, std::string> result;
    if (node == nullptr) return result;
    const auto* all = node->as_table();
    if (all == nullptr) {
        wrong_type(*node, key, "a table of texts");
        return result;
    }
    for (const auto& [name, value] : *all) {
        const auto text = value.value<std::string>();
        if (!text) {
            wrong_type(value, key, "a text");
            continue;
        }
        context_.refer(kind, *text, value.source());
        result[std::string(name.str())] = *text;
    }
    return result;
}

}  // namespace loadstar
