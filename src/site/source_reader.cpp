#include <cmath>
#include <cstdlib>
#include <regex>

#include <fmt/format.h>

#include "site/readers.hpp"

namespace loadstar {
namespace {

Duration read_step(TableReader& reader, Duration fallback) {
    const double whole = std::chrono::duration<double, std::ratio<60>>(fallback).count();
    const double minutes_count = reader.number({"step_minutes", "length of an interval, in minutes"}, whole, positive);
    return Duration(std::llround(minutes_count * 60'000.0));
}

SeriesKind read_kind(TableReader& reader) {
    return reader.choice<SeriesKind>({"kind", "what the numbers mean"},
                                     {{"interval_energy", SeriesKind::interval_energy},
                                      {"mean_power", SeriesKind::mean_power},
                                      {"register", SeriesKind::register_reading},
                                      {"state", SeriesKind::state},
                                      {"count", SeriesKind::count},
                                      {"price", SeriesKind::price},
                                      {"temperature", SeriesKind::temperature}},
                                     SeriesKind::interval_energy);
}

ColumnMapping read_column(TableReader& reader, Duration step) {
    ColumnMapping column;
    column.column = reader.required_text({"column", "header of the column, or \"#3\" for the third"});
    column.series = reader.required_text({"series", "id of the series it fills; \"{key}\" stands for the row's key"});
    column.kind = read_kind(reader);
    column.unit = reader.text({"unit", "unit of the series: kWh, kW, kvarh, m3, pcs, C, 1"}, "");
    column.step = read_step(reader, step);
    column.scale = reader.number({"scale", "value in the series = number in the file x scale"}, 1);
    column.maximum =
        reader.optional_number({"maximum", "most the meter can carry: a rate per hour for energy (kW for kWh)"});
    column.minimum = reader.optional_number({"minimum", "smallest possible number; readings below it are rejected"});
    column.missing = reader.choice<MissingMeaning>(
        {"missing", "what a slot without a row means"},
        {{"unknown", MissingMeaning::unknown}, {"zero", MissingMeaning::zero}}, MissingMeaning::unknown);
    column.known_ahead = reader.flag(
        {"known_ahead", "a plan or a forecast: stamps in the future are no mistake (prices always may)"}, false);
    column.forecast_of =
        reader.reference({"forecast_of", "measured series that this forecast from elsewhere foretells"}, "series");
    if (!column.forecast_of.empty()) column.known_ahead = true;
    if (column.forecast_of == column.series && !column.series.empty())
        reader.mistake("forecast_of", fmt::format("series {} is said to foretell itself", column.series),
                       "measured and foretold values are two series");
    reader.table({"counter", "rules of a cumulative counter"}, [&column](TableReader& counter) {
        RegisterRules rules;
        rules.modulus = counter.optional_number({"modulus", "the counter wraps to zero here"}, positive);
        rules.multiplier = counter.number({"multiplier", "transformer ratio"}, 1, positive);
        column.counter = rules;
    });
    column.codes = reader.number_map({"codes", "state code of each text in the file"});
    return column;
}

StampFormat read_stamp(TableReader& reader) {
    StampFormat stamp;
    const auto single = reader.text({"column", "column that holds the stamp"}, "");
    stamp.columns = reader.texts({"columns", "date and time columns, when they are two"});
    if (!single.empty()) stamp.columns.insert(stamp.columns.begin(), single);
    if (stamp.columns.empty()) reader.mistake("", "column is missing", "name the column that holds the stamp");
    stamp.format = reader.text(
        {"format", "iso8601, unix_seconds, unix_milliseconds, excel, or a pattern such as %d/%m/%Y %H:%M"}, "iso8601");
    stamp.convention = reader.choice<StampConvention>(
        {"marks", "which end of its interval a stamp marks"},
        {{"start", StampConvention::interval_start}, {"end", StampConvention::interval_end}},
        StampConvention::interval_start);
    stamp.midnight_keeps_date = reader.flag(
        {"midnight_keeps_date", "the last interval of a day is stamped 00:00 with the date of that same day"}, false);
    if (stamp.midnight_keeps_date && stamp.convention != StampConvention::interval_end) {
        reader.mistake("midnight_keeps_date", "midnight_keeps_date needs marks = \"end\"",
                       "a start stamp of 00:00 is the first interval of its day, whatever its date");
    }
    return stamp;
}

void check_keys(const Source& source, TableReader& reader) {
    for (const auto& column : source.columns) {
        const bool keyed = is_keyed(column);
        if (keyed && source.key_column.empty()) {
            reader.mistake("column",
                           fmt::format("series \"{}\" uses {{key}}, but key_column is not given", column.series));
        }
        if (keyed && !column.forecast_of.empty()) {
            reader.mistake("column", fmt::format("forecast_of \"{}\" with a series for each key", column.forecast_of),
                           "give each forecast a column of its own");
        }
        if (!keyed && !source.key_column.empty()) {
            reader.mistake(
                "column",
                fmt::format("series \"{}\" would mix the readings of all {} keys", column.series, source.keys.size()),
                "put {key} into the name, such as \"machine{key}.power\"");
        }
    }
    if (!source.key_column.empty() && source.keys.empty()) {
        reader.mistake("key_column", "keys is missing", "list the keys to read, such as keys = [\"0\", \"1\"]");
    }
}

RepeatedHour read_repeated_hour(TableReader& reader) {
    return reader.choice<RepeatedHour>({"repeated_hour", "which instant a local time means when clocks go back"},
                                       {{"file_order", RepeatedHour::file_order},
                                        {"first", RepeatedHour::first},
                                        {"second", RepeatedHour::second},
                                        {"reject", RepeatedHour::reject}},
                                       RepeatedHour::file_order);
}

void read_shape(Source& source, TableReader& reader) {
    source.format =
        reader.choice<std::string>({"format", "kind of file"}, {{"csv", "csv"}, {"parquet", "parquet"}}, "csv");
    source.encoding = reader.text({"encoding", "UTF-8, UTF-16, GB18030, ...; detected when absent"}, "");
    source.delimiter = reader.text({"delimiter", "character between cells; detected when absent"}, "");
    source.decimal_mark =
        reader.choice<std::string>({"decimal_mark", "decimal point or comma"}, {{".", "."}, {",", ","}}, ".");
    source.skip_lines = reader.integer({"skip_lines", "lines in front of the header line"}, 0, not_negative);
    source.has_header = reader.flag({"header", "whether the file has a header line"}, true);
    const auto missing = reader.texts({"missing", "cells that mean there is no reading"});
    if (!missing.empty()) source.missing_texts = missing;
}

}  // namespace

std::string expand_environment(const std::string& text, TableReader& reader, std::string_view key) {
    static const std::regex variable(R"(\$(?:(\w+)|\{(\w+)(?::-([^}]*))?\}))");
    std::string result;
    auto rest = text.cbegin();
    for (std::sregex_iterator match(text.begin(), text.end(), variable), none; match != none; ++match) {
        result.append(rest, (*match)[0].first);
        rest = (*match)[0].second;
        const auto name = (*match)[1].matched ? (*match)[1].str() : (*match)[2].str();
        if (const char* value = std::getenv(name.c_str()); value != nullptr && *value != '\0') {
            result += value;
        } else if ((*match)[3].matched) {
            result += (*match)[3].str();
        } else {
            reader.mistake(key, fmt::format("environment variable {} is not set, needed for \"{}\"", name, text),
                           fmt::format("export {}=<folder>, or give a default: ${{{}:-<folder>}}", name, name));
        }
    }
    result.append(rest, text.cend());
    return result;
}

Source read_source(const std::string& id, TableReader& reader, const std::filesystem::path& folder) {
    Source source;
    source.id = id;
    source.line = static_cast<int>(reader.region().begin.line);
    const auto file = expand_environment(
        reader.required_text({"file", "file name relative to the plant; * matches several"}), reader, "file");
    source.path = file.empty() ? file : (folder / file).lexically_normal().string();
    read_shape(source, reader);
    source.revision =
        reader.integer({"revision", "a higher revision corrects a lower one"}, 0, {.minimum = 0, .maximum = 65535});
    source.repeated_hour = read_repeated_hour(reader);
    source.key_column = reader.text({"key_column", "column that tells machines apart in long files"}, "");
    source.keys = reader.texts({"keys", "the keys to read"});
    source.reject_all_zero_rows =
        reader.flag({"reject_all_zero_rows", "a row of zeros only is a logger's blank"}, false);
    reader.table({"stamp", "how stamps are read"}, [&source](TableReader& stamp) { source.stamp = read_stamp(stamp); });
    source.stamp.time_zone = reader.text({"time_zone", "zone of stamps without an offset; the site's when absent"}, "");
    if (!source.stamp.time_zone.empty()) {
        if (const auto zone = TimeZone::find(source.stamp.time_zone); !zone)
            reader.mistake("time_zone", zone.error().message, zone.error().hint);
    }
    if (!reader.describing() && !reader.has("stamp")) {
        reader.mistake("", "stamp is missing", fmt::format("add [source.{}.stamp] with column = \"...\"", id));
    }
    const auto step = read_step(reader, minutes(15));
    reader.table_list({"column", "value columns and the series they fill"},
                      [&](TableReader& column) { source.columns.push_back(read_column(column, step)); });
    if (!reader.describing()) check_keys(source, reader);
    return source;
}

void declare_series(const Source& source, ReaderContext& context) {
    for (const auto& column : source.columns)
        for (const auto& series : series_filled_by(source, column)) context.declare("series", series);
}

}  // namespace loadstar
