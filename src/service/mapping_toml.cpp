#include "service/mapping_toml.hpp"

#include <algorithm>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace loadstar::service {
namespace {

std::string quoted(const std::string& text) {
    std::string result = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') result.push_back('\\');
        if (static_cast<unsigned char>(c) < 0x20) {
            result += fmt::format("\\u{:04X}", static_cast<unsigned>(c));
        } else {
            result.push_back(c);
        }
    }
    return result + "\"";
}

std::string list(const std::vector<std::string>& texts) {
    std::vector<std::string> parts;
    for (const auto& text : texts) parts.push_back(quoted(text));
    return fmt::format("[{}]", fmt::join(parts, ", "));
}

std::string number(double value) { return fmt::format("{:.15g}", value); }

double minutes_of(Duration step) { return static_cast<double>(step.count()) / 60'000.0; }

void write_shape(const Source& source, std::string& text) {
    const Source plain;
    const auto line = [&text](std::string_view key, const std::string& value) {
        text += fmt::format("{} = {}\n", key, value);
    };
    line("file", quoted(source.path));
    if (source.format != plain.format) line("format", quoted(source.format));
    if (!source.encoding.empty() && source.encoding != "UTF-8") line("encoding", quoted(source.encoding));
    if (!source.delimiter.empty())
        line("delimiter", source.delimiter == "\\t" ? "\"\\\\t\"" : quoted(source.delimiter));
    if (source.decimal_mark != plain.decimal_mark) line("decimal_mark", quoted(source.decimal_mark));
    if (source.skip_lines != 0) line("skip_lines", fmt::format("{}", source.skip_lines));
    if (!source.has_header) line("header", "false");
    if (source.missing_texts != plain.missing_texts) line("missing", list(source.missing_texts));
    if (!source.stamp.time_zone.empty()) line("time_zone", quoted(source.stamp.time_zone));
    if (!source.key_column.empty()) {
        line("key_column", quoted(source.key_column));
        line("keys", list(source.keys));
    }
    if (!source.columns.empty()) line("step_minutes", number(minutes_of(source.columns[0].step)));
    if (source.reject_all_zero_rows) line("reject_all_zero_rows", "true");
}

void write_stamp(const StampFormat& stamp, std::string& text) {
    text += stamp.columns.size() == 1 ? fmt::format("column = {}\n", quoted(stamp.columns[0]))
                                      : fmt::format("columns = {}\n", list(stamp.columns));
    text += fmt::format("format = {}\n", quoted(stamp.format));
    const bool ends = stamp.convention == StampConvention::interval_end;
    text += fmt::format("marks = \"{}\"\n", ends ? "end" : "start");
    if (stamp.midnight_keeps_date) text += "midnight_keeps_date = true\n";
}

void write_codes(const ColumnMapping& column, std::string& text) {
    std::vector<std::string> parts;
    for (const auto& [name, code] : column.codes) parts.push_back(fmt::format("{} = {}", quoted(name), number(code)));
    if (!parts.empty()) text += fmt::format("codes = {{ {} }}\n", fmt::join(parts, ", "));
}

void write_column(const Source& source, const ColumnMapping& column, std::string& text) {
    text += fmt::format("\n[[source.{}.column]]\ncolumn = {}\nseries = {}\nkind = \"{}\"\n", source.id,
                        quoted(column.column), quoted(column.series), to_string(column.kind));
    if (!column.unit.empty()) text += fmt::format("unit = {}\n", quoted(column.unit));
    if (column.step != source.columns[0].step)
        text += fmt::format("step_minutes = {}\n", number(minutes_of(column.step)));
    if (column.scale != 1) text += fmt::format("scale = {}\n", number(column.scale));
    if (column.maximum) text += fmt::format("maximum = {}\n", number(*column.maximum));
    if (column.minimum) text += fmt::format("minimum = {}\n", number(*column.minimum));
    if (column.missing == MissingMeaning::zero) text += "missing = \"zero\"\n";
    if (column.known_ahead) text += "known_ahead = true\n";
    write_codes(column, text);
    if (!column.counter) return;
    std::string rules = fmt::format("multiplier = {}", number(column.counter->multiplier));
    if (column.counter->modulus) rules += fmt::format(", modulus = {}", number(*column.counter->modulus));
    text += fmt::format("counter = {{ {} }}\n", rules);
}

}  // namespace

std::string to_toml(const Source& source) {
    std::string text = fmt::format("[source.{}]\n", source.id);
    write_shape(source, text);
    text += fmt::format("\n[source.{}.stamp]\n", source.id);
    write_stamp(source.stamp, text);
    for (const auto& column : source.columns) write_column(source, column, text);
    return text;
}

}  // namespace loadstar::service
