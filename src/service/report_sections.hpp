#pragma once
// Sections of the report (shape loadstar.report/1, docs/report.md) that follow from series and charge terms alone.

#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "base/text.hpp"
#include "base/time_zone.hpp"
#include "series/series.hpp"
#include "tariff/terms.hpp"

namespace loadstar::service {

nlohmann::json to_json(const Text& text);

/// {start, step_minutes, values}: missing slots become null.
nlohmann::json series_json(const Series& series, const TimeZone& zone);
/// Same for values that are all there, such as set-points.
nlohmann::json series_json(const Horizon& axis, const std::vector<double>& values, const TimeZone& zone);

/// One row of mean power per local day; days have 92, 96 or 100 quarter-hours.
nlohmann::json heat_map_section(const Series& mean_power, const Text& meter, const TimeZone& zone);

/// Hours at or above a power, thinned to about `points` points; missing slots are left out.
nlohmann::json load_duration_section(const Series& mean_power, const Text& meter, int points = 400);

/// Time-of-use bands as coloured spans, ranked by their mean price.
nlohmann::json tariff_bands_json(const tariff::ChargeTerms& terms, const TimeZone& zone);

/// Sum of the import prices per slot, [slot], money per kWh.
std::vector<double> import_prices(const tariff::ChargeTerms& terms);

}  // namespace loadstar::service
