#pragma once
// Measured series of plants, machines and buildings.

#include <filesystem>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "pretraining_table.hpp"
#include "support/measured_series.hpp"
#include "support/steel_works.hpp"

namespace loadstar::bench {

inline Row floats_of(const std::vector<double>& values) { return {values.begin(), values.end()}; }

/// By the position of the rows, because the stamps are not in order; one row of zeros is no reading.
inline std::vector<Panel> steel_works(const std::filesystem::path& shared) {
    const auto year = test_support::steel_works_year(shared);
    const auto axis = axis_of("2018-01-01T00:00:00Z", 15, year.kwh.size());  // Korean clock, which never changes
    auto kwh = floats_of(year.kwh);
    auto lagging = floats_of(year.lagging_kvarh);
    auto leading = floats_of(year.leading_kvarh);
    for (std::size_t at = 1; at < kwh.size(); ++at)
        if (kwh[at] == 0 && lagging[at] == 0) kwh[at] = lagging[at] = leading[at] = missing;
    const auto off = days_off(axis, "UTC", test_support::measured_detail::korea_2018());
    Panel load{"steel_works_2018/load", axis};
    load.add(Role::target, kwh).add(Role::ahead, off);
    Panel both{"steel_works_2018/load_and_reactive", axis};
    both.add(Role::target, kwh).add(Role::target, lagging).add(Role::past, leading).add(Role::ahead, off);
    Panel reactive{"steel_works_2018/reactive", axis};
    reactive.add(Role::target, lagging).add(Role::past, kwh).add(Role::ahead, off);
    return {load, both, reactive, coarser(both, 4, "steel_works_2018/hourly")};
}

/// Ten-minute rows without a gap in their stamps; three of them are empty.
inline std::vector<Panel> pulp_mill(const std::filesystem::path& shared) {
    const Table table(shared / "data/pulp_mill_steam/digester_steam_automate.csv.gz");
    const auto axis = axis_of("2020-07-01T00:00:00Z", 10, table.size());  // its own clock
    Panel steam{"pulp_mill_steam/steam", axis};
    steam.add(Role::target, table.numbers("Steam_flowrate")).add(Role::past, table.numbers("Temperature"));
    Panel temperature{"pulp_mill_steam/temperature", axis};
    temperature.add(Role::target, table.numbers("Temperature")).add(Role::past, table.numbers("Steam_flowrate"));
    return {steam, temperature, coarser(steam, 6, "pulp_mill_steam/hourly")};
}

/// Mean power of the rows of a quarter-hour, as energy, with the pieces made in it: once known afterwards only, once as
/// a plan that came true. Stops are missing rows: what they mean is not known, so they stay missing.
inline std::vector<Panel> small_shop(const std::filesystem::path& shared) {
    constexpr int machines = 3;
    constexpr int slots = 21 * 96;
    const Table table(shared / "data/sme_machines/company_A_labelled_subset.csv.gz");
    const auto axis = axis_of("2022-08-31T22:00:00Z", 15, slots);
    const auto off = days_off(axis, "Europe/Rome");
    std::vector<Panel> panels;
    for (int machine = 0; machine < machines; ++machine) {
        SlotMeans power(axis);
        SlotMeans pieces(axis);
        for (std::size_t row = 0; row < table.size(); ++row) {
            if (table.text(row, table.column("asset")) != std::to_string(machine)) continue;
            const auto at = stamp_of(table.text(row, 0));
            power.add(at, table.number(row, table.column("power_avg")));
            pieces.add(at, table.number(row, table.column("items")));
        }
        auto kwh = power.means();
        for (auto& value : kwh) value *= 0.25F;
        Panel measured{fmt::format("sme_machines/machine{}", machine), axis};
        measured.add(Role::target, kwh).add(Role::past, pieces.sums()).add(Role::ahead, off);
        Panel planned{fmt::format("sme_machines/machine{}_plan", machine), axis};
        planned.add(Role::target, kwh).add(Role::ahead, pieces.sums()).add(Role::ahead, off);
        panels.push_back(measured);
        panels.push_back(planned);
    }
    return panels;
}

/// Nine homes. Hour 24 of 31 July comes first: stamps are ends of hours, on a clock without changes.
inline std::vector<Panel> homes(const std::filesystem::path& shared) {
    constexpr int buildings = 9;
    const auto folder = shared / "data/citylearn_2022";
    const Table weather(folder / "weather.csv.gz");
    const Table price(folder / "pricing.csv");
    const Table carbon(folder / "carbon_intensity.csv");
    const auto axis = axis_of("2016-07-31T23:00:00Z", 60, weather.size());
    const auto off = days_off(axis, "UTC");
    std::vector<Panel> panels;
    for (int building = 1; building <= buildings; ++building) {
        const Table table(folder / fmt::format("Building_{}.csv.gz", building));
        Panel panel{fmt::format("citylearn_2022/building_{}", building), axis};
        panel.add(Role::target, table.numbers("non_shiftable_load"));
        panel.add(Role::target, table.numbers("solar_generation"));
        panel.add(Role::ahead, weather.numbers("outdoor_dry_bulb_temperature"));
        panel.add(Role::ahead, weather.numbers("diffuse_solar_irradiance"));
        panel.add(Role::ahead, weather.numbers("direct_solar_irradiance"));
        panel.add(Role::ahead, price.numbers("electricity_pricing")).add(Role::ahead, off);
        panels.push_back(panel);
    }
    Panel grid{"citylearn_2022/carbon_intensity", axis};
    grid.add(Role::target, carbon.numbers("carbon_intensity"));
    grid.add(Role::ahead, weather.numbers("outdoor_dry_bulb_temperature"));
    grid.add(Role::ahead, weather.numbers("direct_solar_irradiance")).add(Role::ahead, off);
    panels.push_back(grid);
    return panels;
}

/// Of the meters only the hourly ones of Britain: the daily ones were made from the temperature.
inline std::vector<Panel> meters(const std::filesystem::path& shared) {
    const auto folder = shared / "data/meters_with_temperature";
    const Table electricity(folder / "uk-electricity-hdd-only-hourly-sample-0.csv.gz");
    const Table gas(folder / "uk-gas-hdd-only-hourly-sample-0.csv.gz");
    const Table weather(folder / "uk-tempC-sample-0.csv.gz");
    const auto axis = axis_of("2020-04-01T01:00:00Z", 60, electricity.size());
    const auto kwh = electricity.by_slot(axis, "value");
    const auto gas_kwh = gas.by_slot(axis, "value");
    const auto celsius = weather.by_slot(axis, "tempC", weather.column("dt"));
    const auto off = days_off(axis, "Europe/London");
    Panel first{"meters_with_temperature/uk_electricity", axis};
    first.add(Role::target, kwh).add(Role::past, gas_kwh).add(Role::ahead, celsius).add(Role::ahead, off);
    Panel second{"meters_with_temperature/uk_gas", axis};
    second.add(Role::target, gas_kwh).add(Role::past, kwh).add(Role::ahead, celsius).add(Role::ahead, off);
    return {first, second};
}

/// One household; the hourly profiles beside it are the same readings again, scaled, and are left out.
inline std::vector<Panel> household(const std::filesystem::path& shared) {
    const auto folder = shared / "data/pv_load_15min";
    const Table table(folder / "household_pv_load_2014_15min.csv.gz");
    const auto axis = axis_of("2014-01-01T00:00:00Z", 15, table.size());  // its own clock
    Panel panel{"pv_load_15min/household", axis};
    panel.add(Role::target, table.by_slot(axis, "load")).add(Role::target, table.by_slot(axis, "pv"));
    panel.add(Role::ahead, days_off(axis, "UTC"));
    const Table week(folder / "pv_profile_1min_week.csv.gz");
    Panel minutely{"pv_load_15min/pv_by_minute", axis_of("2014-07-01T00:00:00Z", 1, week.size())};
    minutely.add(Role::target, week.numbers("pv"));
    return {panel, coarser(panel, 4, "pv_load_15min/household_hourly"), minutely};
}

/// Numbers between blanks, row by row.
inline std::vector<Row> matrix_of(const std::filesystem::path& file) {
    std::istringstream lines(test_support::unpacked(file));
    std::vector<Row> rows;
    for (std::string line; std::getline(lines, line);) {
        std::istringstream cells(line);
        Row row;
        for (float value = 0; cells >> value;) row.push_back(value);
        if (!row.empty()) rows.push_back(std::move(row));
    }
    return rows;
}

/// A simulated chemical process without faults: measurements, and the valves that it was run with. The compositions,
/// which are analysed now and then and held in between, are left out. d00 has variables as rows, d00_te as columns.
inline std::vector<Panel> chemical_process(const std::filesystem::path& shared) {
    constexpr std::size_t measurements = 22;
    constexpr std::size_t first_valve = 41;
    constexpr std::size_t all = 52;
    std::vector<Panel> panels;
    for (const std::string name : {"d00", "d00_te"}) {
        auto rows = matrix_of(shared / "data/tennessee_eastman" / (name + ".dat.gz"));
        if (rows.size() != all) {
            std::vector<Row> turned(all);
            for (const auto& row : rows)
                for (std::size_t at = 0; at < all; ++at) turned[at].push_back(row.at(at));
            rows = std::move(turned);
        }
        Panel panel{"tennessee_eastman/" + name, axis_of("1970-01-01T00:00:00Z", 3, rows.front().size())};
        for (std::size_t at = 0; at < measurements; ++at) panel.add(Role::target, rows[at]);
        for (std::size_t at = first_valve; at < all; ++at) panel.add(Role::past, rows[at]);
        panels.push_back(panel);
    }
    return panels;
}

}  // namespace loadstar::bench
