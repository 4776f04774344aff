#include "simulate/plant_files.hpp"

#include "simulate/dirt.hpp"

namespace loadstar::simulate {
namespace {

constexpr double gas_meter_exchange = 0.37;  ///< share of the recording

void append(std::vector<SpoiltSlots>& list, const std::vector<SpoiltSlots>& more) {
    list.insert(list.end(), more.begin(), more.end());
}

/// The loggers whose files are dirty.
std::vector<LogFile> dirty_logs(const Plant& plant, const Recording& recording, std::vector<SpoiltSlots>& spoilt) {
    auto logs = feeder_files(plant, recording);
    append(spoilt, spoil_feeders(logs, plant));
    logs.push_back(main_meter_file(plant, recording));
    append(spoilt, spoil_main_meter(logs.back()));
    logs.push_back(solar_file(plant, recording));
    append(spoilt, spoil_solar(logs.back()));
    logs.push_back(machine_states_file(plant, recording));
    spoil_machine_states(logs.back());
    logs.push_back(production_file(plant, recording));
    spoil_production(logs.back());
    logs.push_back(media_file(plant, recording, gas_meter_exchange));
    const auto slots_per_reading = static_cast<int>(hours(1) / recording.axis.step);
    spoilt.push_back({.series = "gas", .reason = Reason::register_reset, .slots = slots_per_reading});
    return logs;
}

}  // namespace

Result<PlantFiles> plant_files(const Plant& plant, const Recording& recording, std::uint64_t seed) {
    PlantFiles result;
    auto logs = dirty_logs(plant, recording, result.spoilt);
    logs.push_back(weather_forecast_file(recording, seed));
    logs.push_back(production_plan_file(plant, recording));
    logs.push_back(orders_file(plant, recording));
    for (const auto& log : logs) {
        LOADSTAR_TRY(auto file, log.encoded());
        result.files.push_back(std::move(file));
        if (!log.imperfections().empty()) result.imperfections.emplace(log.path(), log.imperfections());
    }
    return result;
}

}  // namespace loadstar::simulate
