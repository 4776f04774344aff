// The model of a year at quarter-hours from a plant file on: reading the file, compiling its contracts, writing rows
// and columns through the unit-checked layer and handing them over. Beside it in the same run the same rows and columns
// pushed into raw arrays and handed over, which no way to build them can undercut. Processor milliseconds, best of 5.
#include <fmt/format.h>

#include "plan/problem_of.hpp"
#include "process_usage.hpp"
#include "site/plant_file.hpp"
#include "solver/session.hpp"
#include "support/iron_year.hpp"
#include "support/shared.hpp"
#include "support/temporary_folder.hpp"
#include "tariff/compile.hpp"

namespace loadstar {
namespace {

using test_support::IronSlot;

constexpr auto plant_file = R"(
version = 1
site = { id = "foundry", name = "Iron foundry", time_zone = "Europe/Berlin", currency = "EUR", step_minutes = 15 }
carrier.electricity.unit = "kWh"
carrier.gas.unit = "kWh"
carrier.heat = { unit = "kWh", release_price_per_unit = 0 }

[source.readings]
file = "readings.csv"
step_minutes = 15
stamp = { column = "time", format = "%Y-%m-%d %H:%M", marks = "start" }
column = [{ column = "spot", series = "spot", kind = "price", unit = "EUR/kWh" }]

[contract.power]
name = "Power at the price of the hour"
energy = [
    { line = "energy", name = "Energy", price_series = "spot" },
]
demand = [
    { line = "month", name = "Peak of the month", rate_per_kw = 6 },
    { line = "year", name = "Peak of the year", rate_per_kw = 77.93, over = "year" },
]

[contract.gas]
name = "Gas"
carrier = "gas"
energy = [{ line = "gas", name = "Gas", price_per_kwh = 0.034 }]

[grid]
main = { carrier = "electricity", contract = "power", max_import_kw = 12000, max_export_kw = 2000, export_price_per_kwh = 0.03 }
gas_main = { carrier = "gas", contract = "gas" }

[converter]
boiler = { kind = "boiler", draws_per_hour = { gas = 10000 }, gives_per_hour = { heat = 9000 } }

[converter.engine]
kind = "chp"
draws_per_hour = { gas = 2450 }
gives_per_hour = { electricity = 1000, heat = 1150 }
full_load_cost_per_hour = 12

[battery.main]
max_charge_kw = 1500
max_discharge_kw = 1500
capacity_kwh = 3000
wear_per_kwh = 0.005
final_level = 0.5

[store.tank]
carrier = "heat"
max_charge_per_hour = 2000
max_discharge_per_hour = 2000
capacity = 8000
charge_efficiency = 0.98
discharge_efficiency = 0.98
self_discharge_per_hour = 0.004
final_level = 0.5
)";

double cpu_ms() { return 1e3 * bench::cpu_seconds(); }

/// Milliseconds of each stage; the least of several rounds.
struct Stages {
    double read = 1e9, compile = 1e9, build = 1e9, hand_over = 1e9, raw = 1e9;
};

/// A year of readings on the axis of the plan.
struct Readings {
    Horizon axis;
    Series spot;
    std::vector<double> power, heat;

