#pragma once
// The GIFT-Eval protocol on the electricity transformers (ETT): its series, its windows, its metrics and its baseline.
// Source: Aksu et al. 2024, GIFT-Eval: a benchmark for general time series forecasting model evaluation.

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <span>
#include <sstream>
#include <string>
#include <vector>

#include "forecast/forecast.hpp"
#include "support/steel_works.hpp"

namespace loadstar::gift_eval {

/// One forecast value per level of forecast::levels.
using Quantiles = std::array<double, forecast::level_count>;
using WindowQuantiles = std::vector<Quantiles>;  ///< [point of the horizon]

/// The variates of one data set on one time step; the first point is that of 2016-07-01 00:00.
struct Table {
    std::vector<std::vector<float>> variates;  ///< [variate][point]

    [[nodiscard]] int points() const { return static_cast<int>(variates.front().size()); }
};

/// One line of the benchmark.
struct Config {
    std::string set;       ///< ett1, ett2
    std::string step;      ///< 15T, H, D, W
    std::string term;      ///< short, medium, long
    int quarters = 1;      ///< quarter-hours of a point
    int season = 1;        ///< points of the season that the metrics and the baseline know
    int points_a_day = 1;  ///< 0: a point is longer than a day
    int horizon = 1;       ///< points of a window

