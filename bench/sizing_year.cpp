// Sizes of converters and stores together with their dispatch at every quarter-hour: the model of ficus (yabata/ficus)
// without its yes-or-no equations, on the plants that come with it. The interior point method, and HiGHS' dual simplex
// beside it with --simplex (short runs only: it takes minutes for a month). The gap proves how far below a plan any
// other can lie.
#include <cmath>
#include <cstring>
#include <ctime>
#include <string>
#include <sys/resource.h>

#include <fmt/format.h>

#include "solver/solve.hpp"
#include "support/iron_year.hpp"
#include "support/shared.hpp"

namespace loadstar {
namespace {

using solver::infinity;
using solver::Variable;
using test_support::IronSlot;

constexpr Hours step(0.25);
constexpr double hours_of_year = 8760;

/// What a yearly share of one unit of investment is.
double annuity(double years, double interest) {
    const double grown = std::pow(1 + interest, years);
    return grown * interest / (grown - 1);
}

/// Per unit of flow: gas taken in, electricity and heat given out (negative: taken in).
struct Converter {
    std::string name;
    double invest, fix, variable, fee, years;
    double gas, electricity, heat;
};
struct Store {
    std::string name;
    bool is_heat;
    double invest_power, invest_energy, power_per_energy, efficiency, self_discharge, cycles;
};

// The file cover_heat+elec_*.xlsx of ficus; interest 7 % for converters, 5 % over 10 years for stores.
const std::vector<Converter> converters = {{"chp-10", 1600, 0, 0.025, 0.02468, 10, 2.857, 1, 1.54},
                                           {"chp-100", 1200, 0, 0.015, 0.02468, 10, 2.7, 1, 1.35},
                                           {"chp-250", 1000, 0, 0.012, 0.02468, 10, 2.564, 1, 1.282},
                                           {"chp-500", 825, 0, 0.01, 0.02468, 10, 2.38, 1, 1.07},
                                           {"chp-1000", 750, 0, 0.008, 0.02468, 10, 2.273, 1, 0.977},
                                           {"gas boiler", 50, 2, 0, 0, 15, 1.11, 0, 1},
                                           {"im heater", 150, 0.05, 0, 0, 20, 0, -1, 1}};
const std::vector<Store> stores = {{"redox flow", false, 1500, 300, 999, std::sqrt(0.75), 7e-5, 10000},
                                   {"lithium 1C", false, 0, 1300, 1, std::sqrt(0.85), 1e-5, 10000},
                                   {"lithium 2C", false, 0, 1700, 2, std::sqrt(0.85), 1e-5, 10000},
                                   {"heat", true, 5, 15, 999, 1, 1e-4, 1000000}};

/// The sizing problem of some slots of a plant, costs for a whole year.
class Sizing {
  public:
    explicit Sizing(const std::vector<IronSlot>& slots)
        : slots_(slots), year_(static_cast<double>(slots.size()) * step.value() / hours_of_year) {
        problem.reserve({.columns = slots.size() * 20 + 17, .rows = slots.size() * 27, .entries = slots.size() * 80});
        add_sizes();
        for (std::size_t t = 0; t < slots.size(); ++t) add_slot(t);
        for (std::size_t s = 0; s < stores.size(); ++s) add_cycles(s);
    }
    solver::Problem problem;
    std::vector<Variable<Power>> size;  ///< of the converters
    std::vector<Variable<Power>> store_power;
    std::vector<Variable<Energy>> store_energy;
    Variable<Power> peak, gas_peak;

