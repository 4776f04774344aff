#pragma once
// Local energy systems as the workbooks of the optimiser ficus describe them: what is bought and sold, converters and
// stores of sizes to be chosen, and what is needed at each slot.

#include <cmath>
#include <cstdint>
#include <filesystem>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "support/program.hpp"

namespace loadstar::test_support {

/// A yearly share of one unit of investment.
inline double annuity(double years, double interest) {
    const double grown = std::pow(1 + interest, years);
    return grown * interest / (grown - 1);
}

/// A system of ficus. Sizes in kW and kWh, costs in money per unit and year or per kWh.
struct FicusSystem {
    using Series = std::map<std::string, std::vector<double>>;

    struct Converter {
        std::string name;
        double invest, fix, variable, installed, most_new, years, interest;
        std::map<std::string, double> flows;  ///< per unit that the converter runs at; negative: taken in
    };
    struct Store {
        std::string name, commodity;
        double invest_power, invest_energy, variable, most_power, most_energy, power_per_energy;
        double charge_efficiency, discharge_efficiency, self_discharge_per_hour, cycles_per_year, years, interest;
    };
    struct Connection {
        std::string commodity;
        double demand_rate;             ///< per kW of the highest mean power and year
        std::size_t slots_of_interval;  ///< that a mean goes over
        bool may_sell;
    };

    double step_hours = 0.25;
    std::size_t slots = 0;
    std::vector<Connection> connections;
    std::vector<Converter> converters;
    std::vector<Store> stores;
    Series import_price, export_price, demand, supply;
};

namespace ficus_detail {

using Json = nlohmann::json;

inline double number(const Json& row, const char* heading) {
    const auto& value = row.at(heading);
    return value.is_string() && value == "inf" ? INFINITY : value.get<double>();
}
/// Refuses a system that says something this model does not know.
inline void expect(bool known, const std::string& what) {
    if (!known) throw std::runtime_error("workbook of ficus: " + what + " is not modelled");
}

inline FicusSystem::Series series(const Json& rows, std::size_t slots) {
    FicusSystem::Series columns;
    for (const auto& row : rows)
        for (const auto& [heading, value] : row.items())
            if (heading != "Time" && columns[heading].size() < slots) columns[heading].push_back(value.get<double>());
    return columns;
}

inline FicusSystem::Connection connection(const Json& row, double seconds_of_slot) {
    expect(number(row, "p-max-initial") == 0 && number(row, "operating-hours-min") == 0, "a peak of before");
    expect(std::isinf(number(row, "import-max")), "a limit of import");
    return {.commodity = row.at("Commodity"),
            .demand_rate = number(row, "demand-rate"),
            .slots_of_interval = static_cast<std::size_t>(number(row, "time-interval-demand-rate") / seconds_of_slot),
            .may_sell = number(row, "export-max") > 0};
}

/// A fee of its class falls due for each unit of a flow; it is part of what a unit of the converter costs.
inline FicusSystem::Converter converter(const Json& row, const Json& book) {
    FicusSystem::Converter result{.name = row.at("Process"),
                                  .invest = number(row, "cost-inv"),
                                  .fix = number(row, "cost-fix"),
                                  .variable = number(row, "cost-var"),
                                  .installed = number(row, "cap-installed"),
                                  .most_new = number(row, "cap-new-max"),
                                  .years = number(row, "depreciation"),
                                  .interest = number(row, "wacc"),
                                  .flows = {}};
    for (const auto& flow : book.at("Process-Commodity"))
        if (flow.at("Process") == result.name)
            result.flows[flow.at("Commodity")] = (flow.at("Direction") == "In" ? -1 : 1) * number(flow, "ratio");
    for (const auto& fee : book.at("Process-Class"))
        if (fee.at("Class") == row.value("class", ""))
            result.variable += number(fee, "fee") * std::abs(result.flows[fee.at("Commodity")]);
    return result;
}

inline FicusSystem::Store store(const Json& row) {
    expect(number(row, "initial-soc") == 0 && number(row, "DOD") == 1, "a level to be kept");
    expect(number(row, "cap-installed-p") == 0 && number(row, "cap-installed-e") == 0, "a store that is there");
    expect(number(row, "cost-fix-p") == 0 && number(row, "cost-fix-e") == 0, "a yearly cost of a store");
    return {.name = row.at("Storage"),
            .commodity = row.at("Commodity"),
            .invest_power = number(row, "cost-inv-p"),
            .invest_energy = number(row, "cost-inv-e"),
            .variable = number(row, "cost-var"),
            .most_power = number(row, "cap-new-max-p"),
            .most_energy = number(row, "cap-new-max-e"),
            .power_per_energy = number(row, "max-p-e-ratio"),
            .charge_efficiency = number(row, "eff-in"),
            .discharge_efficiency = number(row, "eff-out"),
            .self_discharge_per_hour = number(row, "self-discharge"),
            .cycles_per_year = number(row, "cycles-max") / number(row, "lifetime"),
            .years = number(row, "depreciation"),
            .interest = number(row, "wacc")};
}

inline nlohmann::json sheets(const std::filesystem::path& file, std::vector<std::string> names) {
    const auto reader = source_root() / "tests/support/workbook.py";
    names.insert(names.begin(), {"python3", "-B", reader.string(), file.string()});
    const auto printed = run_program("/usr/bin/env", std::move(names));
    if (printed.exit_code != 0) throw std::runtime_error(printed.errors);
    return Json::parse(printed.output);
}

}  // namespace ficus_detail

/// Reads what stands in a workbook but its series.
inline FicusSystem read_ficus_equipment(const std::filesystem::path& file) {
    using namespace ficus_detail;
    const auto book =
        sheets(file, {"Time-Settings", "Ext-Commodities", "Process", "Process-Commodity", "Process-Class", "Storage"});
    const double seconds = number(book.at("Time-Settings")[0], "timebase");
    FicusSystem system{.step_hours = seconds / 3600};
    for (const auto& row : book.at("Ext-Commodities")) system.connections.push_back(connection(row, seconds));
    for (const auto& row : book.at("Process")) system.converters.push_back(converter(row, book));
    for (const auto& row : book.at("Storage")) system.stores.push_back(store(row));
    return system;
}

/// Reads a whole workbook, as many slots as it says.
inline FicusSystem read_ficus(const std::filesystem::path& file) {
    using namespace ficus_detail;
    auto system = read_ficus_equipment(file);
    const auto book =
        sheets(file, {"Time-Settings", "Ext-Import", "Ext-Export", "Demand-Rate-Factor", "Demand", "SupIm"});
    const auto& time = book.at("Time-Settings")[0];
    expect(number(time, "start") == 1, "a later start");
    system.slots = static_cast<std::size_t>(number(time, "end"));
    system.import_price = series(book.at("Ext-Import"), system.slots);
    system.export_price = series(book.at("Ext-Export"), system.slots);
    system.demand = series(book.at("Demand"), system.slots);
    system.supply = series(book.at("SupIm"), system.slots);
    for (const auto& [commodity, factors] : series(book.at("Demand-Rate-Factor"), system.slots))
        for (const double factor : factors) expect(factor == 1, "a factor of the demand rate");
    return system;
}

}  // namespace loadstar::test_support
