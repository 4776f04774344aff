#pragma once
// Numbers and instants as they stand in sentences for people.

#include <string>

#include "advise/evidence.hpp"

namespace loadstar::advise {

/// "12,345 CNY", in the currency of the contract.
std::string money(const Evidence& evidence, double amount);
/// "2018-03-23 09:00" on the plant's clock.
std::string local_minute(const Evidence& evidence, Instant at);
/// "2018-03-23"
std::string local_day(const Evidence& evidence, Instant at);

}  // namespace loadstar::advise
