#include "simulate/faults.hpp"

namespace loadstar::simulate {

const char* to_string(FaultKind kind) {
    switch (kind) {
        case FaultKind::air_leak: return "compressed_air_leak";
        case FaultKind::chiller_fouling: return "chiller_fouling";
        case FaultKind::left_on: return "left_on";
    }
    return "";
}

double Fault::grown(Instant at) const {
    if (!is_on(at)) return 0;
    return severity * (to_hours(at - start) / to_hours(end - start));
}

std::vector<Fault> script_of_2025(const TimeZone& zone) {
    const auto at = [&zone](int month, int day, int hour) {
        return zone.start_of_day(std::chrono::year{2025} / month / day) + hours(hour);
    };
    return {
        {.kind = FaultKind::chiller_fouling,
         .asset = "chiller",
         .start = at(6, 9, 0),
         .end = at(8, 16, 8),
         .severity = 7},
        {.kind = FaultKind::air_leak,
         .asset = "compressor",
         .start = at(9, 22, 10),
         .end = at(11, 23, 9),
         .severity = 4.5},
        {.kind = FaultKind::left_on, .asset = "reflow2", .start = at(11, 7, 22), .end = at(12, 22, 0)},
    };
}

}  // namespace loadstar::simulate
