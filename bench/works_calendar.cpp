// What it is worth to know ahead when a works stands still and what its machines will make: bench/works_calendar
// --help.
#include <algorithm>
#include <cmath>
#include <ctime>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "forecast/methods.hpp"
#include "service/networks.hpp"
#include "support/shared.hpp"
#include "works_machines.hpp"

namespace loadstar::bench {
namespace {

using namespace forecast;

constexpr const char* help = R"(Forecasts without and with a works calendar, and without and with a production plan.

usage: works_calendar [--part test|validation] [--works | --machines | --series NAME] [--network FOLDER]

  --part PART       of the works: the last fifth of the year (test, the default) or the fifth before it (validation)
  --works           only the two works
  --machines        only the three machines
  --series NAME     only this works: iron_elec or carbon_elec
  --network FOLDER  also the methods that ask this forecasting network

Days are issued at 10:00 of the day before. Both calendar and plan are read off what happened: they are as right as none
in use could be. The series are read from $LOADSTAR_SHARED.
)";

enum class Part { test, validation };

struct Choice {
    Part part = Part::test;
    std::vector<std::string> works{"iron_elec", "carbon_elec"};
    bool machines = true;
    NetworkSource network{};
};

/// How a works calendar is told.
struct Telling {
    const char* name;
    bool as_day_type = false;   ///< a day of standstill counts as a day of rest
    bool as_covariate = false;  ///< a series known ahead, 1 while the works stands still
};
constexpr std::array tellings{Telling{.name = "public holidays"},
                              Telling{.name = "works calendar, day type", .as_day_type = true},
                              Telling{.name = "works calendar, covariate", .as_covariate = true},
                              Telling{.name = "works calendar, both", .as_day_type = true, .as_covariate = true}};

double energy_of(const features::DayGrid& grid, int day) {
    double sum = 0;
    for (int slot = 0; slot < grid.slots(); ++slot) sum += grid.value({.day = day, .slot = slot});
    return sum;
}

/// Days on which a works stood still: those with less than half the median energy of their weekday in the year. They
/// are read off the whole year, test included, as a calendar hung up in January would have told them.
std::set<LocalDay> standstills(const features::DayGrid& grid) {
    constexpr double still = 0.5;
    std::vector<std::vector<double>> by_weekday(7);
    for (int day = 0; day < grid.end().day; ++day) {
        by_weekday[static_cast<std::size_t>(grid.weekday(day))].push_back(energy_of(grid, day));
    }
    for (auto& energies : by_weekday) std::sort(energies.begin(), energies.end());
    std::set<LocalDay> days;
    for (int day = 0; day < grid.end().day; ++day) {
        const auto& usual = by_weekday[static_cast<std::size_t>(grid.weekday(day))];
        if (energy_of(grid, day) < still * quantile_of_sorted(usual, 0.5)) days.insert(grid.day(day));
    }
    return days;
}

/// A works that is told of its standstills.
features::TargetHistory told(features::TargetHistory history, const std::set<LocalDay>& still, const Telling& telling) {
    if (telling.as_day_type) history.calendar.shutdowns = still;
    if (!telling.as_covariate) return history;
    const auto& axis = history.target.axis;
    auto series = Series::missing({.id = "standstill", .kind = SeriesKind::state, .step = axis.step}, axis);
    for (int slot = 0; slot < axis.slots; ++slot) {
        series.set(slot, still.contains(history.zone.day_of(axis.slot_start(slot))) ? 1 : 0);
    }
    history.known.push_back(std::move(series));
    return history;
}

/// A grid, what is scored on it, and how often methods are fitted anew.
struct Trial {
    features::DayGrid grid;
    RollingSpan span;
    int scale_to = 0;
};

struct Row {
    std::string method;
    Score score;
    double day_error = 0;  ///< of the day's total, % of the mean total
};

Row row_of(const std::string& method, const Trial& trial, const QuantileRecord& record) {
    double missed = 0;
    double sum = 0;
    for (int day = trial.span.from; day < trial.span.to; ++day) {
        double expected = 0;
        for (const auto& slot : record.at(day)) expected += slot[median_level];
        missed += std::abs(energy_of(trial.grid, day) - expected);
        sum += energy_of(trial.grid, day);
    }
    const DaySpan days{.from = trial.span.from, .to = trial.span.to};
    return {.method = method,
            .score = score(record, trial.grid, days, weekly_scale(trial.grid, trial.scale_to)),
            .day_error = 100 * missed / sum};
}

/// Scores every method that knew enough.
Result<std::vector<Row>> rows_of(const Trial& trial, const NetworkSource& network) {
    std::vector<Row> rows;
    FeatureTable table(trial.grid, {.lead = 1, .slot = 10 * trial.grid.slots() / 24}, {});
    NoProgress progress;
    for (const auto& method : methods(network)) {
        LOADSTAR_TRY(const auto record, roll(method, table, trial.span, progress));
        if (record.from == trial.span.from) rows.push_back(row_of(method.name, trial, record));
    }
    return rows;
}

void print_head() {
    fmt::print("{:12} {:26} {:16} {:>7} {:>7} {:>7} {:>7} {:>7}\n", "series", "told", "method", "CRPS", "change%",
               "WAPE%", "day%", "cov80%");
}

/// Prints rows; `untold` holds those of the same methods without the calendar or plan.
void print(const std::string& series, const char* telling, const std::vector<Row>& rows,
           const std::vector<Row>& untold) {
    for (const auto& row : rows) {
        const auto same =
            std::find_if(untold.begin(), untold.end(), [&](const Row& other) { return other.method == row.method; });
        const double change = same != untold.end() ? 100 * (row.score.crps / same->score.crps - 1) : std::nan("");
        fmt::print("{:12} {:26} {:16} {:7.4f} {:7.1f} {:7.2f} {:7.2f} {:7.1f}\n", series, telling, row.method,
                   row.score.crps, change, 100 * row.score.wape, row.day_error, 100 * row.score.coverage80);
    }
    std::fflush(stdout);
}

Trial works_trial(const features::TargetHistory& history, Part part) {
    constexpr int refit_days = 37;
    features::DayGrid grid(features::Known(history, history.target.axis.end()));
    const int validation = static_cast<int>(0.6 * grid.end().day);
    const int test = static_cast<int>(0.8 * grid.end().day);
    const RollingSpan span{.from = part == Part::test ? test : validation,
                           .to = part == Part::test ? grid.end().day : test,
                           .refit_days = refit_days};
    return {.grid = std::move(grid), .span = span, .scale_to = test};
}

Result<void> run_works(const std::filesystem::path& shared, const Choice& choice) {
    for (const auto& name : choice.works) {
        const auto history = test_support::measured_series(shared, name);
        const auto still = standstills(works_trial(history, choice.part).grid);
        std::vector<Row> untold;
        for (const auto& telling : tellings) {
            LOADSTAR_TRY(const auto rows,
                         rows_of(works_trial(told(history, still, telling), choice.part), choice.network));
            if (untold.empty()) untold = rows;
            print(name, telling.name, rows, untold);
        }
        fmt::print("{:12} {} days of standstill in the year:", name, still.size());
        for (const auto& day : still) fmt::print(" {}", to_string(day).substr(5));
        fmt::print("\n\n");
    }
    return {};
}

Result<void> run_machines(const std::filesystem::path& shared, const NetworkSource& network) {
    constexpr int test_days = 5;
    constexpr std::array plans{std::pair{Plan::none, "no plan"}, std::pair{Plan::pieces, "pieces"},
                               std::pair{Plan::by_product, "pieces by product"}};
    for (const auto* machine : {"0", "1", "2"}) {
        std::vector<Row> untold;
        for (const auto& [plan, name] : plans) {
            const auto history = machine_history(shared, machine, plan);
            features::DayGrid grid(features::Known(history, history.target.axis.end()));
            const int end = grid.end().day;
            const Trial trial{.grid = std::move(grid),
                              .span = {.from = end - test_days, .to = end, .refit_days = test_days},
                              .scale_to = end - test_days};
            LOADSTAR_TRY(const auto rows, rows_of(trial, network));
            if (untold.empty()) untold = rows;
            print(fmt::format("machine {}", machine), name, rows, untold);
        }
        fmt::print("\n");
    }
    return {};
}

/// Empty when the arguments make no sense.
std::optional<Choice> choice_of(const std::vector<std::string>& arguments) {
    Choice choice;
    for (std::size_t at = 0; at < arguments.size(); ++at) {
        const auto value = at + 1 < arguments.size() ? arguments[at + 1] : "";
        if (arguments[at] == "--works") {
            choice.machines = false;
            continue;
        }
        if (arguments[at] == "--machines") {
            choice.works.clear();
            continue;
        }
        if (arguments[at] == "--part" && (value == "test" || value == "validation"))
            choice.part = value == "test" ? Part::test : Part::validation;
        else if (arguments[at] == "--series" && (value == "iron_elec" || value == "carbon_elec"))
            choice.works = {value};
        else if (arguments[at] == "--network" && !value.empty())
            choice.network = service::network_in(value);
        else
            return std::nullopt;
        ++at;
    }
    if (choice.works.size() == 1) choice.machines = false;
    return choice;
}

Result<void> run_parts(const Choice& choice, const std::filesystem::path& shared) {
    print_head();
    LOADSTAR_CHECK(run_works(shared, choice));
    if (choice.machines) LOADSTAR_CHECK(run_machines(shared, choice.network));
    return {};
}

int run(const std::vector<std::string>& arguments) {
    const auto choice = choice_of(arguments);
    if (!choice) {
        fmt::print("{}", help);
        return arguments == std::vector<std::string>{"--help"} ? 0 : 2;
    }
    const auto shared = test_support::shared_folder();
    if (!shared) {
        fmt::print("the published data sets are not here; set LOADSTAR_SHARED\n");
        return 1;
    }
    const auto started = std::clock();
    const auto done = run_parts(*choice, *shared);
    if (!done) fmt::print("{}\n", to_string(done.error()));
    fmt::print("{:.0f} s of processor time\n", static_cast<double>(std::clock() - started) / CLOCKS_PER_SEC);
    return done ? 0 : 1;
}

}  // namespace
}  // namespace loadstar::bench

int main(int argc, char** argv) { return loadstar::bench::run({argv + 1, argv + argc}); }