    [[nodiscard]] std::string name() const { return set + "/" + step + "/" + term; }
};

/// The configurations of one data set, in the order of the tables.
inline std::vector<Config> configs_of(const std::string& set) {
    std::vector<Config> configs;
    const auto add = [&](const std::string& step, const std::string& term, std::array<int, 4> numbers) {
        const auto [quarters, season, points_a_day, horizon] = numbers;
        configs.push_back({.set = set,
                           .step = step,
                           .term = term,
                           .quarters = quarters,
                           .season = season,
                           .points_a_day = points_a_day,
                           .horizon = horizon});
    };
    for (const auto& [term, horizon] : {std::pair{"short", 48}, {"medium", 480}, {"long", 720}}) {
        add("15T", term, {1, 96, 96, horizon});
    }
    for (const auto& [term, horizon] : {std::pair{"short", 48}, {"medium", 480}, {"long", 720}}) {
        add("H", term, {4, 24, 24, horizon});
    }
    add("D", "short", {96, 1, 1, 30});
    add("W", "short", {672, 1, 0, 8});
    return configs;
}

/// Whether the windows are those of the benchmark, or as many just before them: settings are chosen on those.
enum class Part { validation, test };

/// Points that windows predict, [begin, end).
struct Region {
    int begin = 0;
    int end = 0;
};

/// Windows of a benchmark cover a tenth of the series, but are 20 at most.
inline int window_count(const Config& config, int points) {
    const int tenth = (points + 10 * config.horizon - 1) / (10 * config.horizon);
    return std::clamp(tenth, 1, 20);
}

inline Region region_of(const Config& config, int points, Part part) {
    const int length = config.horizon * window_count(config, points);
    const int end = part == Part::test ? points : points - length;
    return {.begin = end - length, .end = end};
}

/// One forecast that is wanted, and what may be seen for it.
struct WindowTask {
    int variate = 0;
    int horizon = 0;
    int season = 1;
    int points_a_day = 1;
    std::span<const float> history{};              ///< of the variate, from the first point on
    std::vector<std::span<const float>> beside{};  ///< all variates up to the same point, this one included
};

/// Windows in a region that start every `stride` points, all variates of the first window first.
/// They look into the table, which has to outlive them.
inline std::vector<WindowTask> windows_in(const Table& table, const Config& config, Region region, int stride) {
    std::vector<WindowTask> tasks;
    for (int at = region.begin; at + config.horizon <= region.end; at += stride) {
        std::vector<std::span<const float>> beside;
        for (const auto& variate : table.variates) beside.emplace_back(variate.data(), static_cast<std::size_t>(at));
        for (std::size_t variate = 0; variate < beside.size(); ++variate) {
            tasks.push_back({.variate = static_cast<int>(variate),
                             .horizon = config.horizon,
                             .season = config.season,
                             .points_a_day = config.points_a_day,
                             .history = beside[variate],
                             .beside = beside});
        }
    }
    return tasks;
}

/// What came to pass in a window.
inline std::span<const float> outcomes_of(const Table& table, const WindowTask& task) {
    return std::span(table.variates[static_cast<std::size_t>(task.variate)])
        .subspan(task.history.size(), static_cast<std::size_t>(task.horizon));
}

/// Means of `quarters` quarter-hours; what is left at the end is dropped.
inline Table coarser(const Table& quarter_hours, int quarters) {
    Table table;
    for (const auto& fine : quarter_hours.variates) {
        std::vector<float> coarse(fine.size() / static_cast<std::size_t>(quarters));
        for (std::size_t at = 0; at < coarse.size(); ++at) {
            double sum = 0;
            for (int quarter = 0; quarter < quarters; ++quarter) {
                sum += fine[at * static_cast<std::size_t>(quarters) + static_cast<std::size_t>(quarter)];
            }
            coarse[at] = static_cast<float>(sum / quarters);
        }
        table.variates.push_back(std::move(coarse));
    }
    return table;
}

/// The text of `name`, or of `name`.gz, in a folder. Empty when neither is there.
inline std::optional<std::string> text_of(const std::filesystem::path& folder, const std::string& name) {
    if (std::filesystem::exists(folder / (name + ".gz"))) return test_support::unpacked(folder / (name + ".gz"));
    std::ifstream file(folder / name);
    if (!file) return std::nullopt;
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

/// Reads the quarter-hours of ett1 or ett2. Empty when its file is not in the folder of published data sets.
inline std::optional<Table> quarter_hours_of(const std::filesystem::path& shared, const std::string& set) {
    const auto text = text_of(shared / "data/ett", set == "ett1" ? "ETTm1.csv" : "ETTm2.csv");
    if (!text) return std::nullopt;
    std::istringstream lines(*text);
    std::string line;
    std::getline(lines, line);
    Table table{.variates = std::vector<std::vector<float>>(7)};
    while (std::getline(lines, line)) {
        std::istringstream row(line);
        std::string cell;
        std::getline(row, cell, ',');
        for (auto& variate : table.variates) {
            std::getline(row, cell, ',');
            variate.push_back(std::stof(cell));
        }
    }
    return table;
}

/// Figures of one method on one configuration.
struct Score {
    double crps = 0;        ///< mean over the levels of 2 x pinball loss / sum of |outcome|, over all windows together
    double mase = 0;        ///< absolute error of the median by that of the season before, mean over all points
    double coverage80 = 0;  ///< share of outcomes from the 0.1 to the 0.9 quantile
};

/// Mean change from one season to the next over a history; from point to point when it is shorter than a season.
inline double seasonal_error(std::span<const float> history, int season) {
    const auto lag = history.size() > static_cast<std::size_t>(season) ? static_cast<std::size_t>(season) : 1;
    double sum = 0;
    for (std::size_t at = lag; at < history.size(); ++at) {
        sum += std::abs(static_cast<double>(history[at]) - history[at - lag]);
    }
    return sum / static_cast<double>(history.size() - lag);
}

/// @param forecasts  [task]
inline Score score_of(const Table& table, const std::vector<WindowTask>& tasks,
                      const std::vector<WindowQuantiles>& forecasts) {
    Score score;
    double loss = 0;
    double magnitude = 0;
    double count = 0;
    for (std::size_t task = 0; task < tasks.size(); ++task) {
        const auto outcomes = outcomes_of(table, tasks[task]);
        const double scale = seasonal_error(tasks[task].history, tasks[task].season);
        for (std::size_t step = 0; step < outcomes.size(); ++step) {
            const auto& quantiles = forecasts[task][step];
            const double outcome = outcomes[step];
            for (std::size_t level = 0; level < quantiles.size(); ++level) {
                const double over = quantiles[level] - outcome;
                loss += 2 * over * ((over >= 0 ? 1.0 : 0.0) - forecast::levels[level]);
            }
            magnitude += std::abs(outcome);
            score.mase += std::abs(outcome - quantiles[forecast::median_level]) / scale;
            score.coverage80 += quantiles.front() <= outcome && outcome <= quantiles.back() ? 1 : 0;
            ++count;
        }
    }
    score.crps = loss / magnitude / forecast::level_count;
    score.mase /= count;
    score.coverage80 /= count;
    return score;
}

/// Quantiles of the standard normal distribution at forecast::levels.
inline constexpr Quantiles normal_quantiles{
    -1.2815515655446004, -0.8416212335729143, -0.5244005127080409, -0.2533471031357997, 0.0,
    0.2533471031357997,  0.5244005127080409,  0.8416212335729143,  1.2815515655446004};

/// The baseline: the season before again, with normal quantiles that widen with each season ahead.
/// Source: Hyndman & Athanasopoulos 2021, Forecasting: principles and practice, sec. 5.5.
inline WindowQuantiles seasonal_naive(const WindowTask& task) {
    const auto season = static_cast<std::size_t>(task.season);
    const auto& history = task.history;
    double squares = 0;
    for (std::size_t at = season; at < history.size(); ++at) {
        const double change = static_cast<double>(history[at]) - history[at - season];
        squares += change * change;
    }
    const double sigma = std::sqrt(squares / static_cast<double>(history.size() - season));
    WindowQuantiles forecast(static_cast<std::size_t>(task.horizon));
    for (std::size_t step = 0; step < forecast.size(); ++step) {
        const double before = history[history.size() - season + step % season];
        const double spread = sigma * std::sqrt(static_cast<double>(step / season + 1));
        for (std::size_t level = 0; level < forecast[step].size(); ++level) {
            forecast[step][level] = before + spread * normal_quantiles[level];
        }
    }
    return forecast;
}

/// What the authors of a method reported.
struct PublishedRow {
    double crps = 0;
    double mase = 0;
};
using Published = std::map<std::string, std::map<std::string, PublishedRow>>;  ///< [method][configuration]

/// Reads the published rows of all methods on the ETT configurations. Empty when their file is not there.
inline Published published_rows(const std::filesystem::path& shared) {
    constexpr std::size_t mase_column = 5;
    constexpr std::size_t crps_column = 12;
    Published published;
    const auto text = text_of(shared / "data/published_results", "gift_eval_energy.csv");
    std::istringstream lines(text.value_or(""));
    for (std::string line; std::getline(lines, line);) {
        std::vector<std::string> cells;
        std::istringstream row(line);
        for (std::string cell; std::getline(row, cell, ',');) cells.push_back(cell);
        if (cells.size() <= crps_column || !cells[1].starts_with("ett")) continue;
        if (cells[crps_column].empty() || cells[mase_column].empty()) continue;
        published[cells[0]][cells[1]] = {.crps = std::stod(cells[crps_column]), .mase = std::stod(cells[mase_column])};
    }
    return published;
}

}  // namespace loadstar::gift_eval
