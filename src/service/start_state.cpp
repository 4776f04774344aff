#include "service/start_state.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "series/units.hpp"
#include "site/store.hpp"

namespace loadstar::service {
namespace {

/// @param unit_of_store  of its carrier
Result<Energy> level_in(const Store& store, const SeriesInfo& measured, const std::string& unit_of_store,
                        double value) {
    if (measured.unit == "%") return value / 100 * store.capacity;
    if (measured.unit == "1") return value * store.capacity;
    if (const auto factor = factor_between(measured.unit, unit_of_store)) return Energy(*factor * value);
    return Error{.code = ErrorCode::invalid_input,
                 .message = fmt::format("a level in {}, expected {}, % or 1 (a share of the capacity)", measured.unit,
                                        unit_of_store),
                 .where = store.level_series,
                 .hint = "set the unit of its column in the plant file"};
}

Result<StartLevel> start_level(Session& session, const Store& battery, Instant at) {
    const StartLevel unknown{.battery = battery.id, .level = initial_level(battery), .read_at = {}};
    if (battery.level_series.empty()) return unknown;
    // A level older than a day says nothing about a battery that works every day.
    LOADSTAR_TRY(const auto readings, session.historian().readings(battery.level_series, at - hours(24), at));
    if (readings.empty()) return unknown;
    LOADSTAR_TRY(const auto stored, session.historian().series(battery.level_series));
    const auto* carrier = find_by_id(session.plant().carriers, battery.carrier);
    LOADSTAR_TRY(const auto level,
                 level_in(battery, stored.info, carrier == nullptr ? "kWh" : carrier->unit, readings.back().value));
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
    for (const auto& store : session.plant().stores) {
        if (!store.exists) continue;
        LOADSTAR_TRY(auto level, start_level(session, store, at));
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
