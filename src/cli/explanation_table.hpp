#pragma once
#include <string>

#include "cli/shell.hpp"
#include "service/explanation.hpp"

namespace loadstar::cli {

/// One table a day: what each driver does to the forecast of the day, in its unit and in percent, and in which hours it
/// does most; or the sentence why that cannot be told.
std::string explanation_table(const service::ForecastExplanation& explanation, const forecast::Forecast& forecast,
                              const TimeZone& zone, const Shell& shell);

}  // namespace loadstar::cli
