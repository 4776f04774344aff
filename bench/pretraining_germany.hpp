#pragma once
// Measured series of the German grid and its sun, and series of the Numenta benchmark.

#include <filesystem>
#include <string>
#include <vector>

#include "pretraining_table.hpp"

namespace loadstar::bench {

/// Two yearly tables as one: in the two hours that both have, the first one counts.
inline Row two_years(const Table& first, const Table& second, const Horizon& axis, const std::string& column) {
    auto row = first.by_slot(axis, column);
    const auto later = second.by_slot(axis, column);
    for (std::size_t at = 0; at < row.size(); ++at)
        if (std::isnan(row[at])) row[at] = later[at];
    return row;
}

/// Load, sun and wind of Germany and its four zones, UTC. Only 2018 has the load forecast and, from October on, prices.
inline std::vector<Panel> german_grid(const std::filesystem::path& shared) {
    const Table first(shared / "data/opsd_de/opsd_DE_2018_60min.csv.gz");
    const Table second(shared / "data/opsd_de/opsd_DE_2019_60min.csv.gz");
    const auto axis = axis_of("2017-12-31T23:00:00Z", 60, 2 * 8760);
    const auto off = days_off(axis, "Europe/Berlin");
    const auto both = [&](const std::string& column) { return two_years(first, second, axis, column); };
    const auto load = both("DE_load_actual_entsoe_transparency");
    const auto sun = both("DE_solar_generation_actual");
    const auto onshore = both("DE_wind_onshore_generation_actual");
    Panel country{"opsd_de/load", axis};
    country.add(Role::target, load).add(Role::past, sun).add(Role::past, onshore).add(Role::ahead, off);
    Panel weather{"opsd_de/sun_and_wind", axis};
    weather.add(Role::target, sun).add(Role::target, onshore);
    weather.add(Role::target, both("DE_wind_offshore_generation_actual"));
    Panel zones{"opsd_de/zones", axis};
    for (const std::string zone : {"50hertz", "amprion", "tennet", "transnetbw"})
        zones.add(Role::target, both("DE_" + zone + "_load_actual_entsoe_transparency"));
    zones.add(Role::ahead, off);
    const auto forecast = first.by_slot(axis, "DE_load_forecast_entsoe_transparency");
    Panel forecasts{"opsd_de/load_with_forecast", axis};
    forecasts.add(Role::target, load).add(Role::ahead, forecast).add(Role::ahead, off);
    Panel prices{"opsd_de/price", axis};
    prices.add(Role::target, first.by_slot(axis, "DE_LU_price_day_ahead")).add(Role::past, sun);
    prices.add(Role::past, onshore).add(Role::ahead, forecast).add(Role::ahead, off);
    const auto end_of_2018 = parse_instant("2019-01-01T22:00:00Z").value();
    return {country, weather, zones, part_of(forecasts, axis.start, end_of_2018),
            part_of(prices, parse_instant("2018-09-30T22:00:00Z").value(), end_of_2018)};
}

/// Consumption and generation by source, UTC (the consumption is that of opsd_de to the hour).
inline std::vector<Panel> german_mix(const std::filesystem::path& shared) {
    const Table table(shared / "data/generation_mix_de_2019/ProductionDE.csv.gz");
    Panel panel{"generation_mix_de_2019/mix", axis_of("2019-01-01T00:00:00Z", 15, table.size())};
    for (const std::string column :
         {"consumption", "solar", "wind", "coal", "gas", "nuclear", "biomass", "hydro", "hydro_storage", "imported"})
        panel.add(Role::target, table.by_slot(panel.axis, column));
    panel.add(Role::ahead, days_off(panel.axis, "Europe/Berlin"));
    return {panel};
}

/// Quarter-hours, two of which are missing. Its clock is not said, so it comes without days off.
inline std::vector<Panel> german_carbon(const std::filesystem::path& shared) {
    constexpr int slots = 37149;
    const Table table(shared / "data/carbon_intensity_de/ger_ci.csv.gz");
    Panel panel{"carbon_intensity_de/intensity", axis_of("2019-12-20T00:00:00Z", 15, slots)};
    panel.add(Role::target, table.by_slot(panel.axis, "Carbon Intensity"));
    return {panel, coarser(panel, 4, "carbon_intensity_de/hourly")};
}

/// Sun in Potsdam on a clock without changes; two lines before the names describe the place.
inline std::vector<Panel> irradiance(const std::filesystem::path& shared) {
    const Table table(shared / "data/irradiance_15min/Potsdam_2019_15min.csv.gz", 2);
    const auto axis = axis_of("2019-01-01T00:00:00Z", 15, table.size());
    Panel panel{"irradiance_15min/potsdam", axis};
    panel.add(Role::target, table.numbers("GHI")).add(Role::target, table.numbers("Temperature"));
    panel.add(Role::past, table.numbers("DNI")).add(Role::past, table.numbers("DHI"));
    panel.add(Role::past, table.numbers("Wind Speed")).add(Role::past, table.numbers("Pressure"));
    return {panel, coarser(panel, 4, "irradiance_15min/potsdam_hourly")};
}

/// Real series with known anomalies, binned to their own step: some repeat readings, jump back or have
/// gaps. The one that is mostly gaps is left out.
inline std::vector<Panel> counted_things(const std::filesystem::path& shared) {
    struct Source {
        const char* name;
        const char* file;
        int step_minutes;
    };
    constexpr Source sources[] = {{"ambient_temperature", "ambient_temperature_system_failure.csv", 60},
                                  {"cpu_utilization", "cpu_utilization_asg_misconfiguration.csv.gz", 5},
                                  {"request_latency", "ec2_request_latency_system_failure.csv", 5},
                                  {"machine_temperature", "machine_temperature_system_failure.csv.gz", 5},
                                  {"taxi", "nyc_taxi.csv", 30},
                                  {"key_updown", "rogue_agent_key_updown.csv", 5}};
    std::vector<Panel> panels;
    for (const auto& source : sources) {
        const Table table(shared / "data/nab/realKnownCause" / source.file);
        const auto start = stamp_of(table.text(0, 0));
        const auto last = stamp_of(table.text(table.size() - 1, 0));
        const minutes step(source.step_minutes);
        Panel panel{std::string("nab/") + source.name,
                    {.start = start, .step = step, .slots = static_cast<int>((last - start) / step) + 1}};
        panel.add(Role::target, table.by_slot(panel.axis, "value"));
        panels.push_back(panel);
    }
    return panels;
}

}  // namespace loadstar::bench
