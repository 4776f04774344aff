#pragma once
// Words of the report in both languages: reasons, methods, dates and amounts within sentences. Names of things of the
// plant are in site/names.hpp.

#include <string>

#include "base/decimal.hpp"
#include "base/text.hpp"
#include "base/time_zone.hpp"
#include "series/series.hpp"
#include "site/names.hpp"

namespace loadstar::service {

/// What a reason code means, in a few words.
Text reason_name(Reason reason);

/// What a forecast method does, in a few words; the id in words where it is not known.
Text method_name(const std::string& method);

/// "15 Feb 2018" and "2018年2月15日".
Text day_text(LocalDay day);
/// The same with the time of day.
Text moment_text(const TimeZone& zone, Instant at);
/// "CNY 91,488.00" and "91,488.00 元"; at 1,000 and above without cents.
Text money_text(double amount, const std::string& currency);

}  // namespace loadstar::service
