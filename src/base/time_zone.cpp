#include "base/time_zone.hpp"

#include <algorithm>
#include <charconv>

#include <date/tz.h>
#include <fmt/format.h>

#include "base/nearest.hpp"

namespace loadstar {
namespace {

using std::chrono::days;
using std::chrono::sys_days;

date::local_time<Duration> to_local(const CivilTime& civil) {
    const auto day =
        date::local_days{date::year{civil.year} / static_cast<int>(civil.month) / static_cast<int>(civil.day)};
    return day + hours(civil.hour) + minutes(civil.minute) + seconds(civil.second) + Duration(civil.millisecond);
}

date::sys_time<Duration> to_date(Instant instant) { return date::sys_time<Duration>(instant.time_since_epoch()); }
Instant from_date(date::sys_seconds time) { return Instant(time.time_since_epoch()); }

/// Reads exactly `width` digits at `position`.
bool read_digits(std::string_view text, std::size_t position, std::size_t width, int& value) {
    if (text.size() < position + width) return false;
    const auto* begin = text.data() + position;
    const auto [end, status] = std::from_chars(begin, begin + width, value);
    return status == std::errc() && end == begin + width && *begin != '-';
}

}  // namespace

struct TimeZone::Rules {
    const date::time_zone* zone;
    std::string name;
};

LocalDay CivilTime::date() const { return std::chrono::year{year} / static_cast<int>(month) / static_cast<int>(day); }

int weekday_from_monday(LocalDay day) {
    return static_cast<int>(std::chrono::weekday{sys_days{day}}.iso_encoding()) - 1;
}

std::string to_string(LocalDay day) {
    return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(day.year()), static_cast<unsigned>(day.month()),
                       static_cast<unsigned>(day.day()));
}

LocalDay add_days(LocalDay day, int count) { return LocalDay{sys_days{day} + days(count)}; }

int days_between(LocalDay from, LocalDay to) { return static_cast<int>((sys_days{to} - sys_days{from}).count()); }

Result<LocalDay> parse_day(std::string_view text) {
    int year = 0;
    int month = 0;
    int day = 0;
    const bool shaped = text.size() == 10 && text[4] == '-' && text[7] == '-' && read_digits(text, 0, 4, year) &&
                        read_digits(text, 5, 2, month) && read_digits(text, 8, 2, day);
    const LocalDay result = std::chrono::year{year} / month / day;
    if (!shaped || !result.ok()) {
        return Error{.code = ErrorCode::invalid_input,
                     .message = fmt::format("expected a date such as 2018-03-06, found \"{}\"", text)};
    }
    return result;
}

Result<std::chrono::year_month> parse_month(std::string_view text) {
    int year = 0;
    int month = 0;
    const bool shaped =
        text.size() == 7 && text[4] == '-' && read_digits(text, 0, 4, year) && read_digits(text, 5, 2, month);
    const std::chrono::year_month result = std::chrono::year{year} / month;
    if (!shaped || !result.ok()) {
        return Error{.code = ErrorCode::invalid_input,
                     .message = fmt::format("expected a month such as 2018-03, found \"{}\"", text)};
    }
    return result;
}

std::string to_string(std::chrono::year_month month) {
    return fmt::format("{:04}-{:02}", static_cast<int>(month.year()), static_cast<unsigned>(month.month()));
}

TimeZone::TimeZone(std::shared_ptr<const Rules> rules) : rules_(std::move(rules)) {}

Result<TimeZone> TimeZone::find(const std::string& name) {
    try {
        const auto* zone = date::locate_zone(name);
        return TimeZone(std::make_shared<const Rules>(Rules{.zone = zone, .name = name}));
    } catch (const std::runtime_error&) {
        std::vector<std::string> known;
        for (const auto& zone : date::get_tzdb().zones) known.push_back(zone.name());
        Error error{.code = ErrorCode::not_found, .message = fmt::format("unknown time zone \"{}\"", name)};
        const auto close = nearest(name, known);
        error.hint = close.empty() ? "use an IANA name such as Asia/Shanghai" : "did you mean " + close + "?";
        return error;
    }
}

