#pragma once
// The public plant series on which forecasts are compared, each on a local clock without changes. See
// docs/forecasting.md.

#include <cmath>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "features/history.hpp"
#include "support/steel_works.hpp"

namespace loadstar::test_support {

/// Names of the day-ahead series, in the order of the tables.
inline std::vector<std::string> measured_series_names() {
    return {"steel_kwh", "steel_kvarh", "iron_elec",  "iron_heat",  "carbon_elec", "pulp_steam", "pjm_aep",
            "etth1_OT",  "etth1_HUFL",  "etth1_HULL", "etth1_MUFL", "etth1_MULL",  "etth1_LUFL", "etth1_LULL"};
}

namespace measured_detail {

inline std::vector<std::vector<std::string>> rows_of(const std::filesystem::path& file) {
    std::istringstream lines(unpacked(file));
    std::vector<std::vector<std::string>> rows;
    for (std::string line; std::getline(lines, line);) {
        if (!line.empty() && line.back() == '\r') line.pop_back();
        std::vector<std::string> cells;
        std::istringstream row(line);
        for (std::string cell; std::getline(row, cell, ',');) cells.push_back(cell);
        rows.push_back(std::move(cells));
    }
    return rows;
}

inline std::set<LocalDay> days(std::initializer_list<const char*> texts) {
    std::set<LocalDay> found;
    for (const auto* text : texts) found.insert(parse_day(text).value());
    return found;
}

inline std::set<LocalDay> korea_2018() {
    return days({"2018-01-01", "2018-02-15", "2018-02-16", "2018-02-17", "2018-03-01", "2018-05-01", "2018-05-05",
                 "2018-05-07", "2018-05-22", "2018-06-06", "2018-06-13", "2018-08-15", "2018-09-23", "2018-09-24",
                 "2018-09-25", "2018-09-26", "2018-10-03", "2018-10-09", "2018-12-25"});
}

inline std::set<LocalDay> germany_2014() {
    return days({"2014-01-01", "2014-01-06", "2014-04-18", "2014-04-21", "2014-05-01", "2014-05-29", "2014-06-09",
                 "2014-06-19", "2014-08-15", "2014-10-03", "2014-11-01", "2014-12-24", "2014-12-25", "2014-12-26",
                 "2014-12-31"});
}

inline std::set<LocalDay> united_states() {
    return days({"2013-09-02", "2013-10-14", "2013-11-11", "2013-11-28", "2013-12-25", "2014-01-01", "2014-01-20",
                 "2014-02-17", "2014-05-26", "2014-07-04", "2014-09-01", "2014-10-13", "2014-11-11", "2014-11-27",
                 "2014-12-25", "2015-01-01", "2015-01-19", "2015-02-16", "2015-05-25", "2015-07-03", "2015-09-07",
                 "2015-10-12", "2015-11-11", "2015-11-26", "2015-12-25", "2016-01-01", "2016-01-18", "2016-02-15",
                 "2016-05-30", "2016-07-04", "2016-09-05", "2016-10-10", "2016-11-11", "2016-11-24", "2016-12-26",
                 "2017-01-02", "2017-01-16", "2017-02-20", "2017-05-29", "2017-07-04", "2017-09-04", "2017-10-09",
                 "2017-11-10", "2017-11-23", "2017-12-25", "2018-01-01", "2018-01-15", "2018-02-19", "2018-05-28",
                 "2018-07-04"});
}

/// Fills gaps in a straight line between their neighbours.
inline std::vector<double> interpolated(const std::vector<std::optional<double>>& values) {
    std::vector<double> filled;
    for (std::size_t at = 0; at < values.size(); ++at) {
        if (values[at]) {
            filled.push_back(*values[at]);
            continue;
        }
        std::size_t next = at;
        while (next < values.size() && !values[next]) ++next;
        const double before = filled.back();
        filled.push_back(next < values.size() ? before + (*values[next] - before) / static_cast<double>(next - at + 1)
                                              : before);
    }
    return filled;
}

inline features::TargetHistory history_on(const std::string& name, const char* first_day, int step_minutes,
                                          const std::vector<double>& values) {
    const Horizon axis{.start = TimeZone::find("UTC").value().start_of_day(parse_day(first_day).value()),
                       .step = minutes(step_minutes),
                       .slots = static_cast<int>(values.size())};
    auto target =
        Series::missing({.id = name, .kind = SeriesKind::interval_energy, .unit = "kWh", .step = axis.step}, axis);
    for (int slot = 0; slot < axis.slots; ++slot) target.set(slot, values[static_cast<std::size_t>(slot)]);
    return {.target = std::move(target), .zone = TimeZone::find("UTC").value()};
}

inline features::TargetHistory steel(const std::filesystem::path& shared, const std::string& name) {
    const auto year = steel_works_year(shared);
    auto values = name == "steel_kwh" ? year.kwh : year.lagging_kvarh;
    for (std::size_t row = 1; row < values.size(); ++row) {
        if (year.kwh[row] == 0 && year.lagging_kvarh[row] == 0) values[row] = values[row - 1];
    }
    auto history = history_on(name, "2018-01-01", 15, values);
    history.calendar.holidays = korea_2018();
    return history;
}

inline features::TargetHistory ficus(const std::filesystem::path& shared, const std::string& name) {
    const std::string works = name.starts_with("iron") ? "iron" : "carbon";
    const auto rows = rows_of(shared / "cases/optimisation/ficus" / (works + "_year_15min.csv.gz"));
    std::vector<double> values;
    for (std::size_t row = 1; row < rows.size(); ++row) {
        values.push_back(std::stod(rows[row].at(name.ends_with("heat") ? 2 : 1)) / 4);  // kW over a quarter of an hour
    }
    auto history = history_on(name, "2014-01-01", 15, values);
    history.calendar.holidays = germany_2014();
    return history;
}

inline features::TargetHistory pulp(const std::filesystem::path& shared) {
    const auto rows = rows_of(shared / "data/pulp_mill_steam/digester_steam_automate.csv.gz");
    std::vector<std::optional<double>> values;
    for (std::size_t row = 1; row < rows.size(); ++row) {
        const bool there = rows[row].size() > 1 && !rows[row][1].empty();
        values.push_back(there ? std::optional(std::stod(rows[row][1])) : std::nullopt);
    }
    values.resize(215 * 144);
    return history_on("pulp_steam", "2020-07-01", 10, interpolated(values));
}

inline features::TargetHistory pjm(const std::filesystem::path& shared) {
    const auto start = parse_instant("2013-08-01T00:00:00Z").value();
    constexpr int slots = 1827 * 24;  // up to 2018-08-01
    std::vector<double> sums(slots, 0);
    std::vector<int> counts(slots, 0);
    for (const auto& row : rows_of(shared / "data/pjm_hourly/AEP_hourly.csv.gz")) {
        if (row[0] == "Datetime") continue;
        auto stamp = row[0];
        stamp[10] = 'T';
        const auto at =
            (parse_instant(stamp + "Z").value() - hours(1) - start) / hours(1);  // stamped by the hour's end
        if (at < 0 || at >= slots) continue;
        sums[static_cast<std::size_t>(at)] += std::stod(row[1]);
        ++counts[static_cast<std::size_t>(at)];
    }
    std::vector<std::optional<double>> values;
    for (std::size_t at = 0; at < sums.size(); ++at) {
        values.push_back(counts[at] > 0 ? std::optional(sums[at] / counts[at]) : std::nullopt);
    }
    auto history = history_on("pjm_aep", "2013-08-01", 60, interpolated(values));
    history.calendar.holidays = united_states();
    return history;
}

inline features::TargetHistory ett(const std::filesystem::path& shared, const std::string& name) {
    const auto rows = rows_of(shared / "data/ett/ETTh1.csv.gz");
    const auto column = name.substr(name.find('_') + 1);
    std::size_t at = 0;
    while (rows[0][at] != column) ++at;
    std::vector<double> values;
    for (std::size_t row = 1; row <= 725 * 24; ++row) values.push_back(std::stod(rows[row].at(at)));
    return history_on(name, "2016-07-01", 60, values);
}

}  // namespace measured_detail

/// Reads one of measured_series_names() from the folder of published data sets.
inline features::TargetHistory measured_series(const std::filesystem::path& shared, const std::string& name) {
    using namespace measured_detail;
    if (name.starts_with("steel")) return steel(shared, name);
    if (name.starts_with("iron") || name.starts_with("carbon")) return ficus(shared, name);
    if (name == "pulp_steam") return pulp(shared);
    if (name == "pjm_aep") return pjm(shared);
    return ett(shared, name);
}

}  // namespace loadstar::test_support
