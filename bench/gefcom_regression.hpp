#pragma once
// What the load usually is at a temperature on such a day: one linear regression per hour of the day, fitted anew every
// few weeks. Trees and week-to-week corrections work on what it leaves over.

#include <cmath>
#include <numbers>
#include <vector>

#include "forecast/ridge_solver.hpp"
#include "gefcom_series.hpp"

namespace loadstar::bench::gefcom {

/// The temperature as buildings feel it: means that forget the past with different memories.
/// Source: Wang, Liu & Hong 2016, Electric load forecasting with recency effect, Int. J. Forecasting 32(3).
class Weather {
  public:
    explicit Weather(const HourlyLoad& series) : series_(&series) {
        for (const double memory : memories) {
            std::vector<double> mean{series.temperature.front()};
            for (std::size_t hour = 1; hour < series.temperature.size(); ++hour) {
                mean.push_back(mean.back() + (series.temperature[hour] - mean.back()) / memory);
            }
            means_.push_back(std::move(mean));
        }
    }
    /// Mean over the past of a memory, by its place in `memories`.
    [[nodiscard]] double felt(std::size_t memory, int hour) const {
        return means_[memory][static_cast<std::size_t>(std::max(0, hour))];
    }
    /// Mean of the local day of an hour.
    [[nodiscard]] double day_mean(int hour) const {
        const int midnight = hour - hour % day_hours;
        double sum = 0;
        for (int at = midnight; at < midnight + day_hours; ++at) sum += series_->temperature_at(at);
        return sum / day_hours;
    }
    static constexpr std::array<double, 4> memories{3, 10, 30, 100};  ///< hours

  private:
    const HourlyLoad* series_;
    std::vector<std::vector<double>> means_;  ///< [memory][hour]
};

/// Degrees above 65 F, where cooling begins, and below it.
inline double cooling(double temperature) { return std::max(0.0, temperature - 65); }
inline double heating(double temperature) { return std::max(0.0, 60 - temperature); }

/// A straight line that may bend at some temperatures.
inline void add_bends(std::vector<double>& row, double temperature) {
    row.push_back(temperature);
    for (const double bend : {30.0, 45.0, 55.0, 61.0, 67.0, 73.0, 79.0})
        row.push_back(std::max(0.0, temperature - bend));
}

/// Dummies and curves of the calendar.
inline void add_calendar(std::vector<double>& row, const DayFacts& day, const DayFacts& before, const DayFacts& after) {
    constexpr int harmonics = 4;
    for (int weekday = 0; weekday < 7; ++weekday) row.push_back(day.weekday == weekday ? 1 : 0);
    for (int kind = 1; kind < day_kinds; ++kind) row.push_back(static_cast<int>(day.kind) == kind ? 1 : 0);
    row.push_back(is_rest(day.kind) && day.weekday < 5 ? 1 : 0);
    row.push_back(is_rest(before.kind) ? 1 : 0);
    row.push_back(is_rest(after.kind) ? 1 : 0);
    row.push_back(day.summer_time ? 1 : 0);
    for (int harmonic = 1; harmonic <= harmonics; ++harmonic) {
        const double angle = 2 * std::numbers::pi * harmonic * day.day_of_year / 365.25;
        row.push_back(std::sin(angle));
        row.push_back(std::cos(angle));
        if (harmonic > 2) continue;
        row.push_back(day.off() ? std::sin(angle) : 0);
        row.push_back(day.off() ? std::cos(angle) : 0);
    }
}

/// Inputs of one hour.
inline std::vector<double> regression_row(const HourlyLoad& series, const Weather& weather, int hour) {
    constexpr double year_hours = 8766;
    std::vector<double> row;
    const auto& day = series.day_of(hour);
    const double now = series.temperature_at(hour);
    const double mean = weather.day_mean(hour);
    add_calendar(row, day, series.day_of(std::max(0, hour - day_hours)), series.day_of(hour + day_hours));
    for (std::size_t memory = 0; memory < Weather::memories.size(); ++memory)
        add_bends(row, weather.felt(memory, hour));
    add_bends(row, now);
    add_bends(row, mean);
    const double felt = weather.felt(2, hour);
    row.push_back(cooling(now) * cooling(felt));
    row.push_back(cooling(felt) * cooling(weather.felt(3, hour)));
    const double angle = 2 * std::numbers::pi * day.day_of_year / 365.25;
    for (const double degrees : {cooling(felt), heating(felt)}) {
        row.push_back(degrees * std::sin(angle));
        row.push_back(degrees * std::cos(angle));
        row.push_back(day.off() ? degrees : 0);
        row.push_back(degrees * hour / year_hours);
    }
    row.push_back(hour / year_hours);
    return row;
}

/// How the regression is fitted.
struct RegressionSettings {
    double penalty = 1;
    double half_life_days = 1100;  ///< a day that old counts half
    int refit_days = 28;
    int first_day = 730;  ///< days before it are only learnt from
};

/// The logarithm of the usual load, by hour. Every hour from the first day on is told by a fit on what ended a week
/// before its block: a window that is issued within a block or just before it looks at nothing later than its start.
class UsualLoad {
  public:
    UsualLoad(const HourlyLoad& series, const Weather& weather, const RegressionSettings& settings)
        : logarithm_(series.load.size()), first_(settings.first_day * day_hours) {
        for (int hour = 0; hour < day_hours; ++hour) roll(series, weather, settings, hour);
    }
    [[nodiscard]] int first() const { return first_; }
    [[nodiscard]] double logarithm(int hour) const { return logarithm_[static_cast<std::size_t>(hour)]; }
    /// How far the load lay from the usual, as a logarithm; only for hours from first() on.
    [[nodiscard]] double departure(const HourlyLoad& series, int hour) const {
        return std::log(series.at(hour)) - logarithm(hour);
    }

  private:
    void roll(const HourlyLoad& series, const Weather& weather, const RegressionSettings& settings, int hour) {
        const int days = series.hours() / day_hours;
        const auto width = regression_row(series, weather, hour).size();
        Eigen::MatrixXd x(days, static_cast<Eigen::Index>(width));
        Eigen::MatrixXd y(days, 1);
        for (int day = 0; day < days; ++day) {
            const auto row = regression_row(series, weather, day * day_hours + hour);
            x.row(day) = Eigen::Map<const Eigen::RowVectorXd>(row.data(), x.cols());
            y(day, 0) = std::log(series.at(day * day_hours + hour));
        }
        for (int from = settings.first_day; from < days; from += settings.refit_days) {
            const int known = from - week_hours / day_hours;
            Eigen::VectorXd weights(known);
            for (int day = 0; day < known; ++day) weights(day) = std::exp2((day - known) / settings.half_life_days);
            const auto model = forecast::RidgePath(x.topRows(known), y.topRows(known), weights).at(settings.penalty);
            const int count = std::min(settings.refit_days, days - from);
            const Eigen::MatrixXd predicted = model.predict(x.middleRows(from, count));
            for (int at = 0; at < count; ++at) {
                logarithm_[static_cast<std::size_t>((from + at) * day_hours + hour)] = predicted(at, 0);
            }
        }
    }

    std::vector<double> logarithm_;
    int first_;
};

}  // namespace loadstar::bench::gefcom