const std::string& TimeZone::name() const { return rules_->name; }

const TimeZone::Interval& TimeZone::interval_at(Instant instant) const {
    if (instant < cached_.begin || instant >= cached_.end) {
        const auto info = rules_->zone->get_info(std::chrono::floor<seconds>(to_date(instant)));
        const auto clamp_end = [](date::sys_seconds t) {
            // Zone tables end in years whose milliseconds overflow; anything beyond year 9999 is "for ever".
            constexpr auto far = date::sys_seconds(seconds(253'402'300'799LL));
            return from_date(std::clamp(t, -far.time_since_epoch() + date::sys_seconds{}, far));
        };
        cached_ = {.begin = clamp_end(info.begin), .end = clamp_end(info.end), .offset = info.offset};
    }
    return cached_;
}

std::chrono::seconds TimeZone::offset(Instant instant) const { return interval_at(instant).offset; }

CivilTime TimeZone::to_civil(Instant instant) const {
    const auto local = instant.time_since_epoch() + offset(instant);
    const auto day = std::chrono::floor<days>(local);
    const LocalDay ymd{sys_days{day}};
    const auto rest = std::chrono::hh_mm_ss<Duration>(local - day);
    return {.year = static_cast<int>(ymd.year()),
            .month = static_cast<unsigned>(ymd.month()),
            .day = static_cast<unsigned>(ymd.day()),
            .hour = static_cast<int>(rest.hours().count()),
            .minute = static_cast<int>(rest.minutes().count()),
            .second = static_cast<int>(rest.seconds().count()),
            .millisecond = static_cast<int>(rest.subseconds().count())};
}

LocalMapping TimeZone::to_instant(const CivilTime& civil) const {
    // Fast path: inside the cached rule by more than any offset change, the mapping is unique.
    const auto local = to_local(civil);
    const Instant guess(local.time_since_epoch() - cached_.offset);
    if (cached_.begin < cached_.end && guess >= cached_.begin + hours(26) && guess < cached_.end - hours(26)) {
        return {.kind = LocalMapping::Kind::unique, .first = guess, .second = guess};
    }
    const auto info = rules_->zone->get_info(std::chrono::floor<seconds>(local));
    const Instant first(local.time_since_epoch() - info.first.offset);
    if (info.result == date::local_info::unique) {
        (void)interval_at(first);
        return {.kind = LocalMapping::Kind::unique, .first = first, .second = first};
    }
    if (info.result == date::local_info::ambiguous) {
        const Instant second(local.time_since_epoch() - info.second.offset);
        return {.kind = LocalMapping::Kind::repeated, .first = first, .second = second};
    }
    const Instant jump = from_date(info.first.end);
    return {.kind = LocalMapping::Kind::skipped, .first = jump, .second = jump};
}

LocalDay TimeZone::day_of(Instant instant) const { return to_civil(instant).date(); }

Instant TimeZone::start_of_day(LocalDay day) const {
    const CivilTime midnight{.year = static_cast<int>(day.year()),
                             .month = static_cast<unsigned>(day.month()),
                             .day = static_cast<unsigned>(day.day())};
    return to_instant(midnight).first;
}

Instant TimeZone::start_of_month(std::chrono::year_month month) const {
    return start_of_day(month / std::chrono::day{1});
}

std::string TimeZone::format(Instant instant) const {
    const auto civil = to_civil(instant);
    const auto shift = std::chrono::duration_cast<minutes>(offset(instant)).count();
    return fmt::format("{}T{:02}:{:02}:{:02}{}{:02}:{:02}", to_string(civil.date()), civil.hour, civil.minute,
                       civil.second, shift < 0 ? '-' : '+', std::abs(shift) / 60, std::abs(shift) % 60);
}

}  // namespace loadstar
