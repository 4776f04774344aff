#include "service/start_state.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "site/battery.hpp"

namespace loadstar::service {
namespace {

Result<Energy> level_in(const Battery& battery, const std::string& unit, double value) {
    if (unit == "kWh") return Energy(value);
    if (unit == "MWh") return Energy(1000 * value);
    if (unit == "%") return value / 100 * battery.capacity;
    if (unit == "1") return value * battery.capacity;
    return Error{.code = ErrorCode::invalid_input,
                 .message = fmt::format("a level in {}, expected kWh, MWh, % or 1 (a share of the capacity)", unit),
                 .where = battery.level_series,
                 .hint = "set the unit of its column in the plant file"};
}

Result<StartLevel> start_level(Session& session, const Battery& battery, Instant at) {
    const StartLevel unknown{.battery = battery.id, .level = initial_level(battery), .read_at = {}};
    if (battery.level_series.empty()) return unknown;
    // A level older than a day says nothing about a battery that works every day.
    LOADSTAR_TRY(const auto readings, session.historian().readings(battery.level_series, at - hours(24), at));
    if (readings.empty()) return unknown;
    LOADSTAR_TRY(const auto stored, session.historian().series(battery.level_series));
    LOADSTAR_TRY(const auto level, level_in(battery, stored.info.unit, readings.back().value));
    return StartLevel{.battery = battery.id,
                      .level = std::clamp(level, Energy(0), battery.capacity),
                      .origin = Origin::readings,
                      .read_at = readings.back().at};
}

}  // namespace

Result<std::vector<StartLevel>> start_levels(Session& session, const std::string& carrier, Instant at) {
    std::vector<StartLevel> levels;
    for (const auto& battery : session.plant().batteries) {
        if (!battery.exists || battery.carrier != carrier) continue;
        LOADSTAR_TRY(auto level, start_level(session, battery, at));
        levels.push_back(std::move(level));
    }
    return levels;
}

std::vector<std::string> orders_due_before(const Plant& plant, Instant at) {
    std::vector<std::string> made;
    for (const auto& job : plant.jobs)
        if (job.due <= at) made.push_back(job.id);
    return made;
}

}  // namespace loadstar::service
