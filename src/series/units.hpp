#pragma once
// Units of measured series: which are multiples of each other, and what a value stands for as mean power.

#include <optional>
#include <string>

#include "base/result.hpp"
#include "series/series.hpp"

namespace loadstar {

/// What one `from` is in `to`, such as 1000 for MWh in kWh; nothing for units of different things.
std::optional<double> factor_between(const std::string& from, const std::string& to);

/// kWh in one unit of energy (kWh, MWh, GJ ...); nothing for units of other things, such as m3.
std::optional<double> kwh_per(const std::string& unit);

/// Mean power, kW (kvar, m3/h ...), that the value 1 of such a series stands for in a slot: energy is spread over it.
/// Units without a larger or smaller relative count as they are.
double mean_power_per_value(const SeriesInfo& info, Duration slot);

/// Unit of the amount that a series adds up to over time: kWh of kW, m3 of m3/h, itself of amounts.
std::string amount_unit_of(const SeriesInfo& info);

/// The same values in another unit of the same thing. Errors: invalid_input (units of different things).
Result<Series> in_unit(Series series, const std::string& unit);

/// Mean power in kW, kvar or, for flows of other things, their unit per hour.
/// Errors: those of to_mean_power.
Result<Series> in_base_power(const Series& series);

}  // namespace loadstar