  private:
    void add_sizes() {
        for (const auto& c : converters)
            size.push_back(
                problem.variable(Power(0), Power(50000), PowerPrice(c.invest * annuity(c.years, 0.07) + c.fix)));
        for (const auto& s : stores) {
            const double share = annuity(10, 0.05);
            store_power.push_back(problem.variable(Power(0), Power(500000), PowerPrice(s.invest_power * share)));
            store_energy.push_back(problem.variable(Energy(0), Energy(5000000), EnergyPrice(s.invest_energy * share)));
        }
        peak = problem.variable(Power(0), Power(infinity), PowerPrice(77.93));
        gas_peak = problem.variable(Power(0), Power(infinity), PowerPrice(10));
        for (std::size_t s = 0; s < stores.size(); ++s)
            problem.require(store_power[s] <= (Power(1) / Energy(1)) * stores[s].power_per_energy * store_energy[s],
                            ratio_, 0);
        level_.resize(stores.size());
        charges_.resize(stores.size());
    }
    void add_slot(std::size_t t) {
        const int at = static_cast<int>(t);
        const auto power = [&](double price) {
            return problem.variable(Power(0), Power(infinity), EnergyPrice(price / year_) * step);
        };
        std::vector<solver::Entry> electricity, heat;
        const auto bought = power(slots_[t].electricity_price);
        electricity.push_back({bought.column, 1});
        problem.require(bought <= peak, peak_row_, at);
        for (std::size_t c = 0; c < converters.size(); ++c) {
            const auto& converter = converters[c];
            const auto flow = power(converter.variable + converter.fee + converter.gas * slots_[t].gas_price);
            problem.require(flow <= size[c], size_row_, at);
            if (converter.electricity != 0) electricity.push_back({flow.column, converter.electricity});
            if (converter.heat != 0) heat.push_back({flow.column, converter.heat});
            if (converter.gas != 0) gas_hour_.push_back({flow.column, converter.gas / 4});
        }
        for (std::size_t s = 0; s < stores.size(); ++s) add_store(s, t, stores[s].is_heat ? heat : electricity);
        balance(electricity, slots_[t].electricity_kw, electricity_, at);
        balance(heat, slots_[t].heat_kw, heat_, at);
        if (t % 4 == 3) {
            gas_hour_.push_back({gas_peak.column, -1});
            for (const auto entry : gas_hour_) problem.add_entry(entry);
            problem.end_row(-infinity, 0, {gas_, at});
            gas_hour_.clear();
        }
    }
    void balance(const std::vector<solver::Entry>& entries, double need, std::int32_t kind, int at) {
        for (const auto entry : entries) problem.add_entry(entry);
        problem.end_row(need, need, {kind, at});
    }
    void add_store(std::size_t s, std::size_t t, std::vector<solver::Entry>& side) {
        const auto& store = stores[s];
        const int at = static_cast<int>(t);
        const bool last = t + 1 == slots_.size();
        const auto charge = problem.variable(Power(0), Power(infinity));
        const auto discharge = problem.variable(Power(0), Power(infinity));
        const auto level = problem.variable(Energy(0), Energy(last ? 0 : infinity));
        problem.require(charge <= store_power[s], size_row_, at);
        problem.require(discharge <= store_power[s], size_row_, at);
        problem.require(level <= store_energy[s], size_row_, at);
        const auto stored = step * (store.efficiency * charge - (1 / store.efficiency) * discharge);
        if (t == 0)
            problem.require(level == stored + Energy(0), store_row_, at);
        else
            problem.require(level == (1 - store.self_discharge * step.value()) * level_[s] + stored, store_row_, at);
        level_[s] = level;
        charges_[s].push_back(charge.column);
        side.push_back({charge.column, -1});
        side.push_back({discharge.column, 1});
    }
    void add_cycles(std::size_t s) {
        for (const auto charge : charges_[s]) problem.add_entry({charge, step.value()});
        problem.add_entry({store_energy[s].column, -stores[s].cycles * year_ / 10});
        problem.end_row(-infinity, 0, {cycles_, static_cast<int>(slots_.size()) - 1});
    }

    const std::vector<IronSlot>& slots_;
    double year_;
    std::vector<Variable<Energy>> level_;
    std::vector<std::vector<std::int32_t>> charges_;
    std::vector<solver::Entry> gas_hour_;
    std::int32_t electricity_ = problem.limit({"electricity", "电力平衡"}), heat_ = problem.limit({"heat", "热力平衡"}),
                 gas_ = problem.limit({"gas peak", "燃气需量"}), peak_row_ = problem.limit({"peak", "最大需量"}),
                 size_row_ = problem.limit({"size", "容量"}), store_row_ = problem.limit({"store", "储能"}),
                 ratio_ = problem.limit({"power of energy", "功率比"}), cycles_ = problem.limit({"cycles", "循环"});
};

double cpu_seconds() {
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}
double most_resident() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<double>(usage.ru_maxrss) / 1024;
}

struct Golden {
    std::string plant;
    std::size_t slots;
    double objective;  ///< zero where none is published
};

void solve(const Golden& golden, const std::vector<IronSlot>& year, solver::Choice choice) {
    NoProgress progress;
    const std::vector<IronSlot> slots(year.begin(), year.begin() + static_cast<std::ptrdiff_t>(golden.slots));
    double began = cpu_seconds();
    const Sizing model(slots);
    const double built = cpu_seconds() - began;
    began = cpu_seconds();
    const auto found = solver::solve(model.problem, {.time_limit_s = 1200, .choice = choice}, progress).value();
    const double solved = cpu_seconds() - began;
    if (found.values.empty()) {
        fmt::print("{:<7} {:>6} {:<14} no solution after {:.1f} s\n", golden.plant, golden.slots,
                   choice == solver::Choice::simplex ? "simplex" : "interior point", solved);
        return;
    }
    const auto value = [&](std::int32_t column) { return found.values[static_cast<std::size_t>(column)]; };
    fmt::print(
        "{:<7} {:>6} {:<14} {:>7} {:>7} {:>7.3f} {:>8.2f} {:>16.4f} {:>8.1e} {:>8.1e} {:>9.3f} {:>9.3f} {:>9.3f} "
        "{:>10.3f} {:>6.0f}\n",
        golden.plant, golden.slots, choice == solver::Choice::simplex ? "simplex" : "interior point",
        model.problem.row_lower.size(), model.problem.cost.size(), built, solved, found.objective,
        golden.objective == 0 ? 0 : found.objective / golden.objective - 1, found.gap, value(model.peak.column),
        value(model.size[4].column), value(model.size[5].column), value(model.store_energy[3].column), most_resident());
    std::fflush(stdout);
}

int run(bool with_simplex) {
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
        const auto year = test_support::read_iron_year(folder / (golden.plant + "_year_15min.csv.gz"));
        solve(golden, year, solver::Choice::interior_point);
        if (with_simplex && golden.slots <= 2880) solve(golden, year, solver::Choice::simplex);
    }
    return 0;
}

}  // namespace
}  // namespace loadstar

int main(int count, char** arguments) {
    return loadstar::run(count > 1 && std::strcmp(arguments[1], "--simplex") == 0);
}
