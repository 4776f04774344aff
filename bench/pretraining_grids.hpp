#pragma once
// Measured series of power systems: loads, generation, prices, carbon; and what else is counted.

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "pretraining_table.hpp"

namespace loadstar::bench {

/// Hourly loads of four areas, stamped by the end of the hour on the local clock, in no order.
inline std::vector<Panel> eastern_areas(const std::filesystem::path& shared) {
    constexpr int slots = 5602 * 24;  // up to August 2017; the hold-out cuts a year earlier
    const auto axis = axis_of("2002-04-01T00:00:00Z", 60, slots);
    const auto off = days_off(axis, "UTC");
    std::vector<Panel> panels;
    Panel all{"pjm_hourly/areas", axis};
    for (const std::string area : {"AEP", "DAYTON", "DUQ", "PJMW"}) {
        const Table table(shared / "data/pjm_hourly" / (area + "_hourly.csv.gz"));
        SlotMeans means(axis);
        for (std::size_t row = 0; row < table.size(); ++row)
            means.add(stamp_of(table.text(row, 0)) - hours(1), table.number(row, 1));
        Panel panel{"pjm_hourly/" + area, axis};
        panel.add(Role::target, means.means()).add(Role::ahead, off);
        all.add(Role::target, means.means());
        const auto from = area == "PJMW"
                              ? axis.start
                              : parse_instant(area == "DUQ" ? "2005-01-01T00:00:00Z" : "2004-10-01T00:00:00Z").value();
        panels.push_back(part_of(panel, from, axis.end()));
    }
    all.add(Role::ahead, off);
    panels.push_back(part_of(all, parse_instant("2005-01-01T00:00:00Z").value(), axis.end()));
    return panels;
}

/// A utility's load and 25 weather stations. Its stamps have no separators ("1112010" is two dates), but its rows
/// follow one another hour by hour from 2001-01-01 01:00 (end of the hour, local clock); loads from 2005 on.
inline std::vector<Panel> utility(const std::filesystem::path& shared) {
    constexpr std::size_t stations = 25;
    constexpr std::size_t load_column = 2;
    auto lines = unzipped(shared / "data/gefcom2014/GEFCom2014-L_V2.zip", "Load/Task 1/L1-train.csv");
    std::vector<Row> columns(1 + stations);
    Row mean;
    std::string line;
    std::getline(lines, line);
    while (std::getline(lines, line)) {
        auto cells = cells_of(line, ',');
        cells.resize(load_column + 1 + stations);
        for (std::size_t at = 0; at <= stations; ++at) columns[at].push_back(number_of(cells[load_column + at]));
        float sum = 0;
        for (std::size_t at = 1; at <= stations; ++at) sum += columns[at].back();
        mean.push_back(sum / static_cast<float>(stations));
    }
    const auto axis = axis_of("2001-01-01T00:00:00Z", 60, mean.size());
    const auto off = days_off(axis, "UTC");
    Panel load{"gefcom2014_l/load", axis};
    load.add(Role::target, columns[0]).add(Role::ahead, mean).add(Role::ahead, off);
    Panel by_station{"gefcom2014_l/load_by_station", axis};
    by_station.add(Role::target, columns[0]).add(Role::ahead, mean);
    for (std::size_t at = 1; at <= stations; at += 4) by_station.add(Role::past, columns[at]);
    by_station.add(Role::ahead, off);
    Panel weather{"gefcom2014_l/temperatures", axis};
    for (std::size_t at = 1; at <= stations; ++at) weather.add(Role::target, columns[at]);
    const auto loads_from = parse_instant("2005-01-01T00:00:00Z").value();
    return {part_of(load, loads_from, axis.end()), part_of(by_station, loads_from, axis.end()), weather};
}

/// Day-ahead prices with what two published methods forecast from earlier prices.
inline std::vector<Panel> day_ahead_prices(const std::filesystem::path& shared) {
    std::vector<Panel> panels;
    for (const auto& [country, start] : {std::pair{"DE", "2016-01-04T00:00:00Z"}, {"FR", "2015-01-04T00:00:00Z"}}) {
        const auto file = fmt::format("data/dayahead_prices/Forecasts_{}_DNN_LEAR_ensembles.csv.gz", country);
        const Table table(shared / file);
        const bool german = country == std::string("DE");
        Panel panel{german ? "dayahead_prices/de_2016" : "dayahead_prices/fr", axis_of(start, 60, table.size())};
        panel.add(Role::target, table.by_slot(panel.axis, "Real price"));
        panel.add(Role::ahead, table.by_slot(panel.axis, "DNN Ensemble"));
        panel.add(Role::ahead, table.by_slot(panel.axis, "LEAR Ensemble"));
        panel.add(Role::ahead, days_off(panel.axis, "UTC"));  // the stamps are local
        Panel alone{panel.name + "_alone", panel.axis};
        alone.add(Role::target, panel.variates[0].values).add(Role::ahead, panel.variates[3].values);
        const auto new_year = german ? parse_instant("2017-01-01T00:00:00Z").value() : panel.axis.end();
        panels.push_back(part_of(panel, panel.axis.start, new_year));
        panels.push_back(part_of(alone, panel.axis.start, new_year));
        if (!german) continue;
        panel.name = "dayahead_prices/de_2017";
        alone.name = "dayahead_prices/de_2017_alone";
        panels.push_back(part_of(panel, new_year, panel.axis.end()));
        panels.push_back(part_of(alone, new_year, panel.axis.end()));
    }
    return panels;
}

struct Weather {
    Row celsius;
    Row cloud_percent;
    Row wind_kmh;
};

/// Weather whose stamps are local at a fixed offset that stands in each file.
inline Weather weather_of(const std::filesystem::path& folder, const std::string& zone, const Horizon& axis) {
    SlotMeans celsius(axis);
    SlotMeans cloud(axis);
    SlotMeans wind(axis);
    for (const int year : {2021, 2022, 2023}) {
        const auto json =
            nlohmann::json::parse(test_support::unpacked(folder / fmt::format("weather_{}_{}.json.gz", zone, year)));
        const seconds offset(json.at("utc_offset_seconds").get<int>());
        const auto& hourly = json.at("hourly");
        const auto& times = hourly.at("time");
        for (std::size_t at = 0; at < times.size(); ++at) {
            const auto utc = parse_instant(times[at].get<std::string>() + ":00Z").value() - offset;
            celsius.add(utc, hourly.at("temperature_2m")[at].get<float>());
            cloud.add(utc, hourly.at("cloudcover")[at].get<float>());
            wind.add(utc, hourly.at("windspeed_10m")[at].get<float>());
        }
    }
    return {celsius.means(), cloud.means(), wind.means()};
}

/// Price, carbon and weather of one country; what the publisher marks as estimated is missing.
inline std::vector<Panel> price_and_carbon(const std::filesystem::path& shared, const std::string& zone,
                                           const std::string& short_name, const std::string& clock) {
    const auto folder = shared / "data/price_carbon_weather";
    const auto axis = axis_of("2021-01-01T00:00:00Z", 60, 3 * 8760);
    SlotMeans price(axis);
    SlotMeans carbon(axis);
    SlotMeans renewable(axis);
    for (const int year : {2021, 2022, 2023}) {
        const Table prices(folder / fmt::format("price_{}_{}.csv.gz", zone, year));
        for (std::size_t row = 0; row < prices.size(); ++row)
            price.add(stamp_of(prices.text(row, 0)), prices.number(row, prices.column("Price (USD/MWh)")));
        const Table mix(folder / fmt::format("carbon_{}_{}.csv.gz", zone, year));
        for (std::size_t row = 0; row < mix.size(); ++row) {
            if (mix.text(row, mix.column("Data Estimated")) == "true") continue;
            carbon.add(stamp_of(mix.text(row, 0)), mix.number(row, 4));
            renewable.add(stamp_of(mix.text(row, 0)), mix.number(row, mix.column("Renewable Percentage")));
        }
    }
    const auto weather = weather_of(folder, zone, axis);
    const auto off = days_off(axis, clock);
    const auto with_weather = [&](const std::string& name, const Row& target, const Row& past) {
        Panel panel{"price_carbon_weather/" + short_name + name, axis};
        panel.add(Role::target, target).add(Role::past, past).add(Role::past, renewable.means());
        panel.add(Role::ahead, weather.celsius).add(Role::ahead, weather.cloud_percent);
        return panel.add(Role::ahead, weather.wind_kmh).add(Role::ahead, off);
    };
    Panel climate{"price_carbon_weather/" + short_name + "_weather", axis};
    climate.add(Role::target, weather.celsius).add(Role::target, weather.cloud_percent);
    climate.add(Role::target, weather.wind_kmh);
    return {with_weather("_price", price.means(), carbon.means()),
            with_weather("_carbon", carbon.means(), price.means()), climate};
}

/// The Irish pool in half-hours: prices, load and wind with the forecasts published before. Rows follow one another, 48
/// a day.
inline std::vector<Panel> irish_pool(const std::filesystem::path& shared) {
    constexpr std::size_t first = 7;
    constexpr std::size_t all = 16;
    auto lines = unzipped(shared / "data/icon_price_aware/ICON_data.zip", "data/prices2013.dat");
    std::vector<Row> columns(all);
    std::string line;
    std::getline(lines, line);
    while (std::getline(lines, line)) {
        std::istringstream rest(cells_of(line, '"').at(4));  // after the stamp and the name of the holiday
        for (std::size_t at = 0; at < all; ++at) {
            std::string cell;
            rest >> cell;
            columns[at].push_back(number_of(cell));
        }
    }
    const auto column = [&](std::size_t offset) { return columns[first + offset]; };
    const auto axis = axis_of("2011-11-01T00:00:00Z", 30, columns[0].size());
    const auto wind_forecast = column(0), load_forecast = column(1), price_forecast = column(2), celsius = column(3),
               wind_speed = column(4), wind = column(6), load = column(7), price = column(8);
    auto off = days_off(axis, "UTC");
    for (std::size_t at = 0; at < off.size(); ++at) off[at] = std::max(off[at], columns[0][at]);  // holidays
    Panel prices{"icon_price_aware/price", axis};
    prices.add(Role::target, price).add(Role::past, load).add(Role::past, wind).add(Role::ahead, price_forecast);
    prices.add(Role::ahead, load_forecast).add(Role::ahead, wind_forecast).add(Role::ahead, off);
    Panel loads{"icon_price_aware/load", axis};
    loads.add(Role::target, load).add(Role::past, price).add(Role::ahead, celsius).add(Role::ahead, off);
    Panel winds{"icon_price_aware/wind", axis};
    winds.add(Role::target, wind).add(Role::past, wind_speed).add(Role::ahead, wind_forecast);
    return {prices, loads, winds};
}

}  // namespace loadstar::bench
