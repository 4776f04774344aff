#pragma once
// Faults on a script. What they cost is known, because the physics runs with and without them.

#include <string>
#include <vector>

#include "base/instant.hpp"
#include "base/quantity.hpp"
#include "base/time_zone.hpp"

namespace loadstar::simulate {

enum class FaultKind { air_leak, chiller_fouling, left_on };
/// "compressed_air_leak", "chiller_fouling", "left_on"
const char* to_string(FaultKind kind);

/// One fault: nothing before `start`, nothing from `end` on, when it is mended.
struct Fault {
    FaultKind kind = FaultKind::air_leak;
    std::string asset;  ///< meter that sees it
    Instant start;
    Instant end;
    double severity = 0;  ///< when full-grown: m3/min of free air, K at the condenser; left_on has none

    [[nodiscard]] bool is_on(Instant at) const { return at >= start && at < end; }
    /// Severity at an instant: leaks and fouling grow evenly from nothing at the start.
    [[nodiscard]] double grown(Instant at) const;
};

/// The script of the year 2025: a condenser that fouls from June to mid-August, an air leak that grows from late
/// September until it is mended in late November, and an oven that is left on at weekends in November and December.
std::vector<Fault> script_of_2025(const TimeZone& zone);

}  // namespace loadstar::simulate
