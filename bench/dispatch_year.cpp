// A year of dispatch at quarter-hours: building and handing over through the unit-checked layer beside arrays written
// by hand, and solving by the interior point method beside HiGHS' dual simplex (with --simplex; it takes a while).
// Times are processor seconds of this process; other work on the machine does not change them much.
#include <chrono>
#include <cmath>
#include <cstring>
#include <memory>
#include <string>

#include <fmt/format.h>
#include <interfaces/highs_c_api.h>

#include "process_usage.hpp"
#include "solver/session.hpp"
#include "solver/solve.hpp"
#include "support/iron_year.hpp"
#include "support/shared.hpp"

namespace loadstar {
namespace {

using test_support::IronProblem;
using test_support::IronSlot;

/// Processor and wall time since it was made.
class Clock {
  public:
    [[nodiscard]] double cpu() const { return bench::cpu_seconds() - cpu_; }
    [[nodiscard]] double wall() const {
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - wall_).count();
    }

  private:
    double cpu_ = bench::cpu_seconds();
    std::chrono::steady_clock::time_point wall_ = std::chrono::steady_clock::now();
};

/// The baseline: the same model written straight into arrays, without names, units or checks.
struct Arrays {
    std::vector<double> cost, lower, upper, row_lower, row_upper, values;
    std::vector<HighsInt> start, columns;

    explicit Arrays(const std::vector<IronSlot>& slots) {
        const auto count = static_cast<HighsInt>(slots.size());
        const auto months = test_support::months_of_year();
        for (const auto reserved : {&cost, &lower, &upper}) reserved->reserve(slots.size() * 10 + 13);
        for (const auto reserved : {&row_lower, &row_upper}) reserved->reserve(slots.size() * 5 + 12);
        values.reserve(slots.size() * 19 + 24);
        columns.reserve(slots.size() * 19 + 24);
        start.reserve(slots.size() * 5 + 13);
        for (std::size_t t = 0; t < slots.size(); ++t) add_columns(slots[t], t + 1 == slots.size());
        for (int k = 0; k < 13; ++k) column(0, solver::infinity, k < 12 ? 6.00 : 77.93);
        const HighsInt peak = 10 * count;
        for (HighsInt t = 0; t < count; ++t)
            add_rows(slots[static_cast<std::size_t>(t)], t, peak + months[static_cast<std::size_t>(t)]);
        for (HighsInt k = 0; k < 12; ++k) row({{peak + k, 1}, {peak + 12, -1}}, -solver::infinity, 0);
        start.push_back(static_cast<HighsInt>(columns.size()));
    }

