#pragma once
// The two hours after every quarter-hour of a series: what bench/accuracy --two-hours prints.

#include <algorithm>
#include <cmath>
#include <ctime>
#include <map>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "forecast/short_term_score.hpp"

namespace loadstar::bench {

/// Errors of the best tools on a series, as ratio to those of persistence.
struct TwoHoursBaseline {
    double mae = 0;
    double rmse = 0;
};
inline const std::map<std::string, TwoHoursBaseline> two_hours_baseline{{"steel_kwh", {.492, .498}},
                                                                        {"steel_kvarh", {.519, .513}},
                                                                        {"iron_elec", {.858, .724}},
                                                                        {"iron_heat", {.899, .853}},
                                                                        {"carbon_elec", {.841, .835}}};

/// Prints rows per series, and what they come to.
class TwoHours {
  public:
    static void print_head() {
        fmt::print("{:12} {:20} {:>7} {:>7} {:>7} {:>7} {:>7} {:>7} {:>7} {:>8} {:>8}\n", "series", "method", "MAE",
                   "RMSE", "MAE_1", "MAE_4", "MAE_8", "RMSE_1", "RMSE_8", "MAE/base", "RMSE/base");
    }

    /// Learns from the days before a span and forecasts it, with targets within it only.
    Result<void> run(const std::string& series, const features::DayGrid& grid, forecast::DaySpan span) {
        const auto started = std::clock();
        NoProgress progress;
        forecast::ShortTermModel model({.steps = steps});
        LOADSTAR_CHECK(model.fit(grid, span.from, progress));
        const forecast::IssueSpan issues{.from = {.day = span.from, .slot = 0},
                                         .to = grid.moved({.day = span.to, .slot = 0}, 1 - steps)};
        LOADSTAR_TRY(const auto forecasts, model.forecast(grid, issues, progress));
        const auto scored = forecast::score(forecasts, grid);
        for (const auto& row : scored.rows) print(series, row, scored.rows.front());
        fmt::print("{:12} 80 % interval covers {:.1f} %, CRPS {:.4f}, {} issues, {:.0f} s of processor time\n\n",
                   series, 100 * scored.coverage80, scored.crps, forecasts.size(),
                   static_cast<double>(std::clock() - started) / CLOCKS_PER_SEC);
        std::fflush(stdout);
        const auto& ours = scored.rows.back().all;
        const auto& persistence = scored.rows.front().all;
        const auto& base = two_hours_baseline.at(series);
        mae_.push_back(ours.mean_absolute / persistence.mean_absolute / base.mae);
        rmse_.push_back(ours.root_mean_square / persistence.root_mean_square / base.rmse);
        return {};
    }

    void print_summary() const {
        if (mae_.empty()) return;
        fmt::print(
            "short_term against the best method of the baseline on {} series: MAE geometric mean {:.3f}, largest "
            "{:.3f}; "
            "RMSE {:.3f}, {:.3f}\n",
            mae_.size(), geometric_mean(mae_), *std::max_element(mae_.begin(), mae_.end()), geometric_mean(rmse_),
            *std::max_element(rmse_.begin(), rmse_.end()));
    }

  private:
    static constexpr int steps = 8;  // quarter-hours

    static double geometric_mean(const std::vector<double>& values) {
        double logarithms = 0;
        for (const double value : values) logarithms += std::log(value);
        return std::exp(logarithms / static_cast<double>(values.size()));
    }

    static void print(const std::string& series, const forecast::ShortTermRow& row,
                      const forecast::ShortTermRow& persistence) {
        const auto mae = [](const forecast::PointErrors& one, const forecast::PointErrors& other) {
            return one.mean_absolute / other.mean_absolute;
        };
        const auto rmse = [](const forecast::PointErrors& one, const forecast::PointErrors& other) {
            return one.root_mean_square / other.root_mean_square;
        };
        const auto& by = row.by_step;
        const auto& naive = persistence.by_step;
        const auto& base = two_hours_baseline.at(series);
        fmt::print("{:12} {:20} {:7.3f} {:7.3f} {:7.3f} {:7.3f} {:7.3f} {:7.3f} {:7.3f} {:8.3f} {:8.3f}\n", series,
                   row.method, mae(row.all, persistence.all), rmse(row.all, persistence.all), mae(by[0], naive[0]),
                   mae(by[3], naive[3]), mae(by[7], naive[7]), rmse(by[0], naive[0]), rmse(by[7], naive[7]),
                   mae(row.all, persistence.all) / base.mae, rmse(row.all, persistence.all) / base.rmse);
    }

    std::vector<double> mae_;
    std::vector<double> rmse_;
};

}  // namespace loadstar::bench
