#include "base/instant.hpp"

#include <fmt/format.h>

#include "base/time_zone.hpp"

namespace loadstar {
namespace {

/// Takes `width` digits off the front of the text.
bool take_digits(std::string_view& text, std::size_t width, int& value) {
    if (text.size() < width) return false;
    value = 0;
    for (std::size_t i = 0; i < width; ++i) {
        if (text[i] < '0' || text[i] > '9') return false;
        value = value * 10 + (text[i] - '0');
    }
    text.remove_prefix(width);
    return true;
}

bool take(std::string_view& text, std::string_view any_of) {
    if (text.empty() || any_of.find(text.front()) == std::string_view::npos) return false;
    text.remove_prefix(1);
    return true;
}

/// Reads `.fff…`, keeping milliseconds.
void take_fraction(std::string_view& text, int& millisecond) {
    if (!take(text, ".,")) return;
    int scale = 100;
    while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
        millisecond += (text.front() - '0') * scale;
        scale /= 10;
        text.remove_prefix(1);
    }
}

bool take_offset(std::string_view& text, minutes& offset) {
    if (take(text, "Zz")) return true;
    if (text.empty() || (text.front() != '+' && text.front() != '-')) return false;
    const int sign = text.front() == '-' ? -1 : 1;
    text.remove_prefix(1);
    int hour = 0;
    int minute = 0;
    if (!take_digits(text, 2, hour)) return false;
    take(text, ":");
    if (!text.empty() && !take_digits(text, 2, minute)) return false;
    offset = minutes(sign * (hour * 60 + minute));
    return hour <= 18 && minute < 60;
}

}  // namespace

std::string to_string(Instant instant) {
    const auto day = std::chrono::floor<std::chrono::days>(instant);
    const std::chrono::hh_mm_ss<Duration> time(instant - day);
    auto text = fmt::format("{}T{:02}:{:02}:{:02}", to_string(LocalDay{day}), time.hours().count(),
                            time.minutes().count(), time.seconds().count());
    if (time.subseconds().count() != 0) text += fmt::format(".{:03}", time.subseconds().count());
    return text + "Z";
}

Result<Instant> parse_instant(std::string_view text) {
    const auto fail = [text] {
        return Error{.code = ErrorCode::invalid_input,
                     .message = fmt::format("expected a time such as 2018-03-06T00:00:00+08:00, found \"{}\"", text)};
    };
    std::string_view rest = text;
    int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, millisecond = 0;
    if (!take_digits(rest, 4, year) || !take(rest, "-") || !take_digits(rest, 2, month) || !take(rest, "-") ||
        !take_digits(rest, 2, day) || !take(rest, "Tt ") || !take_digits(rest, 2, hour) || !take(rest, ":") ||
        !take_digits(rest, 2, minute)) {
        return fail();
    }
    if (take(rest, ":") && !take_digits(rest, 2, second)) return fail();
    take_fraction(rest, millisecond);
    minutes offset(0);
    const LocalDay date = std::chrono::year{year} / month / day;
    if (!take_offset(rest, offset) || !rest.empty() || !date.ok() || hour > 23 || minute > 59 || second > 59) {
        return fail();
    }
    return Instant(std::chrono::sys_days{date}) + hours(hour) + minutes(minute) + seconds(second) +
           Duration(millisecond) - offset;
}

Instant SystemClock::now() const { return std::chrono::floor<Duration>(std::chrono::system_clock::now()); }

}  // namespace loadstar
