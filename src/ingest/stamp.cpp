#include "ingest/stamp.hpp"

#include <array>
#include <charconv>
#include <chrono>
#include <cmath>

#include <fmt/format.h>

#include "ingest/number.hpp"

namespace loadstar::ingest {
namespace {

constexpr std::int64_t day_ms = 86'400'000;

struct Fields {
    int year = 1970;
    int month = 1;
    int day = 1;
    int hour = 0;
    int minute = 0;
    int second = 0;
    int millisecond = 0;
    std::optional<int> offset_minutes;  ///< of the stamp, east of Greenwich
    std::optional<bool> afternoon;      ///< of %p
};

/// Consumes text from the left.
struct Cursor {
    std::string_view text;

    bool digits(int least, int most, int& value) {
        int count = 0;
        int number = 0;
        while (count < most && count < static_cast<int>(text.size()) && text[static_cast<std::size_t>(count)] >= '0' &&
               text[static_cast<std::size_t>(count)] <= '9') {
            number = number * 10 + (text[static_cast<std::size_t>(count)] - '0');
            ++count;
        }
        if (count < least) return false;
        text.remove_prefix(static_cast<std::size_t>(count));
        value = number;
        return true;
    }
    bool letter(char expected) {
        if (!text.starts_with(expected)) return false;
        text.remove_prefix(1);
        return true;
    }
    void blanks() {
        while (text.starts_with(' ')) text.remove_prefix(1);
    }
};

/// Digits after the decimal point, of which three count.
bool read_fraction(Cursor& cursor, int& millisecond) {
    int weight = 100;
    bool any = false;
    while (!cursor.text.empty() && cursor.text.front() >= '0' && cursor.text.front() <= '9') {
        millisecond += (cursor.text.front() - '0') * weight;
        weight /= 10;
        any = true;
        cursor.text.remove_prefix(1);
    }
    return any;
}

/// "Z", "+08:00", "+0800" or "+08".
bool read_offset(Cursor& cursor, Fields& fields) {
    if (cursor.letter('Z') || cursor.letter('z')) {
        fields.offset_minutes = 0;
        return true;
    }
    const bool west = cursor.text.starts_with('-');
    if (!west && !cursor.text.starts_with('+')) return false;
    cursor.text.remove_prefix(1);
    int hour = 0;
    int minute = 0;
    if (!cursor.digits(2, 2, hour)) return false;
    const bool colon = cursor.letter(':');
    if (!cursor.digits(colon ? 2 : 0, 2, minute) || hour > 18 || minute > 59) return false;
    fields.offset_minutes = (west ? -1 : 1) * (hour * 60 + minute);
    return true;
}

bool read_month_name(Cursor& cursor, int& month) {
    constexpr std::array<std::string_view, 12> names{"jan", "feb", "mar", "apr", "may", "jun",
                                                     "jul", "aug", "sep", "oct", "nov", "dec"};
    std::string word;
    while (!cursor.text.empty() && std::isalpha(static_cast<unsigned char>(cursor.text.front())) != 0) {
        word.push_back(static_cast<char>(std::tolower(static_cast<unsigned char>(cursor.text.front()))));
        cursor.text.remove_prefix(1);
    }
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (word.size() >= 3 && word.starts_with(names[i])) month = static_cast<int>(i) + 1;
    }
    return month != 0;
}

bool read_half_day(Cursor& cursor, Fields& fields) {
    for (const auto& [text, afternoon] : {std::pair{"AM", false},
                                          {"PM", true},
                                          {"am", false},
                                          {"pm", true},
                                          {"\xE4\xB8\x8A\xE5\x8D\x88", false},    // morning, in Chinese
                                          {"\xE4\xB8\x8B\xE5\x8D\x88", true}}) {  // afternoon
        if (cursor.text.starts_with(text)) {
            cursor.text.remove_prefix(std::string_view(text).size());
            fields.afternoon = afternoon;
            return true;
        }
    }
    return false;
}

bool read_field(char directive, Cursor& cursor, Fields& fields) {
    switch (directive) {
        case 'Y': return cursor.digits(4, 4, fields.year);
        case 'y': {
            if (!cursor.digits(2, 2, fields.year)) return false;
            fields.year += fields.year < 70 ? 2000 : 1900;
            return true;
        }
        case 'm': return cursor.digits(1, 2, fields.month);
        case 'b':
        case 'B': {
            fields.month = 0;
            return read_month_name(cursor, fields.month);
        }
        case 'e':
        case 'd': return cursor.digits(1, 2, fields.day);
        case 'I':
        case 'H': return cursor.digits(1, 2, fields.hour);
        case 'M': return cursor.digits(1, 2, fields.minute);
        case 'S': return cursor.digits(1, 2, fields.second);
        case 'f': return read_fraction(cursor, fields.millisecond);
        case 'p': return read_half_day(cursor, fields);
        case 'z': return read_offset(cursor, fields);
        default: return cursor.letter(directive);  // %%
    }
}

bool read_pattern(std::string_view pattern, Cursor& cursor, Fields& fields) {
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        if (pattern[i] == '%') {
            if (!read_field(pattern[++i], cursor, fields)) return false;
        } else if (pattern[i] == ' ') {
            cursor.blanks();
        } else if (!cursor.letter(pattern[i])) {
            return false;
        }
    }
    return cursor.text.empty();
}

