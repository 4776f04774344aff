#include "detect/expectation.hpp"

#include <algorithm>
#include <map>
#include <optional>

#include "detect/day_class.hpp"

namespace loadstar::detect {

namespace {

/// A value of a past day at one minute of the day.
struct Past {
    LocalDay day;
    DayClass day_class;
    double value;
};

constexpr std::size_t remembered = 8;
constexpr std::size_t kept = 8 * remembered;  // eight Mondays among the working days
constexpr int delay_days = 7;                 // keeps a fresh fault out of its own yardstick

/// Values of the latest days that are old enough, newest first; of the same class only, or of any.
std::vector<double> latest(const std::vector<Past>& past, LocalDay day, std::optional<DayClass> only) {
    std::vector<double> values;
    for (auto it = past.rbegin(); it != past.rend() && values.size() < remembered; ++it) {
        if (only && it->day_class != *only) continue;
        if (days_between(it->day, day) >= delay_days) values.push_back(it->value);
    }
    return values;
}

}  // namespace

Expectation profile_expectation(const Series& measured, const TimeZone& zone, const WorkCalendar& calendar) {
    Expectation expectation{.name = "profile", .expected = Series::missing(measured.info, measured.axis)};
    std::map<std::pair<DayType, int>, std::vector<Past>> past_by_minute;
    LocalDay day{};
    auto today = DayClass::rest;
    for (int slot = 0; slot < measured.size(); ++slot) {
        const auto civil = zone.to_civil(measured.axis.slot_start(slot));
        if (day != civil.date()) {
            day = civil.date();
            today = day_class(calendar, day);
        }
        auto& past = past_by_minute[{calendar.production_day_type(day), civil.minute_of_day()}];
        auto values = latest(past, day, today);
        if (values.size() < 2) values = latest(past, day, std::nullopt);
        if (values.size() >= 2) {
            const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
            std::nth_element(values.begin(), middle, values.end());
            expectation.expected.set(slot, *middle);
        }
        if (const auto value = measured.at(slot)) past.push_back({day, today, *value});
        if (past.size() > kept) past.erase(past.begin());
    }
    return expectation;
}

Expectation forecast_expectation(const Series& measured, const std::vector<forecast::Forecast>& forecasts) {
    Expectation expectation{.name = "forecast", .expected = Series::missing(measured.info, measured.axis)};
    for (const auto& forecast : forecasts) {
        const int offset = measured.axis.slot_of(forecast.axis.start);
        for (int slot = 0; slot < forecast.axis.slots; ++slot) {
            if (offset + slot < 0 || offset + slot >= measured.size()) continue;
            expectation.expected.set(offset + slot, forecast.median(slot));
        }
    }
    return expectation;
}

}  // namespace loadstar::detect
