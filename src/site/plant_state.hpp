#pragma once
// What is true of a plant at one instant and matters for what comes next. `simulate` steps it, `operate` measures it,
// `plan` starts from it: replay, shadow mode and live control differ only in where the next state comes from.

#include <map>
#include <string>
#include <vector>

#include "base/decimal.hpp"
#include "base/instant.hpp"
#include "base/quantity.hpp"

namespace loadstar {

/// State of one machine.
struct MachineStatus {
    std::string state;       ///< name of its MachineState
    Instant since;           ///< when it entered the state
    std::string job;         ///< batch job it runs, "" = none
    double pieces_done = 0;  ///< of that job
};

/// What the current billing period of a contract has used up already.
struct BillingState {
    std::map<std::string, Decimal> incurred_kw;  ///< line of a demand charge -> largest interval mean so far
    Decimal incurred_kwh;                        ///< imported so far
    Energy interval_energy{0.0};                 ///< imported so far in the metering interval under way
};

/// Machines of one converter that run, and since when the last change holds.
struct ConverterStatus {
    int running = 0;
    Instant since;
    double load = 0;  ///< of all of them, in shares of the full load of one
};

/// The plant at an instant. Assets that are absent here start as the plant file says.
struct PlantState {
    Instant at;
    std::map<std::string, Energy> store_level;          ///< by battery or store id, in the unit of its carrier
    std::map<std::string, ConverterStatus> converters;  ///< by converter id; absent = off for long
    std::map<std::string, MachineStatus> machines;      ///< by machine id
    std::map<std::string, BillingState> billing;        ///< by contract id
    std::map<std::string, Energy> shifted_energy;       ///< by shiftable load: delivered so far on the local day
    std::map<std::string, Hours> cut_hours;  ///< by interruptible load: cut so far on the local day, by depth
    std::vector<std::string> finished_jobs;
};

}  // namespace loadstar
