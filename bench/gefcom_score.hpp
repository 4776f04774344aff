#pragma once
// Windows of one week each and how forecasts of them are scored: the task proenfo_gfc14 of fev-bench.

#include <array>
#include <cmath>
#include <string>
#include <vector>

#include "forecast/score.hpp"
#include "gefcom_series.hpp"

namespace loadstar::bench::gefcom {

/// Consecutive weeks to be predicted, each at its start.
struct Windows {
    int first = 0;  ///< hour at which the first one starts
    int count = 0;
    [[nodiscard]] int start(int window) const { return first + window * week_hours; }
};

/// The quantiles of one week, [hour of the window][level]; the first is issued first.
using WeekQuantiles = forecast::DayQuantiles;
/// A method's forecasts, [window].
struct Member {
    std::string name;
    std::vector<WeekQuantiles> weeks;
};

/// Figures of one method, means over the windows.
struct WeekScore {
    double sql = 0;         ///< mean over levels and hours of 2 pinball / seasonal error
    double mase = 0;        ///< mean absolute error of the median / seasonal error
    double coverage80 = 0;  ///< share of hours between the 0.1 and the 0.9 quantile
};

/// Mean absolute difference to the day before, over all hours before `end`.
inline double seasonal_error(const HourlyLoad& series, int end) {
    double sum = 0;
    for (int hour = day_hours; hour < end; ++hour) sum += std::abs(series.at(hour) - series.at(hour - day_hours));
    return sum / (end - day_hours);
}

inline WeekScore score_week(const HourlyLoad& series, int start, const WeekQuantiles& quantiles) {
    WeekScore sums;
    for (int lead = 0; lead < week_hours; ++lead) {
        const auto& at = quantiles[static_cast<std::size_t>(lead)];
        const double outcome = series.at(start + lead);
        for (std::size_t level = 0; level < at.size(); ++level) {
            sums.sql += 2 * forecast::pinball(outcome, at[level], forecast::levels[level]) / forecast::level_count;
        }
        sums.mase += std::abs(outcome - at[forecast::median_level]);
        sums.coverage80 += outcome >= at.front() && outcome <= at.back() ? 1 : 0;
    }
    const double scale = seasonal_error(series, start) * week_hours;
    return {.sql = sums.sql / scale, .mase = sums.mase / scale, .coverage80 = sums.coverage80 / week_hours};
}

/// Scores a member's latest `windows.count` weeks, which start at those windows.
inline WeekScore score(const HourlyLoad& series, const Windows& windows, const Member& member) {
    WeekScore mean;
    for (int window = 0; window < windows.count; ++window) {
        const auto one = score_week(series, windows.start(window), member.weeks[static_cast<std::size_t>(window)]);
        mean.sql += one.sql / windows.count;
        mean.mase += one.mase / windows.count;
        mean.coverage80 += one.coverage80 / windows.count;
    }
    return mean;
}

/// Repeats the last day; normal errors that grow with the square root of the days ahead, their spread from the last
/// thousand hours.
inline Member seasonal_naive(const HourlyLoad& series, const Windows& windows) {
    constexpr std::array<double, forecast::level_count> normal{
        -1.2815515655, -0.8416212336, -0.5244005127, -0.2533471031, 0,
        0.2533471031,  0.5244005127,  0.8416212336,  1.2815515655};
    constexpr int looked_at = 1000;
    Member member{.name = "seasonal_naive", .weeks = {}};
    for (int window = 0; window < windows.count; ++window) {
        const int start = windows.start(window);
        double squares = 0;
        for (int hour = start - looked_at + day_hours; hour < start; ++hour) {
            squares += std::pow(series.at(hour) - series.at(hour - day_hours), 2);
        }
        const double spread = std::sqrt(squares / (looked_at - day_hours));
        WeekQuantiles week(week_hours);
        for (int lead = 0; lead < week_hours; ++lead) {
            const double wide = spread * std::sqrt(lead / day_hours + 1);
            for (std::size_t level = 0; level < normal.size(); ++level) {
                week[static_cast<std::size_t>(lead)][level] =
                    series.at(start - day_hours + lead % day_hours) + wide * normal[level];
            }
        }
        member.weeks.push_back(std::move(week));
    }
    return member;
}

}  // namespace loadstar::bench::gefcom