bool read_iso8601(Cursor& cursor, Fields& fields) {
    if (!cursor.digits(4, 4, fields.year) || !cursor.letter('-') || !cursor.digits(2, 2, fields.month) ||
        !cursor.letter('-') || !cursor.digits(2, 2, fields.day)) {
        return false;
    }
    if (cursor.text.empty()) return true;
    if (!cursor.letter('T') && !cursor.letter(' ')) return false;
    if (!cursor.digits(2, 2, fields.hour) || !cursor.letter(':') || !cursor.digits(2, 2, fields.minute)) return false;
    if (cursor.letter(':')) {
        if (!cursor.digits(2, 2, fields.second)) return false;
        if ((cursor.letter('.') || cursor.letter(',')) && !read_fraction(cursor, fields.millisecond)) return false;
    }
    cursor.blanks();
    return cursor.text.empty() || (read_offset(cursor, fields) && cursor.text.empty());
}

std::optional<Stamp> stamp_of(Fields fields) {
    if (fields.afternoon) {
        if (fields.hour < 1 || fields.hour > 12) return std::nullopt;
        fields.hour = fields.hour % 12 + (*fields.afternoon ? 12 : 0);
    }
    const auto day = std::chrono::year{fields.year} / fields.month / fields.day;
    const bool hour_24 = fields.hour == 24 && fields.minute == 0 && fields.second == 0 && fields.millisecond == 0;
    if (!day.ok() || fields.hour > (hour_24 ? 24 : 23) || fields.minute > 59 || fields.second > 59) return std::nullopt;
    const std::int64_t days = std::chrono::sys_days{day}.time_since_epoch().count();
    const std::int64_t second = fields.hour * 3600LL + fields.minute * 60LL + fields.second;
    const std::int64_t local = days * day_ms + second * 1000 + fields.millisecond;
    if (!fields.offset_minutes) return Stamp{.milliseconds = local, .hour_24 = hour_24};
    return Stamp{.milliseconds = local - *fields.offset_minutes * 60'000LL, .absolute = true, .hour_24 = hour_24};
}

/// Years 1900 to 9999 in milliseconds since 1970; what lies outside is not a stamp.
constexpr double earliest_ms = -2'208'988'800'000.0;
constexpr double latest_ms = 253'402'300'799'000.0;

std::optional<Stamp> counted(std::string_view text, double unit_ms, double origin_ms, bool absolute) {
    const auto number = parse_number(text, text.find(',') == std::string_view::npos ? '.' : ',');
    if (!number) return std::nullopt;
    // Serial days of spreadsheets carry rounding of a fraction of a millisecond; whole seconds are meant.
    const double raw = *number * unit_ms + origin_ms;
    const double value = absolute ? std::round(raw) : std::round(raw / 1000.0) * 1000.0;
    if (!(value >= earliest_ms && value <= latest_ms)) return std::nullopt;
    return Stamp{.milliseconds = static_cast<std::int64_t>(value), .absolute = absolute};
}

constexpr double excel_epoch_ms = -25'569.0 * static_cast<double>(day_ms);  // 1899-12-30

/// Writes %F and %T out. Errors: an unknown directive.
Result<std::string> written_out(const std::string& format) {
    constexpr std::string_view known = "YymbBdeHIMSfpz%";
    std::string result;
    for (std::size_t i = 0; i < format.size(); ++i) {
        if (format[i] != '%') {
            result.push_back(format[i]);
            continue;
        }
        const char directive = i + 1 < format.size() ? format[++i] : '\0';
        if (directive == 'F') {
            result += "%Y-%m-%d";
        } else if (directive == 'T') {
            result += "%H:%M:%S";
        } else if (directive != '\0' && known.find(directive) != std::string_view::npos) {
            result.append({'%', directive});
        } else {
            return Error{.code = ErrorCode::invalid_input,
                         .message = fmt::format("unknown directive \"%{}\" in the stamp format \"{}\"",
                                                directive == '\0' ? ' ' : directive, format),
                         .hint =
                             "use %Y %y %m %b %d %H %I %p %M %S %f %z %F %T, or iso8601, unix_seconds, "
                             "unix_milliseconds, excel"};
        }
    }
    return result;
}

}  // namespace

Result<StampParser> StampParser::compile(const std::string& format) {
    if (format == "iso8601") return StampParser(Family::iso8601, format);
    if (format == "unix_seconds") return StampParser(Family::unix_seconds, format);
    if (format == "unix_milliseconds") return StampParser(Family::unix_milliseconds, format);
    if (format == "excel") return StampParser(Family::excel, format);
    StampParser parser(Family::pattern, format);
    LOADSTAR_TRY(parser.pattern_, written_out(format));
    if (parser.pattern_.find('%') == std::string::npos) {
        return Error{.code = ErrorCode::invalid_input,
                     .message = fmt::format("the stamp format \"{}\" names no part of a date", format),
                     .hint = "use iso8601, unix_seconds, unix_milliseconds, excel or a pattern such as %d/%m/%Y %H:%M"};
    }
    return parser;
}

std::optional<Stamp> StampParser::parse(std::string_view text) const {
    Cursor cursor{text};
    Fields fields;
    switch (family_) {
        case Family::unix_seconds: return counted(text, 1000.0, 0, true);
        case Family::unix_milliseconds: return counted(text, 1.0, 0, true);
        case Family::excel: return counted(text, static_cast<double>(day_ms), excel_epoch_ms, false);
        case Family::iso8601:
            if (!read_iso8601(cursor, fields)) return std::nullopt;
            break;
        case Family::pattern:
            if (!read_pattern(pattern_, cursor, fields)) return std::nullopt;
            break;
    }
    return stamp_of(fields);
}

}  // namespace loadstar::ingest