  private:
    void column(double low, double high, double price) {
        lower.push_back(low);
        upper.push_back(high);
        cost.push_back(price);
    }
    void row(std::initializer_list<std::pair<HighsInt, double>> entries, double low, double high) {
        start.push_back(static_cast<HighsInt>(columns.size()));
        for (const auto& [index, value] : entries) {
            columns.push_back(index);
            values.push_back(value);
        }
        row_lower.push_back(low);
        row_upper.push_back(high);
    }
    void add_columns(const IronSlot& slot, bool last) {
        constexpr double step = 0.25;
        column(0, 12000, slot.electricity_price * step);
        column(0, 2000, (0.03 - slot.electricity_price) * step);
        column(0, 1000, (2.45 * slot.gas_price + 0.012) * step);
        column(0, 9000, slot.gas_price / 0.90 * step);
        column(0, 1500, 0);
        column(0, 1500, 0.005 * step);
        column(last ? 1500 : 0, last ? 1500 : 3000, 0);
        column(0, 2000, 0);
        column(0, 2000, 0);
        column(last ? 4000 : 0, last ? 4000 : 8000, 0);
    }
    void add_rows(const IronSlot& slot, HighsInt t, HighsInt peak) {
        constexpr double step = 0.25;
        const HighsInt x = 10 * t;
        row({{x, 1}, {x + 1, -1}, {x + 2, 1}, {x + 4, -1}, {x + 5, 1}}, slot.electricity_kw, slot.electricity_kw);
        row({{x + 2, 1.15}, {x + 3, 1}, {x + 7, -1}, {x + 8, 1}}, slot.heat_kw, slot.heat_kw);
        if (t == 0) {
            row({{x + 6, 1}, {x + 4, -0.95 * step}, {x + 5, step / 0.95}}, 1500, 1500);
            row({{x + 9, 1}, {x + 7, -0.98 * step}, {x + 8, step / 0.98}}, 3996, 3996);
        } else {
            row({{x + 6, 1}, {x - 4, -1}, {x + 4, -0.95 * step}, {x + 5, step / 0.95}}, 0, 0);
            row({{x + 9, 1}, {x - 1, -0.999}, {x + 7, -0.98 * step}, {x + 8, step / 0.98}}, 0, 0);
        }
        row({{x, 1}, {peak, -1}}, -solver::infinity, 0);
    }
};

/// Builds and hands over by hand; returns processor seconds.
double by_hand(const std::vector<IronSlot>& slots) {
    const Clock clock;
    const Arrays model(slots);
    const std::unique_ptr<void, void (*)(void*)> highs(Highs_create(), [](void* made) { Highs_destroy(made); });
    Highs_setBoolOptionValue(highs.get(), "output_flag", 0);
    Highs_passLp(highs.get(), static_cast<HighsInt>(model.cost.size()), static_cast<HighsInt>(model.row_lower.size()),
                 static_cast<HighsInt>(model.columns.size()), kHighsMatrixFormatRowwise, kHighsObjSenseMinimize, 0,
                 model.cost.data(), model.lower.data(), model.upper.data(), model.row_lower.data(),
                 model.row_upper.data(), model.start.data(), model.columns.data(), model.values.data());
    return clock.cpu();
}

/// Builds through the layer and hands over; returns processor seconds.
double by_layer(const std::vector<IronSlot>& slots) {
    const Clock clock;
    IronProblem year(slots);
    const auto session = solver::Session::open(std::move(year.problem));
    return clock.cpu();
}

void compare_building(const std::vector<IronSlot>& slots) {
    double hand = 1e9;
    double layer = 1e9;
    for (int round = 0; round < 5; ++round) {
        hand = std::min(hand, by_hand(slots));
        layer = std::min(layer, by_layer(slots));
    }
    fmt::print("build and hand over, best of 5, cpu ms: by hand {:.1f}, by the layer {:.1f} ({:.2f} times)\n",
               hand * 1e3, layer * 1e3, layer / hand);
}

struct Golden {
    std::string name;
    test_support::IronTerms terms;
    std::size_t slots;
    double objective;
};

void solve(const Golden& golden, const std::vector<IronSlot>& year, solver::Choice choice) {
    NoProgress progress;
    const std::vector<IronSlot> slots(year.begin(), year.begin() + static_cast<std::ptrdiff_t>(golden.slots));
    const IronProblem model(slots, golden.terms);
    const Clock clock;
    const auto found = solver::solve(model.problem, {.time_limit_s = 600, .choice = choice}, progress).value();
    const double apart = golden.objective == 0 ? 0 : found.objective / golden.objective - 1;
    const auto peak = static_cast<std::size_t>(model.year_peak());
    fmt::print("{:<12} {:<14} {:>7} {:>7} {:>8.3f} {:>8.3f} {:>19.6f} {:>9.1e} {:>9.1e} {:>11.4f} {:>8.0f}\n",
               golden.name, choice == solver::Choice::simplex ? "simplex" : "interior point",
               model.problem.row_lower.size(), model.problem.cost.size(), clock.cpu(), clock.wall(), found.objective,
               apart, found.gap, golden.terms.yearly_peak ? found.values[peak] : 0.0, bench::most_resident_mebibytes());
    std::fflush(stdout);
}

int run(bool with_simplex) {
    const auto folder = test_support::shared_folder();
    const auto path = folder.value_or("") / "cases/optimisation/ficus/iron_year_15min.csv.gz";
    if (!folder || !std::filesystem::exists(path)) {
        fmt::print("needs iron_year_15min.csv.gz of the shared cases: set LOADSTAR_SHARED\n");
        return 0;
    }
    const auto year = test_support::read_iron_year(path);
    {
        const IronProblem model(year);
        fmt::print("memory with the year built: {:.0f} MiB\n", bench::resident_mebibytes());
    }
    compare_building(year);
    fmt::print("{:<12} {:<14} {:>7} {:>7} {:>8} {:>8} {:>19} {:>9} {:>9} {:>11} {:>8}\n", "model", "method", "rows",
               "columns", "cpu s", "wall s", "objective", "off", "gap", "peak kW", "max MiB");
    const std::vector<Golden> goldens = {{"1 day", {.yearly_peak = false}, 96, 0},
                                         {"2 days", {.yearly_peak = false}, 192, 0},
                                         {"4 days", {.yearly_peak = false}, 384, 0},
                                         {"8 days", {.yearly_peak = false}, 768, 0},
                                         {"January", {.yearly_peak = false}, 2976, 517342.73949},
                                         {"year", {}, year.size(), 5866722.6877},
                                         {"year, edges", {.fixed_edges = true}, year.size(), 5867467.8457}};
    for (const auto& golden : goldens) {
        solve(golden, year, solver::Choice::interior_point);
        if (with_simplex || golden.slots < year.size()) solve(golden, year, solver::Choice::simplex);
    }
    return 0;
}

}  // namespace
}  // namespace loadstar

int main(int count, char** arguments) {
    return loadstar::run(count > 1 && std::strcmp(arguments[1], "--simplex") == 0);
}
