#pragma once
// Words of the report in both languages: names that plant files usually use, dates and amounts within sentences.

#include <string>

#include "base/decimal.hpp"
#include "base/text.hpp"
#include "base/time_zone.hpp"
#include "series/series.hpp"
#include "site/plant.hpp"

namespace loadstar::service {

/// A name of the plant file. Usual names of charges and carriers are given in both languages, whichever one they are
/// written in; every other name is the owner's and stays as it is.
Text usual_name(const std::string& name);

/// An id of the plant file as words: "curing_oven" is "curing oven".
Text name_of_id(const std::string& id);

/// A time-of-use band, such as "valley": the usual ones as people call them, others as the contract spells them.
Text band_name(const std::string& band);

/// A charge as bills name it: usual_name, and of "Energy (peak)" the band too.
Text charge_name(const std::string& name);

/// What a series measures: the meter or machine that it belongs to and which of its quantities, else its id in words.
Text series_name(const Plant& plant, const std::string& series);

/// What a machine is called.
Text machine_name(const Machine& machine);

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
