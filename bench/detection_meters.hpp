#pragma once
// The real meters that faults are written into.

#include <algorithm>
#include <array>
#include <cstdlib>
#include <sstream>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "detect/detector.hpp"
#include "detection_faults.hpp"
#include "simulate/random.hpp"
#include "support/shared.hpp"
#include "support/steel_works.hpp"

namespace loadstar::bench {

/// A meter and how it is watched.
struct Meter {
    CleanMeter clean;
    detect::Warmup warmup;
    Instant split;  ///< first half: tuning; second half: report
};

inline void measure_levels(CleanMeter& meter) {
    std::vector<double> values;
    for (int slot = 0; slot < meter.measured.size(); ++slot)
        if (const auto value = meter.measured.at(slot)) values.push_back(*value);
    std::sort(values.begin(), values.end());
    const auto at = [&](double share) { return values[static_cast<std::size_t>(share * double(values.size() - 1))]; };
    for (const double value : values) meter.mean += value / static_cast<double>(values.size());
    meter.largest = at(0.995);
    meter.working_level = 0.5 * (at(0.1) + at(0.9));
}

inline LocalDay day(const char* text) { return parse_day(text).value(); }

inline Meter meter_of(std::string name, const std::vector<double>& values, const std::string& zone_name,
                      LocalDay first) {
    auto zone = TimeZone::find(zone_name).value();
    const Horizon axis{.start = zone.start_of_day(first), .slots = static_cast<int>(values.size())};
    Meter meter{.clean = {.name = name, .measured = Series::missing({.id = name, .unit = "kW"}, axis), .zone = zone},
                .split = axis.start + (axis.slots / 2) * axis.step};
    for (int slot = 0; slot < axis.slots; ++slot)
        meter.clean.measured.set(slot, values[static_cast<std::size_t>(slot)]);
    return meter;
}

inline void holidays(Meter& meter, std::initializer_list<const char*> days) {
    for (const auto* text : days) meter.clean.calendar.holidays.insert(day(text));
}

inline std::vector<Meter> steel_works(const std::filesystem::path& shared) {
    const auto year = test_support::steel_works_year(shared);
    std::vector<Meter> meters{meter_of("steel load", year.kwh, "Asia/Seoul", day("2018-01-01")),
                              meter_of("steel kvarh", year.lagging_kvarh, "Asia/Seoul", day("2018-01-01"))};
    for (auto& meter : meters) {
        holidays(meter,
                 {"2018-01-01", "2018-02-15", "2018-02-16", "2018-02-17", "2018-03-01", "2018-05-01", "2018-05-05",
                  "2018-05-07", "2018-05-22", "2018-06-06", "2018-06-13", "2018-08-15", "2018-09-23", "2018-09-24",
                  "2018-09-25", "2018-09-26", "2018-10-03", "2018-10-09", "2018-12-25"});
        for (int slot = 0; slot < meter.clean.measured.size(); ++slot)
            meter.clean.measured.values[static_cast<std::size_t>(slot)] *= 4;  // kWh per quarter-hour to kW
    }
    meters[0].clean.measured.clear(meters[0].clean.measured.axis.slot_of(parse_instant("2018-11-06T15:00:00Z").value()),
                                   Reason::rejected_all_zero);
    return meters;
}

/// An iron foundry of 2014.
inline std::vector<Meter> foundry(const std::filesystem::path& shared) {
    std::istringstream lines(test_support::unpacked(shared / "cases/optimisation/ficus/iron_year_15min.csv.gz"));
    std::vector<double> kw;
    std::string line;
    std::getline(lines, line);
    while (std::getline(lines, line)) kw.push_back(std::atof(line.substr(line.find(',') + 1).c_str()));
    auto meter = meter_of("foundry", kw, "Etc/GMT-1", day("2014-01-01"));
    holidays(meter, {"2014-01-01", "2014-01-06", "2014-04-18", "2014-04-21", "2014-05-01", "2014-05-29", "2014-06-09",
                     "2014-06-19", "2014-08-15", "2014-10-03", "2014-11-01", "2014-12-25", "2014-12-26"});
    return {meter};
}

/// Mean power of three machines over three weeks of 2022, quarter by quarter, from rows of five minutes; stops are
/// missing rows and stay missing.
inline std::vector<Meter> three_machines(const std::filesystem::path& shared) {
    constexpr int slots_per_day = 96;
    constexpr int machines = 3;
    constexpr int days = 21;
    std::array<std::vector<double>, machines> sums;
    std::array<std::vector<int>, machines> counts;
    for (int machine = 0; machine < machines; ++machine) {
        sums[static_cast<std::size_t>(machine)].assign(days * slots_per_day, 0.0);
        counts[static_cast<std::size_t>(machine)].assign(days * slots_per_day, 0);
    }
    const Horizon axis{.start = parse_instant("2022-08-31T22:00:00Z").value(), .slots = days * slots_per_day};
    std::istringstream lines(test_support::unpacked(shared / "data/sme_machines/company_A_labelled_subset.csv.gz"));
    std::string line;
    std::getline(lines, line);
    while (std::getline(lines, line)) {
        std::istringstream row(line);
        std::vector<std::string> cells;
        for (std::string cell; std::getline(row, cell, ',');) cells.push_back(cell);
        const int slot = axis.slot_of(parse_instant(cells.at(0)).value());
        if (slot < 0 || slot >= axis.slots) continue;
        const auto machine = std::stoul(cells.at(1));
        sums.at(machine)[static_cast<std::size_t>(slot)] += std::stod(cells.at(5));
        ++counts.at(machine)[static_cast<std::size_t>(slot)];
    }
    std::vector<Meter> meters;
    for (std::size_t machine = 0; machine < machines; ++machine) {
        auto meter = meter_of(fmt::format("machine {}", machine), sums[machine], "Europe/Rome", day("2022-09-01"));
        for (std::size_t slot = 0; slot < sums[machine].size(); ++slot) {
            const int at = static_cast<int>(slot);
            if (counts[machine][slot] == 0)
                meter.clean.measured.clear(at, Reason::missing);
            else
                meter.clean.measured.set(at, sums[machine][slot] / counts[machine][slot]);
        }
        meters.push_back(std::move(meter));
    }
    return meters;
}

/// A year of a meter that has only weeks: each stretch of four hours is drawn from the same hours of the days of the
/// same type. Real levels and shifts, but no memory from one stretch to the next.
inline Meter drawn_year(const Meter& weeks, std::uint64_t seed) {
    constexpr int slots_per_day = 96;
    constexpr int stretch = 16;
    constexpr int days = 364;
    const auto& real = weeks.clean.measured;
    const auto first = weeks.clean.zone.day_of(real.axis.start);
    const auto type_of = [&](int index) { return weeks.clean.calendar.day_type(add_days(first, index)); };
    auto meter = meter_of(weeks.clean.name, std::vector<double>(days * slots_per_day), "Etc/GMT-1", first);
    int last_day = 0;
    for (int slot = 0; slot < real.size(); ++slot)
        if (real.has(slot)) last_day = slot / slots_per_day;
    simulate::Random random(seed);
    for (int at = 0; at < days * slots_per_day; at += stretch) {
        std::vector<int> alike;
        for (int index = 0; index <= last_day; ++index)
            if (type_of(index) == type_of(at / slots_per_day))
                alike.push_back(index * slots_per_day + at % slots_per_day);
        const int from = alike[static_cast<std::size_t>(random.uniform() * static_cast<double>(alike.size()))];
        for (int slot = 0; slot < stretch; ++slot) {
            if (const auto value = real.at(from + slot))
                meter.clean.measured.set(at + slot, *value);
            else
                meter.clean.measured.clear(at + slot, Reason::missing);
        }
    }
    return meter;
}

}  // namespace loadstar::bench
