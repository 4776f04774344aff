#pragma once
// What a week's forecast can be told: inputs of one hour of a window, by what was known at its start.

#include <cmath>
#include <numeric>
#include <vector>

#include "gefcom_regression.hpp"

namespace loadstar::bench::gefcom {

/// Everything that methods look at, computed once.
class Knowledge {
  public:
    Knowledge(const HourlyLoad& series, const RegressionSettings& settings)
        : series_(&series), weather_(series), usual_(series, weather_, settings), sums_{0} {
        for (int hour = 0; hour < series.hours(); ++hour) {
            sums_.push_back(sums_.back() + (hour < usual_.first() ? 0 : usual_.departure(series, hour)));
        }
    }
    [[nodiscard]] const HourlyLoad& series() const { return *series_; }
    [[nodiscard]] const Weather& weather() const { return weather_; }
    [[nodiscard]] const UsualLoad& usual() const { return usual_; }
    [[nodiscard]] double usual_load(int hour) const { return std::exp(usual_.logarithm(hour)); }
    /// Mean departure of the load from the usual over hours [from, to).
    [[nodiscard]] double departure(int from, int to) const {
        const int begin = std::max(from, usual_.first());
        if (begin >= to) return 0;
        return (sums_[static_cast<std::size_t>(to)] - sums_[static_cast<std::size_t>(begin)]) / (to - begin);
    }

  private:
    const HourlyLoad* series_;
    Weather weather_;
    UsualLoad usual_;
    std::vector<double> sums_;  ///< [hour] of the departures before it
};

/// An hour to be predicted, and when its window was issued.
struct Wanted {
    int issue = 0;  ///< first hour that was not known; a midnight
    int hour = 0;
    [[nodiscard]] int lead() const { return hour - issue; }
};

/// The calendar and the weather of the hour.
inline void add_known_ahead(std::vector<double>& row, const Knowledge& knowledge, const Wanted& wanted) {
    const auto& series = knowledge.series();
    const auto& weather = knowledge.weather();
    const int hour = wanted.hour;
    const auto& day = series.day_of(hour);
    row.insert(
        row.end(),
        {static_cast<double>(hour % day_hours), static_cast<double>(day.weekday), static_cast<double>(day.day_of_year),
         static_cast<double>(day.weekday * day_hours + hour % day_hours), static_cast<double>(day.kind),
         day.off() ? 1.0 : 0.0, series.day_of(std::max(0, hour - day_hours)).off() ? 1.0 : 0.0,
         series.day_of(hour + day_hours).off() ? 1.0 : 0.0});
    const double now = series.temperature_at(hour);
    row.push_back(now);
    for (std::size_t memory = 0; memory < Weather::memories.size(); ++memory) row.push_back(weather.felt(memory, hour));
    row.push_back(weather.day_mean(hour));
    for (const int back : {1, 3, day_hours, 2 * day_hours, week_hours}) {
        row.push_back(now - series.temperature_at(hour - back));
    }
}

/// Where the load stood against the usual when the window was issued: over the last hours to months, at the same hour
/// of the last days, and on the hours of the week and the year that correspond.
inline void add_departures(std::vector<double>& row, const Knowledge& knowledge, const Wanted& wanted) {
    constexpr int year = 52 * week_hours;
    const int issue = wanted.issue;
    for (const int hours : {3, day_hours, 3 * day_hours, week_hours, 4 * week_hours, 13 * week_hours}) {
        row.push_back(knowledge.departure(issue - hours, issue));
    }
    double sum = 0;
    const int latest = issue - day_hours + wanted.hour % day_hours;
    for (int days = 1; days <= 28; ++days) {
        const int hour = latest - (days - 1) * day_hours;
        sum += knowledge.departure(hour - 1, hour + 1);
        if (days == 1 || days == 3 || days == 7 || days == 28) row.push_back(sum / days);
    }
    const int week_before = wanted.hour - week_hours;
    const int end = std::min(issue, week_before + 2);
    row.push_back(knowledge.departure(week_before - 1, end));
    row.push_back(knowledge.departure(week_before - 12, std::min(issue, week_before + 13)));
    double weeks = 0;
    for (int week = 1; week <= 4; ++week) {
        const int hour = wanted.hour - week * week_hours;
        weeks += knowledge.departure(hour - 1, std::min(issue, hour + 2)) / 4;
    }
    row.push_back(weeks);
    row.push_back(knowledge.departure(wanted.hour - year - 2, wanted.hour - year + 3));
    row.push_back(knowledge.departure(wanted.hour - year - 84, wanted.hour - year + 85));
}

/// Mean departure of the last days of the same sort (off or not) at this hour.
inline double departure_alike(const Knowledge& knowledge, const Wanted& wanted) {
    constexpr int alike = 4;
    const bool off = knowledge.series().day_of(wanted.hour).off();
    const int latest = wanted.issue - day_hours + wanted.hour % day_hours;
    double sum = 0;
    int count = 0;
    for (int hour = latest; count < alike && hour > 0; hour -= day_hours) {
        if (knowledge.series().day_of(hour).off() != off) continue;
        sum += knowledge.departure(hour - 1, hour + 1);
        ++count;
    }
    return sum / alike;
}

/// Inputs of trees on the departure from the usual.
inline void append_departure_row(std::vector<double>& row, const Knowledge& knowledge, const Wanted& wanted) {
    row.push_back(wanted.lead());
    row.push_back(knowledge.usual_load(wanted.hour));
    row.push_back(knowledge.weather().felt(3, wanted.hour) - knowledge.weather().felt(3, wanted.issue - 1));
    row.push_back(departure_alike(knowledge, wanted));
    add_known_ahead(row, knowledge, wanted);
    add_departures(row, knowledge, wanted);
}

/// Inputs of trees on the load itself: nothing but lags of a week and more, calendar and weather.
inline void append_plain_row(std::vector<double>& row, const Knowledge& knowledge, const Wanted& wanted) {
    const auto& series = knowledge.series();
    const int hour = wanted.hour;
    for (const int lag : {week_hours, 2 * week_hours, 3 * week_hours, 52 * week_hours})
        row.push_back(series.at(hour - lag));
    for (const int days : {1, 7, 28}) {
        const auto end = series.load.begin() + hour - week_hours + 1;
        row.push_back(std::accumulate(end - days * day_hours, end, 0.0) / (days * day_hours));
    }
    row.push_back(hour);
    row.push_back(series.temperature_at(hour - 2));
    add_known_ahead(row, knowledge, wanted);
}

}  // namespace loadstar::bench::gefcom
