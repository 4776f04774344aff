// Accuracy of forecasts on the public plant series: bench/accuracy --help.
#include <algorithm>
#include <cmath>
#include <ctime>
#include <map>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "forecast/daily_maximum.hpp"
#include "forecast/methods.hpp"
#include "service/networks.hpp"
#include "support/measured_series.hpp"
#include "support/shared.hpp"
#include "two_hours.hpp"

namespace loadstar::bench {
namespace {

using namespace forecast;

constexpr const char* help = R"(Day-ahead accuracy on 14 public plant series, issued at 10:00 of the day before.

usage: accuracy [--two-hours] [--series NAME]... [--part test|validation] [--network FOLDER] [--method NAME]...

  --two-hours     the next two hours instead, issued after every quarter-hour, on the five series that have them
  --series NAME   only this series; may be given again (default: all)
  --network FOLDER  also the methods that ask this forecasting network
  --method NAME   only these methods; the last one counts in the summary
  --part PART     the last fifth of each series (test, the default) or the fifth before it (validation)

The series are read from $LOADSTAR_SHARED. Protocol, columns and baseline: docs/forecasting.md.
)";

/// CRPS of the baseline on the test part.
const std::map<std::string, double> baseline{{"steel_kwh", 0.2890},  {"steel_kvarh", 0.3402}, {"iron_elec", 0.1160},
                                             {"iron_heat", 0.1056},  {"carbon_elec", 0.2290}, {"pulp_steam", 0.2956},
                                             {"pjm_aep", 0.0388},    {"etth1_OT", 0.1815},    {"etth1_HUFL", 0.2704},
                                             {"etth1_HULL", 0.2281}, {"etth1_MUFL", 0.3246},  {"etth1_MULL", 0.3383},
                                             {"etth1_LUFL", 0.1346}, {"etth1_LULL", 0.1367}};

/// Mean absolute error of the day's maximum, % of the mean maximum: of the methods made for it, the one that validation
/// would have picked on each series.
const std::map<std::string, double> maximum_baseline{{"steel_kwh", 35.9}, {"steel_kvarh", 24.9}, {"iron_elec", 11.7},
                                                     {"iron_heat", 10.8}, {"carbon_elec", 32.1}, {"pulp_steam", 15.1},
                                                     {"pjm_aep", 5.5},    {"etth1_OT", 20.2},    {"etth1_HUFL", 11.1}};

enum class Part { test, validation };
enum class Horizons { day_ahead, two_hours };

struct Choice {
    std::vector<std::string> series = test_support::measured_series_names();
    Part part = Part::test;
    Horizons horizons = Horizons::day_ahead;
    NetworkSource network{};
    std::vector<std::string> methods{};  ///< empty: all
};

/// One series, its split and its issue rule.
struct Task {
    std::string name;
    features::DayGrid grid;
    DaySpan span;        ///< scored
    int scale_to = 0;    ///< the days before it give the scale of MASE
    int refit_days = 0;  ///< models are never fitted oftener than monthly; see the protocol
    IssueRule rule;
};

int refit_days_of(const features::DayGrid& grid) {
    constexpr int two_years = 730;
    if (grid.end().day > two_years) return 183;
    if (grid.slots() == 24) return 73;
    return grid.slots() == 144 ? 22 : 37;
}

Task task_of(const std::string& name, const features::TargetHistory& history, Part part) {
    features::DayGrid grid(features::Known(history, history.target.axis.end()));
    const int days = grid.end().day;
    const int validation = static_cast<int>(0.6 * days);
    const int test = static_cast<int>(0.8 * days);
    const int ten = 10 * grid.slots() / 24;
    return {.name = name,
            .grid = grid,
            .span = part == Part::test ? DaySpan{.from = test, .to = days} : DaySpan{.from = validation, .to = test},
            .scale_to = test,
            .refit_days = refit_days_of(grid),
            .rule = {.lead = 1, .slot = ten}};
}

features::FeatureSettings features_of(const Task& task) {
    constexpr int two_years = 730;
    return {.season = task.span.from >= two_years};
}

/// Figures over all series.
struct Summary {
    std::vector<double> ratios{};
    std::vector<double> coverages{};
    std::vector<double> maxima{};  ///< errors on the series that have a baseline for it
    std::vector<double> maximum_ratios{};
};

double geometric_mean(const std::vector<double>& values) {
    double logarithms = 0;
    for (const double value : values) logarithms += std::log(value);
    return std::exp(logarithms / static_cast<double>(values.size()));
}

/// Mean absolute error of the day's maximum, % of the mean maximum.
double maximum_error(const Task& task, const QuantileRecord& record) {
    const FeatureTable table(task.grid, task.rule, {});
    double missed = 0;
    double sum = 0;
    for (int day = task.span.from; day < task.span.to; ++day) {
        double largest = task.grid.value({.day = day, .slot = 0});
        for (int slot = 1; slot < task.grid.slots(); ++slot) {
            largest = std::max(largest, task.grid.value({.day = day, .slot = slot}));
        }
        const auto maximum = daily_maximum(record.at(day), record, table, day);
        if (!maximum) continue;
        missed += std::abs(largest - (*maximum)[median_level]);
        sum += largest;
    }
    return 100 * missed / sum;
}

Score print_row(const Task& task, const std::string& method, const QuantileRecord& record, double seconds) {
    const auto scored = score(record, task.grid, task.span, weekly_scale(task.grid, task.scale_to));
    fmt::print("{:12} {:18} {:7.4f} {:7.2f} {:6.3f} {:6.1f} {:7.1f} {:8.1f} {:7.1f} {:6.1f} {:7.3f} {:6.1f}\n",
               task.name, method, scored.crps, 100 * scored.wape, scored.mase.value_or(std::nan("")),
               100 * scored.coverage80, 100 * scored.width80, 100 * scored.winkler80, 100 * scored.peak_error,
               maximum_error(task, record), scored.crps / baseline.at(task.name), seconds);
    std::fflush(stdout);
    return scored;
}

Result<std::vector<Method>> methods_of(const Choice& choice) {
    if (choice.methods.empty()) return methods(choice.network);
    std::vector<Method> chosen;
    for (const auto& name : choice.methods) {
        LOADSTAR_TRY(auto method, find_method(name, choice.network));
        chosen.push_back(std::move(method));
    }
    return chosen;
}

/// Prints a row for every method; the last one is what the program uses.
Result<void> run_series(const Task& task, const Choice& choice, Summary& summary) {
    LOADSTAR_TRY(const auto chosen, methods_of(choice));
    FeatureTable table(task.grid, task.rule, features_of(task));
    NoProgress progress;
    for (const auto& method : chosen) {
        const auto started = std::clock();
        // One block earlier than scored: past forecasts from which the day's maximum is learnt.
        const RollingSpan span{
            .from = task.span.from - task.refit_days, .to = task.span.to, .refit_days = task.refit_days};
        LOADSTAR_TRY(const auto record, roll(method, table, span, progress));
        const double taken = static_cast<double>(std::clock() - started) / CLOCKS_PER_SEC;
        const auto scored = print_row(task, method.name, record, taken);
        if (method.name != chosen.back().name) continue;
        summary.ratios.push_back(scored.crps / baseline.at(task.name));
        summary.coverages.push_back(100 * scored.coverage80);
        if (const auto found = maximum_baseline.find(task.name); found != maximum_baseline.end()) {
            summary.maxima.push_back(maximum_error(task, record));
            summary.maximum_ratios.push_back(summary.maxima.back() / found->second);
        }
    }
    return {};
}

void print(const Summary& summary) {
    if (summary.ratios.empty()) return;
    double coverage = 0;
    for (const double one : summary.coverages) coverage += one;
    const auto count = static_cast<double>(summary.ratios.size());
    const auto [narrowest, widest] = std::minmax_element(summary.coverages.begin(), summary.coverages.end());
    fmt::print("\nCRPS ratio of the last method to the baseline: geometric mean {:.4f}, largest {:.3f}\n",
               geometric_mean(summary.ratios), *std::max_element(summary.ratios.begin(), summary.ratios.end()));
    fmt::print("cover of the 80 % interval: mean {:.1f} %, from {:.1f} to {:.1f} %\n", coverage / count, *narrowest,
               *widest);
    if (summary.maxima.empty()) return;
    fmt::print("error of the day's maximum on {} series: geometric mean {:.2f} %, ratio to the baseline {:.3f}\n",
               summary.maxima.size(), geometric_mean(summary.maxima), geometric_mean(summary.maximum_ratios));
}

/// Empty when the arguments make no sense.
std::optional<Choice> choice_of(const std::vector<std::string>& arguments) {
    Choice choice;
    std::vector<std::string> series;
    for (std::size_t at = 0; at < arguments.size(); ++at) {
        if (arguments[at] == "--two-hours") {
            choice.horizons = Horizons::two_hours;
            continue;
        }
        const auto value = at + 1 < arguments.size() ? arguments[at + 1] : "";
        if (arguments[at] == "--series" && baseline.contains(value))
            series.push_back(value);
        else if (arguments[at] == "--network" && !value.empty())
            choice.network = service::network_in(value);
        else if (arguments[at] == "--method" && !value.empty())
            choice.methods.push_back(value);
        else if (arguments[at] == "--part" && (value == "test" || value == "validation"))
            choice.part = value == "test" ? Part::test : Part::validation;
        else
            return std::nullopt;
        ++at;
    }
    if (!series.empty()) choice.series = series;
    return choice;
}

Result<void> run_day_ahead(const Choice& choice, const std::filesystem::path& shared) {
    fmt::print("{:12} {:18} {:>7} {:>7} {:>6} {:>6} {:>7} {:>8} {:>7} {:>6} {:>7} {:>6}\n", "series", "method", "CRPS",
               "WAPE%", "MASE", "cov80%", "width%", "winkler%", "peak50%", "max%", "ratio", "cpu_s");
    Summary summary;
    for (const auto& name : choice.series)
        LOADSTAR_CHECK(
            run_series(task_of(name, test_support::measured_series(shared, name), choice.part), choice, summary));
    print(summary);
    return {};
}

Result<void> run_two_hours(const Choice& choice, const std::filesystem::path& shared) {
    TwoHours::print_head();
    TwoHours bench;
    for (const auto& name : choice.series) {
        if (!two_hours_baseline.contains(name)) continue;
        const auto task = task_of(name, test_support::measured_series(shared, name), choice.part);
        LOADSTAR_CHECK(bench.run(name, task.grid, task.span));
    }
    bench.print_summary();
    return {};
}

int run(const std::vector<std::string>& arguments) {
    const auto choice = choice_of(arguments);
    if (!choice) {
        fmt::print("{}\nseries: {}\n", help, fmt::join(test_support::measured_series_names(), " "));
        return arguments == std::vector<std::string>{"--help"} ? 0 : 2;
    }
    const auto shared = test_support::shared_folder();
    if (!shared) {
        fmt::print("the published data sets are not here; set LOADSTAR_SHARED\n");
        return 1;
    }
    const auto done =
        choice->horizons == Horizons::day_ahead ? run_day_ahead(*choice, *shared) : run_two_hours(*choice, *shared);
    if (!done) fmt::print("{}\n", to_string(done.error()));
    return done ? 0 : 1;
}

}  // namespace
}  // namespace loadstar::bench

int main(int argc, char** argv) { return loadstar::bench::run({argv + 1, argv + argc}); }
