// Sizes of converters and stores together with their dispatch at every quarter-hour: the model of ficus (yabata/ficus)
// without its yes-or-no equations, on the plants that come with it. The interior point method, and HiGHS' dual simplex
// beside it with --simplex (short runs only: it takes minutes for a month). The gap proves how far below a plan any
// other can lie. With --plans also the same plants as a study of sizes sees them: plant, contracts' terms and open
// sizes through the function that `whatif` calls, limits and missing heat at the prices of a plant file that sets none.
#include <algorithm>
#include <string>

#include <fmt/format.h>

#include "process_usage.hpp"
#include "solver/solve.hpp"
#include "support/ficus_study.hpp"
#include "support/shared.hpp"

namespace loadstar {
namespace {

struct Golden {
    std::string plant;
    std::size_t slots;
    double objective;  ///< zero where none is published
};

void solve(const Golden& golden, const test_support::FicusSystem& system, solver::Choice choice) {
    NoProgress progress;
    double began = bench::cpu_seconds();
    const test_support::FicusModel model(system);
    const double built = bench::cpu_seconds() - began;
    began = bench::cpu_seconds();
    const auto found = solver::solve(model.problem, {.time_limit_s = 1200, .choice = choice}, progress).value();
    const double solved = bench::cpu_seconds() - began;
    if (found.values.empty()) {
        fmt::print("{:<7} {:>6} {:<14} no solution after {:.1f} s\n", golden.plant, golden.slots,
                   choice == solver::Choice::simplex ? "simplex" : "interior point", solved);
        return;
    }
    const auto value = [&](auto variable) { return found.values[static_cast<std::size_t>(variable.column)]; };
    fmt::print(
        "{:<7} {:>6} {:<14} {:>7} {:>7} {:>7.3f} {:>8.2f} {:>16.4f} {:>8.1e} {:>8.1e} {:>9.3f} {:>9.3f} {:>9.3f} "
        "{:>10.3f} {:>6.0f}\n",
        golden.plant, golden.slots, choice == solver::Choice::simplex ? "simplex" : "interior point",
        model.problem.row_lower.size(), model.problem.cost.size(), built, solved, found.objective,
        golden.objective == 0 ? 0 : found.objective / golden.objective - 1, found.gap, value(model.peak.at("elec")),
        value(model.converter_power.at("chp-1000")), value(model.converter_power.at("gas boiler")),
        value(model.store_energy.at("TES")), bench::most_resident_mebibytes());
    std::fflush(stdout);
}

void study(const Golden& golden, const test_support::FicusSystem& system) {
    NoProgress progress;
    const test_support::FicusStudy plant(system);
    const auto study = plant.study();
    const double began = bench::cpu_seconds();
    const auto chosen = plan::choose_sizes(study, progress).value();
    const double solved = bench::cpu_seconds() - began;
    const auto size = [&](const char* name) { return plant.size_of(chosen, name); };
    const double cost = plant.yearly(chosen.cost);
    fmt::print(
        "{:<7} {:>6} {:<14} {:>7} {:>7} {:>7} {:>8.2f} {:>16.4f} {:>8.1e} {:>8.1e} {:>9} {:>9.3f} {:>9.3f} {:>10.3f} "
        "{:>6.0f}\n",
        golden.plant, golden.slots, "plans", "", "", "", solved, cost,
        golden.objective == 0 ? 0 : cost / golden.objective - 1, chosen.gap, "", size("chp-1000"), size("gas boiler"),
        size("TES"), bench::most_resident_mebibytes());
    std::fflush(stdout);
}

int run(bool with_simplex, bool with_plans) {
    const auto folder = test_support::shared_folder().value_or("") / "cases/optimisation/ficus";
    if (!std::filesystem::exists(folder / "iron_year_15min.csv.gz")) {
        fmt::print("needs the plants of ficus among the shared cases: set LOADSTAR_SHARED\n");
        return 0;
    }
    fmt::print("{:<7} {:>6} {:<14} {:>7} {:>7} {:>7} {:>8} {:>16} {:>8} {:>8} {:>9} {:>9} {:>9} {:>10} {:>6}\n",
               "plant", "slots", "method", "rows", "columns", "build s", "solve s", "cost per year", "off", "gap",
               "peak kW", "chp kW", "boiler kW", "heat kWh", "MiB");
    const std::vector<Golden> goldens = {{"iron", 672, 3781177.8854},  {"carbon", 672, 4744564.4843},
                                         {"iron", 2880, 6113810.3316}, {"carbon", 2880, 10948207.2805},
                                         {"iron", 35040, 0},           {"carbon", 35040, 0}};
    for (const auto& golden : goldens) {
        const auto system = test_support::ficus_plant(folder, golden.plant, golden.slots);
        solve(golden, system, solver::Choice::interior_point);
        if (with_simplex && golden.slots <= 2880) solve(golden, system, solver::Choice::simplex);
        if (with_plans) study(golden, system);
    }
    return 0;
}

}  // namespace
}  // namespace loadstar

int main(int count, char** arguments) {
    const std::vector<std::string> asked(arguments + 1, arguments + count);
    const auto has = [&](const char* option) { return std::ranges::find(asked, option) != asked.end(); };
    return loadstar::run(has("--simplex"), has("--plans"));
}
