#pragma once
// The recording as the files such a plant would have: each logger with its own habits.

#include <string>
#include <vector>

#include "simulate/log_file.hpp"
#include "simulate/recording.hpp"

namespace loadstar::simulate {

/// Slots that a series lacks, or has with a remark, because of what happened to its meter or file.
struct SpoiltSlots {
    std::string series;
    Reason reason = Reason::missing;
    int slots = 0;
};

/// All files, and what an import should find in them.
struct PlantFiles {
    std::vector<PlantFile> files;
    std::map<std::string, Imperfections> imperfections;  ///< by path
    std::vector<SpoiltSlots> spoilt;
};

/// Writes the files of a recording. Errors: internal (an encoding this machine lacks).
Result<PlantFiles> plant_files(const Plant& plant, const Recording& recording, std::uint64_t seed);

/// Each logger by itself.
LogFile main_meter_file(const Plant& plant, const Recording& recording);
std::vector<LogFile> feeder_files(const Plant& plant, const Recording& recording);
LogFile solar_file(const Plant& plant, const Recording& recording);
/// Hourly forecasts of the weather service, with errors that a day shares; they reach days ahead of the recording.
LogFile weather_forecast_file(const Recording& recording, std::uint64_t seed);

/// Power states of all machines: every change, and all of them at midnight.
LogFile machine_states_file(const Plant& plant, const Recording& recording);
/// Boards that each machine made in a quarter-hour, if any.
LogFile production_file(const Plant& plant, const Recording& recording);
/// Boards planned for assembly in each hour, and days ahead of the recording.
LogFile production_plan_file(const Plant& plant, const Recording& recording);
/// Orders that were open at some time of the recording.
LogFile orders_file(const Plant& plant, const Recording& recording);
/// Registers of gas and water at every full hour.
/// @param exchange  share of the recording after which the gas meter was exchanged, 0..1
LogFile media_file(const Plant& plant, const Recording& recording, double exchange);

}  // namespace loadstar::simulate
