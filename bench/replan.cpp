// Planning anew every hour of a year in closed loop: 48 hours of quarter-hours, a battery and a demand charge. A
// session that starts where the last plan ended an hour later, beside a new model solved from nothing and beside the
// interior point method, each on the same states in the same run. Times are processor milliseconds per plan: change the
// numbers, solve, read.
#include <algorithm>
#include <array>
#include <filesystem>
#include <numeric>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <zlib.h>

#include "process_usage.hpp"
#include "solver/session.hpp"
#include "solver/solve.hpp"
#include "support/shared.hpp"

namespace loadstar {
namespace {

using solver::Choice;
using solver::infinity;

constexpr std::size_t horizon = 192;  // two days
constexpr std::size_t per_plan = 4;   // slots that pass between plans
constexpr Hours step(0.25);
constexpr double largest_power = 1500;
constexpr double capacity = 3000;
constexpr double efficiency = 0.95;

double cpu_ms() { return 1e3 * bench::cpu_seconds(); }

/// What the plant knows of a year.
struct Year {
    std::vector<double> load_kw, price;
    std::vector<int> month;
};

Year read_year(const std::filesystem::path& path) {
    Year year;
    gzFile file = gzopen(path.c_str(), "r");
    char line[128];
    double load = 0;
    double price = 0;
    int month = 0;
    while (gzgets(file, line, sizeof line) != nullptr) {
        if (std::sscanf(line, "%lf %lf %d", &load, &price, &month) != 3) continue;
        year.load_kw.push_back(load);
        year.price.push_back(price);
        year.month.push_back(month);
    }
    gzclose(file);
    return year;
}

/// Where a plan starts.
struct State {
    std::size_t slot = 0;
    double level_kwh = capacity / 2;
    double peak_kw = 0;  ///< of the month so far
};

/// The numbers of one plan, in the order of the columns and rows below.
struct Numbers {
    std::vector<double> import_cost, load, level_cost;

    Numbers(const Year& year, const State& state) {
        const auto begin = static_cast<std::ptrdiff_t>(state.slot);
        const auto end = begin + static_cast<std::ptrdiff_t>(horizon);
        load.assign(year.load_kw.begin() + begin, year.load_kw.begin() + end);
        for (auto price = year.price.begin() + begin; price != year.price.begin() + end; ++price)
            import_cost.push_back(*price * step.value());
        level_cost.assign(horizon, 0.0);
        level_cost.back() = -*std::min_element(year.price.begin() + begin, year.price.begin() + end);
    }
};

// Columns: imports, charges, discharges, levels, then the peak. Rows: balances, levels, peaks.
constexpr std::int32_t first_import = 0, first_charge = horizon, first_level = 3 * horizon, peak_column = 4 * horizon;
constexpr std::int32_t first_balance = 0, first_store = horizon;

solver::Problem model(const Numbers& numbers, const State& state) {
    solver::Problem problem;
    problem.reserve({.columns = 4 * horizon + 1, .rows = 3 * horizon, .entries = 9 * horizon});
    const auto balance = problem.limit({"balance", "平衡"});
    const auto store = problem.limit({"battery", "电池"});
    const auto demand = problem.limit({"demand", "需量"});
    std::vector<solver::Variable<Power>> imports, charge, discharge;
    std::vector<solver::Variable<Energy>> level;
    for (std::size_t t = 0; t < horizon; ++t)
        imports.push_back(problem.variable(Power(0), Power(infinity), PowerPrice(numbers.import_cost[t])));
    for (auto* powers : {&charge, &discharge})
        for (std::size_t t = 0; t < horizon; ++t) powers->push_back(problem.variable(Power(0), Power(largest_power)));
    for (std::size_t t = 0; t < horizon; ++t)
        level.push_back(problem.variable(Energy(0), Energy(capacity), EnergyPrice(numbers.level_cost[t])));
    const auto peak = problem.variable(Power(state.peak_kw), Power(infinity), PowerPrice(10));
    for (std::size_t t = 0; t < horizon; ++t)
        problem.require(imports[t] - charge[t] + discharge[t] == Power(numbers.load[t]), balance, static_cast<int>(t));
    for (std::size_t t = 0; t < horizon; ++t) {
        const auto stored = step * (efficiency * charge[t] - (1 / efficiency) * discharge[t]);
        if (t == 0)
            problem.require(level[t] == Energy(state.level_kwh) + stored, store, 0);
        else
            problem.require(level[t] == level[t - 1] + stored, store, static_cast<int>(t));
    }
    for (std::size_t t = 0; t < horizon; ++t) problem.require(imports[t] <= peak, demand, static_cast<int>(t));
    return problem;
}

/// An hour passed since the last plan.
void advance(solver::Session& session) {
    constexpr std::int32_t slots = horizon;
    constexpr std::array columns = {solver::SlotRun{first_import, slots}, solver::SlotRun{first_charge, slots},
                                    solver::SlotRun{first_charge + slots, slots}, solver::SlotRun{first_level, slots}};
    constexpr std::array rows = {solver::SlotRun{first_balance, slots}, solver::SlotRun{first_store, slots},
                                 solver::SlotRun{first_store + slots, slots}};
    session.advance(columns, rows, per_plan);
}

void change(solver::Session& session, const Numbers& numbers, const State& state) {
    session.set_costs(first_import, numbers.import_cost);
    session.set_costs(first_level, numbers.level_cost);
    session.set_row_bounds(first_balance, numbers.load, numbers.load);
    session.set_row_bounds(first_store, std::array{state.level_kwh}, std::array{state.level_kwh});
    session.set_column_bounds(peak_column, std::array{state.peak_kw}, std::array{infinity});
}

/// Carries out the first hour of a plan.
void pass_hour(const Year& year, const std::vector<double>& plan, State& state) {
    for (std::size_t t = 0; t < per_plan; ++t) {
        state.peak_kw = std::max(state.peak_kw, plan[first_import + t]);
        ++state.slot;
        if (year.month[state.slot] != year.month[state.slot - 1]) state.peak_kw = 0;
    }
    state.level_kwh = std::clamp(plan[static_cast<std::size_t>(first_level) + per_plan - 1], 0.0, capacity);
}

/// Times of one way to plan, and how often it had no plan.
struct Way {
    std::string name;
    std::vector<double> ms;
    int without_plan = 0;
    double largest_difference = 0;  ///< of the objective from the session's, relative

