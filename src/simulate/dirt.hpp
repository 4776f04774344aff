#pragma once
// A realistic handful of dirt in the files of a recording: what loggers, meters and people do to data in a year.

#include "simulate/plant_files.hpp"

namespace loadstar::simulate {

// Each spoils the files of one logger at fixed shares of their length; those that change slots of series return them.
std::vector<SpoiltSlots> spoil_main_meter(LogFile& file);
std::vector<SpoiltSlots> spoil_feeders(std::vector<LogFile>& files, const Plant& plant);
std::vector<SpoiltSlots> spoil_solar(LogFile& file);
void spoil_machine_states(LogFile& file);
void spoil_production(LogFile& file);

}  // namespace loadstar::simulate
