#include "advise/wording.hpp"

#include <cmath>

#include <fmt/format.h>

namespace loadstar::advise {

std::string money(const Evidence& evidence, double amount) {
    constexpr double small = 100;
    return fmt::format("{} {}", grouped(amount, std::abs(amount) < small ? 2 : 0), evidence.currency);
}

std::string local_minute(const Evidence& evidence, Instant at) {
    const auto civil = evidence.plant->time_zone.to_civil(at);
    return fmt::format("{} {:02}:{:02}", loadstar::to_string(civil.date()), civil.hour, civil.minute);
}

std::string local_day(const Evidence& evidence, Instant at) {
    return loadstar::to_string(evidence.plant->time_zone.day_of(at));
}

}  // namespace loadstar::advise
