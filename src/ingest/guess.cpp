#include "ingest/guess.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "ingest/cells.hpp"
#include "ingest/guess_columns.hpp"
#include "ingest/guess_stamp.hpp"
#include "ingest/sample.hpp"

namespace loadstar::ingest {
namespace {

void explain_layout(const Sample& sample, MappingGuess& into) {
    auto& source = into.source;
    source.format = sample.format;
    if (sample.format == "parquet") {
        into.guesses.push_back({"format", "parquet", Certainty::sure, {"the file says so", "文件自述"}});
        return;
    }
    source.encoding = sample.encoding;
    source.delimiter = shown_delimiter(sample.delimiter);
    source.decimal_mark = std::string(1, sample.decimal_mark);
    source.skip_lines = sample.skip_lines;
    source.has_header = sample.has_header;
    into.guesses.push_back({"encoding", sample.encoding, Certainty::likely, {"by its first bytes", "依据开头字节"}});
    into.guesses.push_back({"delimiter",
                            source.delimiter,
                            Certainty::sure,
                            {fmt::format("cuts the lines into {} cells each", sample.header.size()),
                             fmt::format("每行切成 {} 个单元格", sample.header.size())}});
    into.guesses.push_back({"decimal_mark",
                            source.decimal_mark,
                            Certainty::likely,
                            {"as most numbers are written", "依据多数数字的写法"}});
    if (sample.skip_lines > 0) {
        into.guesses.push_back({"skip_lines",
                                fmt::format("{}", sample.skip_lines),
                                Certainty::likely,
                                {"lines before the table have another number of cells", "表格之前的行单元格数不同"}});
    }
    if (!sample.has_header) {
        into.guesses.push_back({"header",
                                "false",
                                Certainty::likely,
                                {"the first line holds numbers already: columns are named by position",
                                 "首行已是数据：按位置 #1、#2 命名列"}});
    }
}

void take_key(const Sample& sample, const std::optional<KeyGuess>& key, MappingGuess& into) {
    if (!key) return;
    into.source.key_column = sample.header[key->column];
    into.source.keys = key->keys;
    into.guesses.push_back({"key_column",
                            into.source.key_column,
                            Certainty::likely,
                            {fmt::format("stamps come several times, once for each of {}", fmt::join(key->keys, ", ")),
                             fmt::format("同一时间戳出现多次，分属 {}", fmt::join(key->keys, "、"))}});
}

}  // namespace

const char* to_string(Certainty certainty) {
    switch (certainty) {
        case Certainty::sure: return "sure";
        case Certainty::likely: return "likely";
        case Certainty::unsure: return "unsure";
    }
    return "unsure";
}

Result<MappingGuess> guess_mapping(const std::filesystem::path& file) {
    LOADSTAR_TRY(const auto sample, read_sample(file));
    MappingGuess guess{.rows = static_cast<std::int64_t>(sample.rows()), .whole_file = sample.whole};
    guess.source.path = file.string();
    explain_layout(sample, guess);
    LOADSTAR_TRY(const auto stamp, guess_stamp(sample, file.string()));
    guess.source.stamp = stamp.format;
    guess.guesses.insert(guess.guesses.end(), stamp.guesses.begin(), stamp.guesses.end());
    const auto key = guess_key(sample, stamp);
    take_key(sample, key, guess);
    guess_columns(sample, stamp, key, guess);
    if (!guess.source.columns.empty()) return guess;
    return Error{.code = ErrorCode::invalid_input,
                 .message = fmt::format("no column of numbers found beside the stamps; the columns are: {}",
                                        fmt::join(sample.header, ", ")),
                 .where = file.string(),
                 .hint = "check the delimiter and the decimal mark of the file"};
}

}  // namespace loadstar::ingest