    void add(double began_ms, const Result<solver::Solution>& solution, double session_objective) {
        ms.push_back(cpu_ms() - began_ms);
        if (!solution || solution->status != solver::Status::optimal) {
            ++without_plan;
            return;
        }
        const double apart = std::abs(solution->objective - session_objective) / std::max(1.0, session_objective);
        largest_difference = std::max(largest_difference, apart);
    }
    void print() {
        std::sort(ms.begin(), ms.end());
        const auto quantile = [this](double share) {
            return ms[static_cast<std::size_t>(share * static_cast<double>(ms.size() - 1))];
        };
        fmt::print("{:<28} {:>6} {:>8.2f} {:>8.2f} {:>8.2f} {:>8.2f} {:>9} {:>10.1e}\n", name, ms.size(), quantile(0.5),
                   quantile(0.99), ms.back(), std::accumulate(ms.begin(), ms.end(), 0.0) / 1e3, without_plan,
                   largest_difference);
    }
};

int run() {
    const auto folder = test_support::shared_folder();
    const auto path = folder.value_or("") / "cases/optimisation/ficus/iron_tou_mpc.csv.gz";
    if (!folder || !std::filesystem::exists(path)) {
        fmt::print("needs iron_tou_mpc.csv.gz of the shared cases: set LOADSTAR_SHARED\n");
        return 0;
    }
    auto year = read_year(path);
    const auto slots = year.load_kw.size();
    for (std::size_t t = 0; t <= horizon; ++t) {  // the last plans look into the next year: the same again
        year.load_kw.push_back(year.load_kw[t]);
        year.price.push_back(year.price[t]);
        year.month.push_back(year.month[t]);
    }
    NoProgress progress;
    State state;
    auto session = solver::Session::open(model(Numbers(year, state), state)).value();
    Way hot{.name = "session, hot"}, cold{.name = "new model, simplex"}, inside{.name = "new model, interior point"};
    for (; state.slot < slots;) {
        double began = cpu_ms();
        const Numbers numbers(year, state);
        advance(session);
        change(session, numbers, state);
        const auto plan = session.solve({}, progress);
        hot.add(began, plan, plan->objective);
        for (auto* way : {&cold, &inside}) {
            began = cpu_ms();
            const auto choice = way == &cold ? Choice::simplex : Choice::interior_point;
            way->add(began, solve(model(Numbers(year, state), state), {.choice = choice}, progress), plan->objective);
        }
        pass_hour(year, plan->values, state);
    }
    fmt::print("{:<28} {:>6} {:>8} {:>8} {:>8} {:>8} {:>9} {:>10}\n", "way", "plans", "p50 ms", "p99 ms", "max ms",
               "sum s", "no plan", "objective");
    for (auto* way : {&hot, &cold, &inside}) way->print();
    fmt::print("solved once more from nothing: {}\n", session.solves_from_nothing());
    return 0;
}

}  // namespace
}  // namespace loadstar

int main() { return loadstar::run(); }
