#pragma once

namespace loadstar::test_support {

/// A plant file of a load, a roof and, in the last table, a battery: a test may go on with more of it.
inline constexpr const char* roof_and_battery = R"([site]
name = "Roof and battery"
time_zone = "Asia/Shanghai"
currency = "CNY"

[source.files]
file = "readings.csv"
step_minutes = 15
[source.files.stamp]
column = "time"
[[source.files.column]]
column = "power"
series = "load"
kind = "mean_power"
unit = "kW"
[[source.files.column]]
column = "roof"
series = "roof"
kind = "mean_power"
unit = "kW"

[meter.main]
carrier = "electricity"
series = "load"

[contract.c]
band_factors = { day = 0.9, night = 0.3 }
otherwise_band = "day"
[[contract.c.band]]
name = "night"
windows = ["00:00-08:00"]
[[contract.c.energy]]
line = "energy"
floats = true
price_per_kwh = 1
[[contract.c.demand]]
rate_per_kw = 30

[grid.main]
contract = "c"
meter = "main"

[photovoltaic.roof]
series = "roof"

[battery.main]
max_charge_kw = 50
max_discharge_kw = 50
capacity_kwh = 100
final_level = 0.5
)";

}  // namespace loadstar::test_support
