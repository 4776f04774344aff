// Day-ahead accuracy on the public plant series: bench/accuracy --help.
#include <algorithm>
#include <cmath>
#include <ctime>
#include <map>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "forecast/methods.hpp"
#include "support/measured_series.hpp"
#include "support/shared.hpp"

namespace loadstar::bench {
namespace {

using namespace forecast;

constexpr const char* help = R"(Day-ahead accuracy on 14 public plant series, issued at 10:00 of the day before.

usage: accuracy [--series NAME]... [--part test|validation]

  --series NAME   only this series; may be given again (default: all)
  --part PART     the last fifth of each series (test, the default) or the fifth before it (validation)

The series are read from $LOADSTAR_SHARED. Protocol and baseline: docs/forecasting.md. The last column is the ratio of
CRPS to the baseline: well-tuned Python tools on the same days, chosen on the validation part.
)";

/// CRPS of the baseline on the test part.
const std::map<std::string, double> baseline{{"steel_kwh", 0.2890},  {"steel_kvarh", 0.3402}, {"iron_elec", 0.1160},
                                             {"iron_heat", 0.1056},  {"carbon_elec", 0.2290}, {"pulp_steam", 0.2956},
                                             {"pjm_aep", 0.0388},    {"etth1_OT", 0.1815},    {"etth1_HUFL", 0.2704},
                                             {"etth1_HULL", 0.2281}, {"etth1_MUFL", 0.3246},  {"etth1_MULL", 0.3383},
                                             {"etth1_LUFL", 0.1346}, {"etth1_LULL", 0.1367}};

enum class Part { test, validation };

struct Choice {
    std::vector<std::string> series = test_support::measured_series_names();
    Part part = Part::test;
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
};

Score print_row(const Task& task, const std::string& method, const QuantileRecord& record, double seconds) {
    const auto scored = score(record, task.grid, task.span, weekly_scale(task.grid, task.scale_to));
    fmt::print("{:12} {:15} {:7.4f} {:7.2f} {:6.3f} {:6.1f} {:7.1f} {:8.1f} {:7.1f} {:7.3f} {:6.1f}\n", task.name,
               method, scored.crps, 100 * scored.wape, scored.mase, 100 * scored.coverage80, 100 * scored.width80,
               100 * scored.winkler80, 100 * scored.peak_error, scored.crps / baseline.at(task.name), seconds);
    std::fflush(stdout);
    return scored;
}

/// Prints a row for every method; the last one is what the program uses.
Result<void> run_series(const Task& task, Summary& summary) {
    FeatureTable table(task.grid, task.rule, features_of(task));
    NoProgress progress;
    for (const auto& method : methods()) {
        const auto started = std::clock();
        const RollingSpan span{.from = task.span.from, .to = task.span.to, .refit_days = task.refit_days};
        LOADSTAR_TRY(const auto record, roll(method, table, span, progress));
        const double taken = static_cast<double>(std::clock() - started) / CLOCKS_PER_SEC;
        const auto scored = print_row(task, method.name, record, taken);
        if (method.name != methods().back().name) continue;
        summary.ratios.push_back(scored.crps / baseline.at(task.name));
        summary.coverages.push_back(100 * scored.coverage80);
    }
    return {};
}

void print(const Summary& summary) {
    if (summary.ratios.empty()) return;
    double logarithms = 0;
    double coverage = 0;
    for (const double ratio : summary.ratios) logarithms += std::log(ratio);
    for (const double one : summary.coverages) coverage += one;
    const auto count = static_cast<double>(summary.ratios.size());
    const auto [narrowest, widest] = std::minmax_element(summary.coverages.begin(), summary.coverages.end());
    fmt::print("\nCRPS ratio of the stack to the baseline: geometric mean {:.4f}, largest {:.3f}\n",
               std::exp(logarithms / count), *std::max_element(summary.ratios.begin(), summary.ratios.end()));
    fmt::print("cover of the 80 % interval: mean {:.1f} %, from {:.1f} to {:.1f} %\n", coverage / count, *narrowest,
               *widest);
}

/// Empty when the arguments make no sense.
std::optional<Choice> choice_of(const std::vector<std::string>& arguments) {
    Choice choice;
    std::vector<std::string> series;
    for (std::size_t at = 0; at + 1 < arguments.size(); at += 2) {
        const auto& value = arguments[at + 1];
        if (arguments[at] == "--series" && baseline.contains(value))
            series.push_back(value);
        else if (arguments[at] == "--part" && (value == "test" || value == "validation"))
            choice.part = value == "test" ? Part::test : Part::validation;
        else
            return std::nullopt;
    }
    if (arguments.size() % 2 != 0) return std::nullopt;
    if (!series.empty()) choice.series = series;
    return choice;
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
    fmt::print("{:12} {:15} {:>7} {:>7} {:>6} {:>6} {:>7} {:>8} {:>7} {:>7} {:>6}\n", "series", "method", "CRPS",
               "WAPE%", "MASE", "cov80%", "width%", "winkler%", "peak50%", "ratio", "cpu_s");
    Summary summary;
    for (const auto& name : choice->series) {
        const auto task = task_of(name, test_support::measured_series(*shared, name), choice->part);
        if (const auto done = run_series(task, summary); !done) {
            fmt::print("{}: {}\n", name, to_string(done.error()));
            return 1;
        }
    }
    print(summary);
    return 0;
}

}  // namespace
}  // namespace loadstar::bench

int main(int argc, char** argv) { return loadstar::bench::run({argv + 1, argv + argc}); }
