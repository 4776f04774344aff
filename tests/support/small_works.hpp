#pragma once
// A made-up works with a contract, a battery and three weeks of readings: enough for every use case, quick to compute.

#include <string>
#include <vector>

#include "support/stored_plant.hpp"

namespace loadstar::test_support {

constexpr const char* small_works_file = R"(version = 1
[site]
name = "Works <No 1> & sons"
time_zone = "Asia/Shanghai"
currency = "CNY"

[carrier.electricity]
carbon_kg_per_unit = 0.5
carbon_source = "made up"

[source.meter]
file = "meter.csv"
[source.meter.stamp]
column = "time"
[[source.meter.column]]
column = "kwh"
series = "load"
unit = "kWh"

[meter.main]
name = "Main meter"
carrier = "electricity"
series = "load"
billing = true

[contract.plain]
name = "Plain tariff"
otherwise_band = "flat"
[[contract.plain.band]]
name = "peak"
windows = ["08:00-20:00"]
[[contract.plain.energy]]
line = "energy"
name = "Energy"
prices_per_kwh = { peak = 1.0, flat = 0.4 }
[[contract.plain.energy]]
line = "line_loss"
name = "Line loss"
price_per_kwh = 0.02
[[contract.plain.demand]]
name = "Contracted demand"
mode = "contract"
rate_per_kw = 30
contract_kw = 100

[grid.main]
carrier = "electricity"
contract = "plain"
meter = "main"
max_import_kw = 1000

[battery.main]
max_charge_kw = 50
max_discharge_kw = 50
capacity_kwh = 100
charge_efficiency = 0.95
discharge_efficiency = 0.95
final_level = 0.5

[[forecast.target]]
series = "load"
)";

/// The plant file without the blocks from the line that begins with `first` up to the one that begins with `next`.
inline std::string without_block(std::string text, const std::string& first, const std::string& next) {
    const auto from = text.find(first);
    return text.erase(from, text.find(next, from) - from);
}

/// Stores three weeks from 2025-03-03 on: 20 kW, in working hours of weekdays 120 kW; the fifth slot is missing.
inline void fill(StoredPlant& plant) {
    constexpr int slots_per_day = 96;
    std::vector<std::optional<double>> kwh;
    for (int day = 0; day < 21; ++day) {
        for (int slot = 0; slot < slots_per_day; ++slot) {
            const bool busy = day % 7 < 5 && slot >= 32 && slot < 72;
            kwh.emplace_back(busy ? 30.0 : 5.0);
        }
    }
    kwh[4].reset();
    plant.store({.id = "load", .kind = SeriesKind::interval_energy, .unit = "kWh"},
                parse_instant("2025-03-02T16:00:00Z").value(), kwh);
}

}  // namespace loadstar::test_support