    explicit Readings(const std::vector<IronSlot>& year)
        : axis{parse_instant("2018-12-31T23:00:00Z").value(), minutes(15), static_cast<int>(year.size())},
          spot(Series::missing({"spot", SeriesKind::price, "EUR/kWh"}, axis)) {
        for (std::size_t at = 0; at < year.size(); ++at) {
            spot.set(static_cast<int>(at), year[at].electricity_price);
            power.push_back(year[at].electricity_kw);
            heat.push_back(year[at].heat_kw);
        }
    }
};

tariff::ChargeTerms terms_of(const Plant& plant, const std::string& contract, const Readings& readings) {
    const tariff::CompileInput input{.axis = readings.axis,
                                     .zone = plant.time_zone,
                                     .calendar = plant.calendar,
                                     .prices = {{"spot", readings.spot}}};
    return tariff::plan_terms(tariff::compile(*find_by_id(plant.contracts, contract), input).value(), {});
}

/// The same model in arrays without names, units or checks.
void push_raw(const solver::Problem& model) {
    solver::Problem raw;
    raw.reserve({.columns = model.cost.size(), .rows = model.row_lower.size(), .entries = model.row_columns.size()});
    for (std::size_t j = 0; j < model.cost.size(); ++j) {
        raw.cost.push_back(model.cost[j]);
        raw.column_lower.push_back(model.column_lower[j]);
        raw.column_upper.push_back(model.column_upper[j]);
    }
    for (std::size_t i = 0; i < model.row_lower.size(); ++i) {
        raw.row_start.push_back(static_cast<std::int32_t>(raw.row_columns.size()));
        const auto end = i + 1 < model.row_start.size() ? static_cast<std::size_t>(model.row_start[i + 1])
                                                        : model.row_columns.size();
        for (auto k = static_cast<std::size_t>(model.row_start[i]); k < end; ++k) {
            raw.row_columns.push_back(model.row_columns[k]);
            raw.row_values.push_back(model.row_values[k]);
        }
        raw.row_lower.push_back(model.row_lower[i]);
        raw.row_upper.push_back(model.row_upper[i]);
    }
    (void)solver::Session::open(std::move(raw)).value();
}

void measure(const std::filesystem::path& file, const Readings& readings, Stages& best) {
    double began = cpu_ms();
    const auto lap = [&began](double& least) {
        const double now = cpu_ms();
        least = std::min(least, now - began);
        began = cpu_ms();
    };
    const auto plant = load_plant(file).value();
    lap(best.read);
    plan::PlanRequest request{
        .plant = &plant, .grid = "main", .terms = terms_of(plant, "power", readings), .axis = readings.axis};
    request.supplies.push_back({.grid = "gas_main",
                                .terms = terms_of(plant, "gas", readings),
                                .load = std::vector<double>(readings.power.size(), 0.0)});
    lap(best.compile);
    request.load_kw = readings.power;
    request.carrier_load["heat"] = readings.heat;
    began = cpu_ms();
    const double before = bench::resident_mebibytes();
    auto problem = plan::problem_of(request).value();
    lap(best.build);
    const double built = bench::resident_mebibytes();
    const auto raw = problem;
    began = cpu_ms();
    push_raw(raw);
    lap(best.raw);
    const auto rows = problem.row_lower.size(), columns = problem.cost.size();
    began = cpu_ms();
    const auto session = solver::Session::open(std::move(problem)).value();
    lap(best.hand_over);
    static bool told = false;
    if (!std::exchange(told, true))
        fmt::print("{} rows, {} columns, {:.0f} MiB when built\n", rows, columns, built - before);
}

int run() {
    const auto shared = test_support::shared_folder();
    const auto path = shared.value_or("") / "cases/optimisation/ficus/iron_year_15min.csv.gz";
    if (!shared || !std::filesystem::exists(path)) {
        fmt::print("needs iron_year_15min.csv.gz of the shared cases: set LOADSTAR_SHARED\n");
        return 0;
    }
    const Readings readings(test_support::read_iron_year(path));
    const TemporaryFolder folder;
    std::ofstream(folder.path() / "plant.toml") << plant_file;
    Stages best;
    for (int round = 0; round < 5; ++round) measure(folder.path() / "plant.toml", readings, best);
    fmt::print("read the plant file {:.1f} ms, compile its contracts {:.1f} ms\n", best.read, best.compile);
    fmt::print(
        "rows and columns {:.1f} ms, hand over {:.1f} ms; raw arrays with handing over {:.1f} ms ({:.2f} times)\n",
        best.build, best.hand_over, best.raw, (best.build + best.hand_over) / best.raw);
    return 0;
}

}  // namespace
}  // namespace loadstar

int main() { return loadstar::run(); }
