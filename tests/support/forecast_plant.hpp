#pragma once

namespace loadstar::test_support {

/// A plant file with one series, `load` in kW, which is a forecast target issued at 10:00.
inline constexpr const char* forecast_plant = R"(version = 1
[site]
name = "Works"
time_zone = "Asia/Shanghai"
[carrier.electricity]
[source.meter]
file = "meter.csv"
[source.meter.stamp]
column = "time"
[[source.meter.column]]
column = "kw"
series = "load"
kind = "mean_power"
unit = "kW"
[forecast]
issue_time = "10:00"
[[forecast.target]]
series = "load"
)";

}  // namespace loadstar::test_support
